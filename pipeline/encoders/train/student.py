"""The encoder in training: a sentence-transformers model, fed in chunks of texts of about one length."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from pipeline.encoders.export import source
from pipeline.encoders.export.extra import models_extra, quiet
from pipeline.errors import EncoderError

if TYPE_CHECKING:
    from torch import Tensor

CHUNK = 32
POOLINGS = ("cls", "max", "mean")
"""Those that sentence-transformers calls as we do."""
LONGEST = 32
"""Tokens a text in training: names are short, and the rest of a definition says little more."""


class Student:
    """`folder` is a transformers or sentence-transformers folder; texts are lower-cased and have no prefix. It learns
    without dropout, whose drawing takes long on a CPU.

    The word table stays as it is, unless `words`: few of its rows meet a text in a run, and the others must keep
    their place beside them. `pooling`, of POOLINGS, is how tokens become one vector where the folder does not say
    so, or in place of what it says. Raises EncoderError where the folder is no encoder, or nobody said its pooling.
    """

    def __init__(
        self,
        folder: Path,
        *,
        pooling: str | None = None,
        device: str = "cpu",
        bf16: bool = False,
        longest: int = LONGEST,
        words: bool = False,
    ) -> None:
        about = source.read(folder)
        _check_pooling(about, pooling)
        with models_extra():
            import torch
            from sentence_transformers import SentenceTransformer
            from sentence_transformers.sentence_transformer.modules import Pooling
        self._torch = torch
        torch.manual_seed(0)  # what a folder lacks, as an MLM's lacks a pooler, is drawn the same each time
        with quiet():
            # its types let every part be a tensor
            self.model = cast(
                Any,
                SentenceTransformer(
                    str(folder),
                    device=device,
                    local_files_only=True,
                    # torch's own attention takes longer to learn by where texts are short and nothing is dropped
                    model_kwargs={"attn_implementation": "eager"},
                ),
            )
        if pooling:
            self.model[1] = Pooling(about.hidden, pooling)
        self.model.eval()
        self.device, self.bf16, self.longest = device, bf16, min(longest, about.max_length)
        self.transformer: Any = self.model[0].auto_model
        self.transformer.get_input_embeddings().weight.requires_grad_(words)

    def parameters(self) -> list["Tensor"]:
        """Those that learn."""
        return [weight for weight in self.model.parameters() if weight.requires_grad]

    def vectors(self, texts: Sequence[str]) -> "Tensor":
        """Float32 [len(texts), dimension] of length one, in the order of `texts`, with what gradients need."""
        tokens = self._tokens(texts)
        order = sorted(range(len(texts)), key=lambda place: len(tokens[place]))
        # one context for all of them: each weight is turned into bf16 once
        with self._torch.autocast(self.device, dtype=self._torch.bfloat16, enabled=self.bf16):
            parts = [self._forward([tokens[place] for place in some]) for some in _chunks(order)]
        back = self._torch.empty(len(order), dtype=self._torch.long)
        back[self._torch.tensor(order)] = self._torch.arange(len(order))
        found = self._torch.cat(parts).float()[back.to(self.device)]
        return self._torch.nn.functional.normalize(found, dim=1)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """As `vectors`, without gradients."""
        parts = []
        with self._torch.inference_mode():
            for start in range(0, len(texts), 1024):
                parts.append(self.vectors(texts[start : start + 1024]).float().cpu().numpy())
        return np.concatenate(parts)

    def save(self, folder: Path) -> None:
        """A sentence-transformers folder that `lexalign encoders add` takes."""
        with quiet():
            self.model.save(str(folder), create_model_card=False)

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        tokenizer: Any = self.model.tokenizer
        with quiet():
            return tokenizer([text.lower() for text in texts], truncation=True, max_length=self.longest)[
                "input_ids"
            ]

    def _forward(self, tokens: list[list[int]]) -> "Tensor":
        fed = self.model.tokenizer.pad({"input_ids": tokens}, return_tensors="pt").to(self.device)
        return self.model(dict(fed))["sentence_embedding"]


def _check_pooling(about: source.Source, chosen: str | None) -> None:
    """As `encoders add` does: sentence-transformers would average a plain folder."""
    if chosen is None and about.pooling is None:
        raise EncoderError(
            f"{about.folder}: does not say how a text's tokens become one vector; say it with --pooling "
            f"{', '.join(POOLINGS)}"
        )
    if chosen not in (None, *POOLINGS):
        raise EncoderError(f"pooling {chosen!r}: what learns is pooled by {', '.join(POOLINGS)}; take one of them")


def _chunks(order: list[int]) -> list[list[int]]:
    return [order[start : start + CHUNK] for start in range(0, len(order), CHUNK)]
