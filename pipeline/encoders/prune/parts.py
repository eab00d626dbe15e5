"""What can be pruned in a transformer: the attention heads and the FFN neurons of its layers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pipeline.errors import EncoderError

if TYPE_CHECKING:
    from torch.nn import LayerNorm, Linear

    from pipeline.encoders.train.student import Student

Kind = Literal["heads", "neurons"]
KNOWN = ("bert", "camembert", "roberta", "xlm-roberta")
TOKENS = 16
"""Of the text that operations are counted for; attention's own grow with it, and are few for terms."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """All heads, or all neurons, of one layer: each of `units` reads through its rows of `into` (queries, keys and
    values, or the intermediate layer) and writes through its columns of `out`, whose sum with the layer's input goes
    to `norm`."""

    layer: int
    kind: Kind
    units: int
    into: "tuple[Linear, ...]"
    out: "Linear"
    norm: "LayerNorm"

    @property
    def size(self) -> int:
        """Channels of a unit: 1 of a neuron."""
        return self.out.in_features // self.units

    @property
    def cost(self) -> int:
        """Floating-point operations of one unit for one token among TOKENS, two a multiply-add: 8 d w of a head of
        size d in a model of width w, with 4 n d for the scores and what they weigh; 4 w of a neuron."""
        weights = sum(linear.in_features for linear in self.into) + self.out.out_features
        return 2 * self.size * (weights + (2 * TOKENS if self.kind == "heads" else 0))


def parts(student: "Student") -> list[Part]:
    """Layer by layer, heads before neurons: the order in which a text meets them. Raises EncoderError for an
    architecture that is not BERT's or RoBERTa's, or an activation that is not zero at zero."""
    config = student.transformer.config
    if config.model_type not in KNOWN:
        raise EncoderError(
            f"{config.model_type}: pruning knows {', '.join(KNOWN)}; take an encoder of one of these architectures, "
            "or make this one smaller by another method"
        )
    found = list(_parts(student.transformer))
    _check_activation(student.transformer)
    return found


def of_kind(every: Sequence[Part], kind: Kind) -> list[int]:
    """Places in `every`."""
    return [place for place, part in enumerate(every) if part.kind == kind]


def _parts(transformer: Any) -> Iterator[Part]:
    for number, layer in enumerate(transformer.encoder.layer):
        own, out = layer.attention.self, layer.attention.output
        yield Part(
            layer=number,
            kind="heads",
            units=own.num_attention_heads,
            into=(own.query, own.key, own.value),
            out=out.dense,
            norm=out.LayerNorm,
        )
        inner, out = layer.intermediate.dense, layer.output
        yield Part(
            layer=number,
            kind="neurons",
            units=inner.out_features,
            into=(inner,),
            out=out.dense,
            norm=out.LayerNorm,
        )


def _check_activation(transformer: Any) -> None:
    """A neuron without weights must give nothing, or zeros would not stay zeros in a training after."""
    import torch

    activation = transformer.encoder.layer[0].intermediate.intermediate_act_fn
    if activation(torch.zeros(1)).item() != 0:
        raise EncoderError(
            f"activation {transformer.config.hidden_act!r}: not zero at zero, expected one that is, as gelu or relu; "
            "take another encoder"
        )
