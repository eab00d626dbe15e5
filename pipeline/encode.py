"""Vectors of many texts, kept on disk by content: a text is encoded once for ever by one encoder."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.contracts import Encoder
from pipeline.errors import EncoderError
from pipeline.files import whole_folder
from pipeline.progress import Progress, silent

KEY = np.dtype("V16")
SHARD = 4096


def key(text: str) -> bytes:
    """16 bytes of BLAKE2b of a text's UTF-8; U+0000 to U+10FFFF, lone surrogates replaced."""
    return hashlib.blake2b(text.encode("utf8", "replace"), digest_size=16).digest()


class VectorCache:
    """The vectors of one encoder in <folder>/<encoder>-<fingerprint>/: shards of keys and float32 rows.

    A shard is a folder that is published whole, so a killed run loses at most the shard in the making. Several
    processes may write at once: at worst both encode a text, to the same bits.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.encoder = encoder
        self.folder = folder / f"{encoder.name}-{encoder.fingerprint}"
        self._places: dict[bytes, tuple[int, int]] = {}
        self._shards: list[np.ndarray] = []
        for path in sorted(self.folder.glob("shard-*")):
            self._open(path)

    def __contains__(self, text: str) -> bool:
        return key(text) in self._places

    def rows(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 [len(texts), dimension] of texts that are all here."""
        vectors = np.empty((len(texts), self.encoder.dimension), np.float32)
        places = np.array([self._places[key(text)] for text in texts], np.int64).reshape(-1, 2)
        for shard in np.unique(places[:, 0]):
            rows = np.flatnonzero(places[:, 0] == shard)
            vectors[rows] = self._shards[shard][places[rows, 1]]
        return vectors

    def add(self, texts: Sequence[str], vectors: np.ndarray) -> None:
        keys = np.frombuffer(b"".join(map(key, texts)), KEY)
        path = self.folder / f"shard-{hashlib.sha256(keys.tobytes()).hexdigest()[:16]}"
        if path.exists():
            return  # another process was faster
        with whole_folder(path) as part:
            np.save(part / "keys.npy", keys)
            np.save(part / "vectors.npy", vectors)
        self._open(path)

    def _open(self, path: Path) -> None:
        try:
            keys = np.load(path / "keys.npy")
            vectors = np.load(path / "vectors.npy", mmap_mode="r")
        except (OSError, ValueError) as error:
            raise EncoderError(
                f"{path}: cannot be read ({error}); delete this folder, its texts are encoded again"
            ) from error
        if vectors.shape != (len(keys), self.encoder.dimension) or vectors.dtype != np.float32:
            raise EncoderError(
                f"{path}: {vectors.dtype} {vectors.shape} for {len(keys)} keys, expected float32 "
                f"({len(keys)}, {self.encoder.dimension}); delete this folder, its texts are encoded again"
            )
        self._places |= {bytes(k): (len(self._shards), row) for row, k in enumerate(keys)}
        self._shards.append(vectors)


def encode(
    texts: Sequence[str],
    encoder: Encoder,
    *,
    cache: Path | None = None,
    shard: int = SHARD,
    label: str = "encode",
    progress: Progress = silent,
) -> np.ndarray:
    """Float32 [len(texts), dimension] in the order of `texts`, duplicates encoded once.

    With `cache`, a folder, what is there is not encoded again and what is new is kept, a shard of texts at a time.
    Texts go by length, so that the buckets of a batch are full; progress counts characters.
    """
    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    store = VectorCache(cache, encoder) if cache else None
    missing = [text for text in distinct if store is None or text not in store]
    fresh: list[np.ndarray] = []
    total, done = sum(map(len, missing)), 0
    for start in range(0, len(missing), shard):
        part = missing[start : start + shard]
        vectors = encoder.encode(part)
        if store:
            store.add(part, vectors)
        else:
            fresh.append(vectors)
        done += sum(map(len, part))
        progress(done, total, f"{label} {encoder.name}")
    if store:
        return store.rows(texts)
    row = {text: place for place, text in enumerate(missing)}
    return np.concatenate([*fresh, np.empty((0, encoder.dimension), np.float32)])[[row[text] for text in texts]]
