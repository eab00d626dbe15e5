"""How well hidden pieces of text that nothing was learnt from are guessed."""

from pipeline.encoders.pretrain.guesser import Guesser
from pipeline.encoders.pretrain.masking import held
from pipeline.encoders.pretrain.pretraining import Pretraining

LOSS, ACCURACY = "held-out loss", "held-out accuracy"


class HeldOut:
    """Mean loss (nats a piece) and share of right guesses over the corpus's held rows; the same places at every
    call."""

    def __init__(self, asked: Pretraining) -> None:
        self._batches = list(held(asked.corpus, batch=asked.batch, share=asked.masked, seed=asked.schedule.seed))

    def __call__(self, guesser: Guesser) -> dict[str, float]:
        import torch

        loss = right = 0.0
        with torch.inference_mode():
            for batch in self._batches:
                logits, answers = guesser.guess(batch)
                loss += torch.nn.functional.cross_entropy(logits, answers, reduction="sum").item()
                right += (logits.argmax(1) == answers).sum().item()
        places = sum(len(batch.places) for batch in self._batches)
        return {LOSS: loss / places, ACCURACY: right / places}
