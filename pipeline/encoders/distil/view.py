"""What an encoder makes of texts, and on the way: the states and the attention of each layer.

Needs torch and transformers (the extra `models`).
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from pipeline.encoders.train.student import Student


@dataclass(frozen=True)
class Chunk:
    """Some of the texts, as they went through together: `mask` bool [rows, length], False at padding; of every layer
    `hidden` [rows, length, width] and `attention` [rows, heads, length, length], which says how much each token (the
    first length) takes of each other."""

    mask: Tensor
    hidden: list[Tensor] = field(default_factory=list)
    attention: list[Tensor] = field(default_factory=list)


@dataclass(frozen=True)
class View:
    """`vectors` [texts, dimension] of length one, in the order of the texts; `chunks` hold them by length, and are
    none where only vectors are known."""

    vectors: Tensor
    chunks: list[Chunk] = field(default_factory=list)


def view(model: Student, texts: Sequence[str]) -> View:
    """With gradients where they are asked for."""
    with _watched(model) as chunks:
        return View(model.vectors(texts), chunks)


@contextmanager
def _watched(model: Student) -> Iterator[list[Chunk]]:
    """What goes through while the context lasts, a chunk a call."""
    chunks: list[Chunk] = []

    def begins(_: Any, given: tuple[dict[str, Tensor]]) -> None:
        chunks.append(Chunk(given[0]["attention_mask"].bool()))

    def states(_: Any, __: Any, found: Tensor) -> None:
        chunks[-1].hidden.append(found)

    def attends(_: Any, __: Any, found: tuple[Tensor, Tensor]) -> None:
        chunks[-1].attention.append(found[1])

    with ExitStack() as hooks:
        # sentence-transformers' module, not the transformer in it, whose forward it calls past the hooks
        hooks.callback(model.model[0].register_forward_pre_hook(begins).remove)
        for layer in model.transformer.encoder.layer:
            hooks.callback(layer.register_forward_hook(states).remove)
            hooks.callback(layer.attention.self.register_forward_hook(attends).remove)
        yield chunks
