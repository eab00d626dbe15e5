"""fastembed on the fp32 ONNX file, its defaults: 256 texts a batch as they come, padded to the longest."""

from pathlib import Path

import numpy as np

from benchmarks.encoders.peers import Encode, folder, onnx_export

NAME = "benchmark/encoder"


def load(model: Path, *, threads: int) -> Encode:
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType

    TextEmbedding.add_custom_model(
        model=NAME,
        pooling=PoolingType.CLS if folder.pooling(model) == "cls" else PoolingType.MEAN,
        normalization=True,
        sources=ModelSource(hf=NAME),
        dim=folder.config(model)["hidden_size"],
        model_file=onnx_export.FILE,
    )
    encoder = TextEmbedding(NAME, specific_model_path=str(model), threads=threads)
    return lambda texts: np.stack(list(encoder.embed(list(texts))))
