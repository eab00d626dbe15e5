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


class StoredRows:
    """Float32 [n, dimension] that stays on disk: `rows[numbers]` reads those rows and keeps nothing of them.

    A file is mapped while its rows are copied, no longer, so neither memory nor open files grow with n. `places`
    int32 [n, 2]: the shard (a place in `files`) and the row in it.
    """

    def __init__(self, files: Sequence[Path], places: np.ndarray, dimension: int) -> None:
        self.files = list(files)
        self.places = places
        self.shape = (len(places), dimension)

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, numbers: np.ndarray) -> np.ndarray:
        """Float32 [len(numbers), dimension]. Raises EncoderError where a shard has gone since."""
        vectors = np.empty((len(numbers), self.shape[1]), np.float32)
        places = self.places[numbers]
        for shard in np.unique(places[:, 0]):
            own = np.flatnonzero(places[:, 0] == shard)
            vectors[own] = _mapped(self.files[shard])[places[own, 1]]
        return vectors


class VectorCache:
    """The vectors of one encoder in <folder>/<encoder>-<fingerprint>/: shards of keys and float32 rows. One of
    another name with the same fingerprint, such as a search's winner, finds them there, too.

    A shard is a folder that is published whole, so a killed run loses at most the shard in the making. Several
    processes may write at once: at worst both encode a text, to the same bits.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.encoder = encoder
        kept = sorted(folder.glob(f"*-{encoder.fingerprint}"))
        self.folder = kept[0] if kept else folder / f"{encoder.name}-{encoder.fingerprint}"
        self._places: dict[bytes, tuple[int, int]] = {}
        self._shards: list[Path] = []
        for path in sorted(self.folder.glob("shard-*")):
            self._open(path)

    def __contains__(self, text: str) -> bool:
        return key(text) in self._places

    def rows(self, texts: Sequence[str]) -> StoredRows:
        """The vectors of texts that are all here, in their order, read when they are asked for."""
        places = np.array([self._places[key(text)] for text in texts], np.int32).reshape(-1, 2)
        return StoredRows(self._shards, places, self.encoder.dimension)

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
        vectors = _mapped(path / "vectors.npy")
        keys = _mapped(path / "keys.npy")
        if vectors.shape != (len(keys), self.encoder.dimension) or vectors.dtype != np.float32:
            raise EncoderError(
                f"{path}: {vectors.dtype} {vectors.shape} for {len(keys)} keys, expected float32 "
                f"({len(keys)}, {self.encoder.dimension}); delete this folder, its texts are encoded again"
            )
        self._places |= {bytes(k): (len(self._shards), row) for row, k in enumerate(keys)}
        self._shards.append(path / "vectors.npy")


def _mapped(file: Path) -> np.ndarray:
    try:
        return np.load(file, mmap_mode="r")
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"{file.parent}: cannot be read ({error}); delete this folder, its texts are encoded again"
        ) from error


def encode(
    texts: Sequence[str],
    encoder: Encoder,
    *,
    cache: Path | None = None,
    shard: int = SHARD,
    label: str = "encode",
    progress: Progress = silent,
) -> np.ndarray:
    """Float32 [len(texts), dimension] in the order of `texts`, duplicates encoded once; else as `stored`."""
    found = stored(texts, encoder, cache=cache, shard=shard, label=label, progress=progress)
    return found if isinstance(found, np.ndarray) else found[np.arange(len(texts))]


def stored(
    texts: Sequence[str],
    encoder: Encoder,
    *,
    cache: Path | None = None,
    shard: int = SHARD,
    label: str = "encode",
    progress: Progress = silent,
) -> StoredRows | np.ndarray:
    """As `encode`, for texts whose vectors memory need not hold: with `cache` they are left on disk.

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
