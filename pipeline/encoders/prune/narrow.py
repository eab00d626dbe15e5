"""An exported graph without the neurons and heads that give nothing: the same vectors, by smaller products."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.encoders.export.extra import models_extra


@dataclass(frozen=True)
class Narrowed:
    """Channels between two products, before and after; `name` is that of the product that reads them."""

    name: str
    before: int
    after: int


def narrow(folder: Path) -> list[Narrowed]:
    """Rewrite <folder>/model.onnx, in fp32, without inner neurons and heads that nothing reads or that are always
    zero. A graph that has none stays as it is, to the byte.

    Vectors are as before, up to the order in which a product adds. Layers come out of different widths, and at least
    one unit wide. Heads go from attention without a mask whose graph leaves their number open, as our export of
    BERT's and RoBERTa's does; elsewhere they stay, as zeros. Raises EncoderError where the model is damaged or has no
    product by weights.
    """
    with models_extra():
        from pipeline.encoders.prune.graph.attention import attention
        from pipeline.encoders.prune.graph.feed_forward import feed_forward
        from pipeline.encoders.prune.graph.reading import Reading
        from pipeline.encoders.prune.graph.slices import Slices
        from pipeline.encoders.quantise.onnx_file import OnnxFile
    file = OnnxFile(folder / "model.onnx")
    graph, slices = Reading(file), Slices(file)
    found = []
    for block in [attention(graph, out) or feed_forward(graph, out) for out in graph.products]:
        if block is not None and not (keep := block.alive(file)).all():
            slices.narrow(block, keep)
            found.append(Narrowed(block.out.name, len(keep), int(keep.sum())))
    if found:
        slices.write(folder)
    return found
