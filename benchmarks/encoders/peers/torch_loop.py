"""Plain loops over PyTorch fp32: the reference work's, the same padded to 512, and one with no padding at all."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from benchmarks.encoders.peers import Encode, feeding, folder

Feed = Literal["reference", "padded-512", "exact"]
REFERENCE_ROWS = 10
PADDED = 512


def load(model: Path, *, threads: int, feed: Feed) -> Encode:
    """The first two take 10 texts at a time as they come and the mean of all positions, padding's too, as the
    reference work does; "exact" feeds texts of one length, and pools as the model's own folder says."""
    import torch
    from transformers import AutoModel

    torch.set_num_threads(threads)
    encoder = AutoModel.from_pretrained(model).eval()
    tokenizer, pad = folder.tokenizer(model), folder.config(model)["pad_token_id"]
    kind = folder.pooling(model) if feed == "exact" else "all"

    def encode(texts: Sequence[str]) -> np.ndarray:
        ids = feeding.tokens_of(tokenizer, texts)
        found = np.empty((len(ids), encoder.config.hidden_size), np.float32)
        for places in _batches(feed, ids):
            table, mask = feeding.padded([ids[p] for p in places], pad, PADDED if feed == "padded-512" else 0)
            found[places] = _forward(encoder, table, mask, kind)
        return found

    return encode


def _batches(feed: Feed, ids: list[feeding.Ids]) -> Iterator[list[int]]:
    if feed == "exact":
        return feeding.exact([len(tokens) for tokens in ids])
    return feeding.in_order(len(ids), REFERENCE_ROWS)


def _forward(encoder: Any, ids: np.ndarray, mask: np.ndarray, kind: str) -> np.ndarray:
    import torch

    with torch.inference_mode():
        hidden = encoder(torch.from_numpy(ids), torch.from_numpy(mask)).last_hidden_state.numpy()
    return hidden.mean(axis=1) if kind == "all" else feeding.pooled(hidden, mask, kind)
