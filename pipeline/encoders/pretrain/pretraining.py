"""Pre-training: rows drawn and hidden in part, the loss of a step."""

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.encoders.pretrain.corpus import Corpus
from pipeline.encoders.pretrain.guesser import Guesser
from pipeline.encoders.pretrain.masking import Draw
from pipeline.encoders.pretrain.starts import Start
from pipeline.encoders.train.loop import Schedule

if TYPE_CHECKING:
    from torch import Tensor


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pretraining:
    """A `run.Training`: `batch` rows a step, `masked` the share of their pieces that is guessed (0.15 in Devlin
    et al. 2019; cramming takes 0.25)."""

    start: Start
    corpus: Corpus
    schedule: Schedule
    batch: int = 64
    masked: float = 0.15
    device: str = "cpu"
    bf16: bool = False

    @property
    def about(self) -> str:
        times = self.schedule.steps * self.batch / len(self.corpus.learnt)
        return (
            f"{self.start.about}; {self.corpus.lines - self.corpus.held_lines:,} lines in "
            f"{len(self.corpus.learnt):,} rows of {self.start.length} tokens, read {times:.1f} times, "
            f"{self.corpus.held_lines:,} held out"
        )

    def learner(self) -> Guesser:
        return Guesser(self.start, seed=self.schedule.seed, device=self.device, bf16=self.bf16)

    def task(self) -> "Guessing":
        return Guessing(self)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "pre-training",
            **self.start.to_json(),
            "lines": self.corpus.lines,
            "lines_sha256": self.corpus.sha256,
            "schedule": dataclasses.asdict(self.schedule),
            "batch": self.batch,
            "masked": self.masked,
            "device": self.device,
            "bf16": self.bf16,
        }


class Guessing:
    """The task (see `loop.Task`): -log of the share that the right piece has, a mean over the hidden places."""

    def __init__(self, asked: Pretraining) -> None:
        self._draw = Draw(asked.corpus, batch=asked.batch, share=asked.masked, seed=asked.schedule.seed)

    def loss(self, guesser: Guesser, step: int) -> "Tensor":
        import torch

        logits, right = guesser.guess(self._draw(step))
        total = torch.nn.functional.cross_entropy(logits, right, reduction="sum")
        return total / max(1, len(right))  # rows of unknown pieces alone hide nothing

    def state(self) -> dict[str, np.ndarray]:
        return {}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Nothing is remembered but seed and step."""
