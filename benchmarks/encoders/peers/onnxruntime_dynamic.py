"""ONNX Runtime's own dynamic INT8, one scale a tensor, in exact-length buckets: the labelled comparison."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.encoders.peers import Encode, feeding, folder, onnx_export


def make(source: Path, out: Path, texts: list[str]) -> None:
    """`source` is what onnx_export made."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # the external file is needed over 2 GB only, and does no harm below it
    quantize_dynamic(
        source / onnx_export.FILE,
        out / onnx_export.FILE,
        weight_type=QuantType.QInt8,
        per_channel=True,
        use_external_data_format=True,
    )
    folder.copy_descriptions(source, out)


def load(model: Path, *, threads: int) -> Encode:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(model / onnx_export.FILE), options, ["CPUExecutionProvider"])
    names = [entry.name for entry in session.get_inputs()]
    tokenizer, kind = folder.tokenizer(model), folder.pooling(model)

    def forward(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        [hidden] = session.run(["last_hidden_state"], {name: feeds[name] for name in names})
        return feeding.pooled(hidden, mask, kind)

    def encode(texts: Sequence[str]) -> np.ndarray:
        ids = feeding.tokens_of(tokenizer, texts)
        return feeding.gather(ids, feeding.exact([len(tokens) for tokens in ids]), forward, pad=0)

    return encode
