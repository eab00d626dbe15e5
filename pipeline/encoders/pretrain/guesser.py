"""The masked language model as it learns: it guesses the pieces that were hidden."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.encoders.export.extra import models_extra, quiet
from pipeline.encoders.pretrain.masking import Batch
from pipeline.encoders.pretrain.starts import HEADS, Start

if TYPE_CHECKING:
    from torch import Tensor


class Guesser:
    """A `loop.Learner`. Without dropout, which costs steps where a budget allows few (Geiping and Goldstein 2022,
    section 4.3). New weights are drawn from `seed`."""

    def __init__(self, start: Start, *, seed: int, device: str = "cpu", bf16: bool = False) -> None:
        with models_extra():
            import torch
        self._torch = torch
        torch.manual_seed(seed)
        self.model = start.model().to(device).eval()
        self.tokenizer = start.tokenizer()
        self.device, self.bf16 = device, bf16

    def parameters(self) -> "list[Tensor]":
        """All of it learns, the word table too."""
        return list(self.model.parameters())

    def guess(self, batch: Batch) -> "tuple[Tensor, Tensor]":
        """(float32 [n, vocabulary], int64 [n]): logits at the batch's places alone, and what is right there. Only
        hidden places go through the head: the others would be six times the work for nothing."""
        torch = self._torch
        ids, seen, places, right = (
            torch.from_numpy(values).to(self.device)
            for values in (batch.ids, batch.seen, batch.places, batch.right)
        )
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.bf16):
            states = self.model.base_model(input_ids=ids, attention_mask=seen.long()).last_hidden_state
            hidden = states.reshape(-1, states.shape[-1])[places]
            logits = self._head(hidden)
        return logits.float(), right

    def save(self, folder: Path) -> None:
        """A transformers folder, its head included; nothing in it says how tokens become one vector."""
        with quiet():
            self.model.save_pretrained(folder)
            self.tokenizer.save_pretrained(folder)

    def _head(self, hidden: "Tensor") -> "Tensor":
        head: Any = getattr(self.model, HEADS[self.model.config.model_type])
        return head(hidden)
