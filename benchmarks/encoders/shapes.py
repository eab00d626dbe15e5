"""The three encoders that are measured, by architecture."""

import dataclasses
from typing import Literal

SEED = 2025
RANDOM = f"random, seed {SEED}: speed, memory and size only; the vectors mean nothing"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shape:
    """`width` of a token's vector, `inner` of the feed-forward layer; `vocabulary` counts the word table's rows,
    `pieces` those that a tokenizer made by us is trained to, the rest being there for their weight; `weights` says
    whether they are real. `strings` is how many the fast contenders encode a turn."""

    name: str
    model_type: Literal["bert", "xlm-roberta"]
    layers: int
    width: int
    heads: int
    inner: int
    vocabulary: int
    pooling: Literal["mean", "cls"]
    strings: int
    pieces: int = 0
    positions: int = 512
    weights: str = RANDOM

    def flop(self, tokens: int) -> int:
        """Floating-point operations of one string of `tokens`, two a multiply-add.

        A layer costs 8 n w² for queries, keys, values and the output, 4 n² w for the scores and what they weigh,
        and 4 n w i for the feed-forward pair: n tokens, width w, inner width i. Norms, the softmax and the look-up
        of words are left out; they are under a hundredth of it.
        """
        linear = 8 * tokens * self.width**2 + 4 * tokens * self.width * self.inner
        return self.layers * (linear + 4 * tokens**2 * self.width)


MINILM = Shape(
    name="minilm",
    model_type="bert",
    layers=6,
    width=384,
    heads=12,
    inner=1536,
    vocabulary=30_522,
    pooling="mean",
    strings=8000,
    weights="all-MiniLM-L6-v2's own",
)
BERT_BASE = Shape(
    name="bert-base",
    model_type="bert",
    layers=12,
    width=768,
    heads=12,
    inner=3072,
    vocabulary=30_522,
    pieces=1800,
    pooling="mean",
    strings=3000,
)
XLMR_LARGE = Shape(
    name="xlmr-large",
    model_type="xlm-roberta",
    layers=24,
    width=1024,
    heads=16,
    inner=4096,
    vocabulary=250_002,
    pieces=2000,
    positions=514,
    pooling="cls",
    strings=1000,
)
SHAPES = {shape.name: shape for shape in (MINILM, BERT_BASE, XLMR_LARGE)}
