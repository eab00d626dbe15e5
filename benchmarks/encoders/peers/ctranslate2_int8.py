"""CTranslate2 INT8: texts sorted by length, 2,048 tokens a batch, one thread a batch and as many batches at once
as there are threads."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.encoders.peers import Encode, feeding, folder


def make(source: Path, out: Path, texts: list[str]) -> None:
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(source)).convert(str(out), quantization="int8", force=True)
    ours = (out / "config.json").read_bytes()
    folder.copy_descriptions(source, out)
    (out / "config.json").write_bytes(ours)  # both have one; CTranslate2 reads its own


def load(model: Path, *, threads: int) -> Encode:
    import ctranslate2

    encoder = ctranslate2.Encoder(str(model), device="cpu", inter_threads=threads, intra_threads=1)
    tokenizer, kind = folder.tokenizer(model), folder.pooling(model)

    def forward(ids: list[feeding.Ids]) -> np.ndarray:
        hidden = np.array(encoder.forward_batch(ids).last_hidden_state)
        return feeding.pooled(hidden, feeding.padded(ids, 0)[1], kind)

    def encode(texts: Sequence[str]) -> np.ndarray:
        ids = feeding.tokens_of(tokenizer, texts)
        batches = list(feeding.exact([len(tokens) for tokens in ids]))
        with ThreadPoolExecutor(threads) as pool:
            found = pool.map(forward, ([ids[place] for place in places] for places in batches))
            vectors = np.concatenate(list(found))
        return vectors[np.argsort(np.concatenate(batches))]

    return encode
