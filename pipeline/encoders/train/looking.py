"""How well an encoder links while it learns: accuracy among the names of a project's concepts."""

from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
import numpy as np
import pyarrow as pa

from pipeline.evaluate.linking import read_gold

Encode = Callable[[Sequence[str]], np.ndarray]
MOST = 600
"""Queries of one file: an interval of four points either side, in seconds and not minutes."""
DEEP = 50
"""Strings looked at for five concepts."""


class Look:
    """Accuracy@1 and @5 of files of right answers against `atoms`, terms alone; the same queries at every call."""

    def __init__(self, files: Sequence[Path], atoms: pa.Table, *, most: int = MOST) -> None:
        self._names = atoms["STR"].to_pylist()
        self._cuis = atoms["CUI"].to_pylist()
        self._asked = {path.stem: _some(path, most) for path in files}

    def __call__(self, encode: Encode) -> dict[str, float]:
        index = _index(encode(self._names))
        figures = {}
        for name, asked in self._asked.items():
            _, rows = index.search(encode([term for term, _ in asked]), DEEP)
            ranks = [self._rank(row, right) for row, (_, right) in zip(rows.tolist(), asked, strict=True)]
            for k in (1, 5):
                figures[f"{name} accuracy@{k}"] = sum(rank <= k for rank in ranks) / len(ranks)
        return figures

    def _rank(self, rows: list[int], right: frozenset[str]) -> float:
        """Of the first right concept, each concept counted once."""
        for rank, cui in enumerate(dict.fromkeys(self._cuis[row] for row in rows), 1):
            if cui in right:
                return rank
        return float("inf")


def _some(path: Path, most: int) -> list[tuple[str, frozenset[str]]]:
    gold = read_gold(path)
    every = list(zip(gold.entries["term"].to_pylist(), gold.cuis, strict=True))
    order = np.random.default_rng(0).permutation(len(every))[:most]
    return [every[place] for place in order]


def _index(vectors: np.ndarray) -> faiss.Index:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index
