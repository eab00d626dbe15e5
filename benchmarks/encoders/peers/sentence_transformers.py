"""sentence-transformers as it comes: its own batches of 32, sorted by length, on one of its three back ends."""

from pathlib import Path
from typing import Literal

from benchmarks.encoders.peers import Encode

Backend = Literal["torch", "onnx", "openvino"]


def make(source: Path, out: Path, texts: list[str], *, backend: Backend) -> None:
    """Its own export, kept so that a start does not export again."""
    from sentence_transformers import SentenceTransformer

    SentenceTransformer(str(source), backend=backend, device="cpu").save_pretrained(str(out))


def load(model: Path, *, threads: int, backend: Backend) -> Encode:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    encoder = SentenceTransformer(str(model), backend=backend, device="cpu")
    return lambda texts: encoder.encode(list(texts), show_progress_bar=False)
