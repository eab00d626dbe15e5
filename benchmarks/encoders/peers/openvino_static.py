"""OpenVINO static INT8 by NNCF, fed as sentence-transformers feeds it: sorted, 32 texts, padded to the longest."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.encoders.peers import Encode, feeding, folder

FILE = "openvino_model.xml"
ROWS = 32
CALIBRATION = 300  # texts, NNCF's default subset


def make(source: Path, out: Path, texts: list[str]) -> None:
    """NNCF's transformer preset, in which SmoothQuant is on; calibrated on the first of `texts`."""
    import nncf
    import openvino
    import torch
    from transformers import AutoModel

    model = AutoModel.from_pretrained(source).eval()
    example = torch.ones(2, 8, dtype=torch.long)
    plain = openvino.convert_model(model, example_input={"input_ids": example, "attention_mask": example})
    tokenizer = folder.tokenizer(source)
    feeds = [_feeds(plain, *feeding.padded([ids], 0)) for ids in feeding.tokens_of(tokenizer, texts[:CALIBRATION])]
    static = nncf.quantize(
        plain, nncf.Dataset(feeds), subset_size=len(feeds), model_type=nncf.ModelType.TRANSFORMER
    )
    openvino.save_model(static, out / FILE, compress_to_fp16=False)
    folder.copy_descriptions(source, out)


def load(model: Path, *, threads: int) -> Encode:
    import openvino

    compiled = openvino.Core().compile_model(model / FILE, "CPU", {"INFERENCE_NUM_THREADS": threads})
    tokenizer, kind, pad = folder.tokenizer(model), folder.pooling(model), folder.config(model)["pad_token_id"]

    def forward(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        return feeding.pooled(compiled(_feeds(compiled, ids, mask))[0], mask, kind)

    def encode(texts: Sequence[str]) -> np.ndarray:
        ids = feeding.tokens_of(tokenizer, texts)
        return feeding.gather(ids, feeding.longest_first([len(one) for one in ids], ROWS), forward, pad)

    return encode


def _feeds(model: Any, ids: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return {entry.any_name: given[entry.any_name] for entry in model.inputs}
