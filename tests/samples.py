"""Small tables of real terms and an encoder without weights, for every test."""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa

from pipeline.contracts import ATOMS, ENTRIES


class LetterEncoder:
    """Counts of letter pairs, hashed: near strings are near, and the same text always has the same vector."""

    name = "letters"
    dimension = 64
    fingerprint = "letters-1"
    precision = "fp32"
    languages = ("fr", "en")

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.seen += texts
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            padded = f"^{text.lower()}$"
            for pair in pairwise(padded):
                vectors[row, hashlib.md5("".join(pair).encode()).digest()[0] % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def entries_of(*rows: tuple[str, str, str | None]) -> pa.Table:
    """ENTRIES of (entry_id, term, explanation)."""
    columns = {
        "entry_id": [r[0] for r in rows],
        "term": [r[1] for r in rows],
        "explanation": [r[2] for r in rows],
        "line": list(range(2, len(rows) + 2)),
    }
    return pa.table({f.name: pa.array(columns.get(f.name, [None] * len(rows)), f.type) for f in ENTRIES})


def atoms_of(*rows: tuple[str, str, str]) -> pa.Table:
    """ATOMS of (CUI, LAT, STR), all preferred."""
    fixed = {"TS": "P", "STT": "PF", "ISPREF": "Y", "SAB": "HPO", "TTY": "PT", "SRL": "0", "SUPPRESS": "N"}
    columns = {
        "CUI": [r[0] for r in rows],
        "LAT": [r[1] for r in rows],
        "STR": [r[2] for r in rows],
        "AUI": [f"A{n:07d}" for n in range(len(rows))],
    }
    return pa.table(
        {f.name: pa.array(columns.get(f.name, [fixed.get(f.name, "")] * len(rows)), f.type) for f in ATOMS}
    )
