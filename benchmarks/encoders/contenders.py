"""Who is measured, as data."""

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class Contender:
    """`peer` is the module of peers that makes and runs it, with `settings` for its `load`. `made` holds the
    settings of its `make`, None where it reads the source (or what `after` made) as it is. `share` is the part of
    the strings that it encodes a turn, `probe` how many of the probe's strings: the slow ones do less."""

    name: str
    label: str
    peer: str
    precision: str = "fp32"
    environment: str = "main"
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    made: dict[str, Any] | None = None
    after: "Contender | None" = None
    share: float = 1.0
    probe: int = 200

    @property
    def module(self) -> str:
        return f"benchmarks.encoders.peers.{self.peer}"


FP32 = Contender(name="ours-onnxruntime-fp32", label="Lexalign fp32, onnxruntime", peer="lexalign", made={})


def ours(engine: str, precision: str) -> Contender:
    """Lexalign, made from FP32; no `engine` takes its default one on this machine."""
    return Contender(
        name="-".join(filter(None, ("ours", engine, precision))),
        label=f"Lexalign {precision}, {engine or 'default engine'}",
        peer="lexalign",
        precision="int8" if "int8" in precision else precision,
        made={"engine": engine, "precision": precision},
        after=FP32,
    )


EXPORT = Contender(name="onnx-export", label="the plain ONNX file", peer="onnx_export", made={})

CONTENDERS = (
    ours("", "int8"),
    FP32,
    ours("onnxruntime", "int8"),
    ours("openvino", "int8-static"),
    ours("openvino", "int8-weights"),
    ours("openvino", "bf16"),
    Contender(
        name="torch-exact",
        label="PyTorch fp32, exact-length buckets",
        peer="torch_loop",
        settings={"feed": "exact"},
    ),
    Contender(
        name="reference",
        label="reference loop (PyTorch fp32, batch 10)",
        peer="torch_loop",
        settings={"feed": "reference"},
        share=0.25,
    ),
    Contender(
        name="padded-512",
        label="padded to 512 (PyTorch fp32, batch 10)",
        peer="torch_loop",
        settings={"feed": "padded-512"},
        share=0.01,
        probe=10,
    ),
    Contender(
        name="sentence-transformers",
        label="sentence-transformers, PyTorch fp32",
        peer="sentence_transformers",
        settings={"backend": "torch"},
    ),
    Contender(
        name="sentence-transformers-onnx",
        label="sentence-transformers, its ONNX back end",
        peer="sentence_transformers",
        environment="st-onnx",
        settings={"backend": "onnx"},
        made={"backend": "onnx"},
    ),
    Contender(
        name="sentence-transformers-openvino",
        label="sentence-transformers, its OpenVINO back end",
        peer="sentence_transformers",
        environment="st-openvino",
        settings={"backend": "openvino"},
        made={"backend": "openvino"},
    ),
    Contender(
        name="openvino-int8",
        label="OpenVINO static int8 (NNCF), sorted, batch 32",
        peer="openvino_static",
        precision="int8",
        made={},
    ),
    Contender(
        name="ctranslate2-int8", label="CTranslate2 int8", peer="ctranslate2_int8", precision="int8", made={}
    ),
    Contender(
        name="fastembed",
        label="fastembed, the fp32 ONNX file, shuffled",
        peer="fastembed",
        after=EXPORT,
        share=0.5,
    ),
    Contender(
        name="onnxruntime-dynamic-int8",
        label="ONNX Runtime dynamic int8, one scale a tensor",
        peer="onnxruntime_dynamic",
        precision="int8",
        made={},
        after=EXPORT,
    ),
)

OURS = "ours-int8"
TRUTH = "torch-exact"
"""Whose vectors of the probe the others' are compared with: fp32, no padding, the model's own pooling."""

RATIOS = {
    "int8/onnxruntime-fp32": "ours-onnxruntime-fp32",
    "int8/sentence-transformers": "sentence-transformers",
    "int8/openvino-int8": "openvino-int8",
    "int8/ctranslate2-int8": "ctranslate2-int8",
    "int8/fastembed": "fastembed",
    "int8/reference": "reference",
    "int8/padded-512": "padded-512",
}
"""Key -> the contender that OURS is divided by."""
SEARCH_RATIOS = ("search-fp32/faiss-flat", "search-int8/faiss-flat")

CHAIN = {
    "padding": "torch-exact",
    "runtime": "ours-onnxruntime-fp32",
    "precision and engine": OURS,
}
"""Factor -> where it ends; each begins where the one before ended, so that their product is the whole."""
