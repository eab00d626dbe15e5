"""How well an encoder asks a frozen index while it is hardened: accuracy as queries stand, and misspelt."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipeline.encoders.noise import misspelt
from pipeline.evaluate.linking import read_gold
from pipeline.retrieve import retrieve, target
from pipeline.terms import terms_of

Encode = Callable[[Sequence[str]], np.ndarray]
MOST = 600
"""Queries of one file: an interval of four points either side."""
PLACES = (1, 5)


class NoisyLook:
    """Of files of right answers against `atoms`, whose strings `frozen` encodes once; terms alone, the same queries
    and the same mistakes at every call."""

    def __init__(self, files: Sequence[Path], atoms: pa.Table, frozen: Encode, *, most: int = MOST) -> None:
        terms = terms_of(atoms)
        self._concepts = np.array(terms.concepts)
        self._index = target(frozen(terms.strings), terms.string, terms.concept)
        self._asked: dict[str, tuple[list[str], list[frozenset[str]]]] = {}
        for path in files:
            texts, right = _some(path, most)
            spelt = [misspelt(text, np.random.default_rng([0, place])) for place, text in enumerate(texts)]
            self._asked |= {path.stem: (texts, right), f"{path.stem} misspelt": (spelt, right)}

    def __call__(self, encode: Encode) -> dict[str, float]:
        """Such as "linking_dev accuracy@1" and "linking_dev misspelt accuracy@1"."""
        figures = {}
        for name, (texts, right) in self._asked.items():
            found = retrieve(encode(texts), self._index, top_k=max(PLACES)).concepts
            for k in PLACES:
                hits = [not cuis.isdisjoint(self._named(row[:k])) for row, cuis in zip(found, right, strict=True)]
                figures[f"{name} accuracy@{k}"] = float(np.mean(hits))
        return figures

    def _named(self, row: np.ndarray) -> list[str]:
        return self._concepts[row[row >= 0]].tolist()


def _some(path: Path, most: int) -> tuple[list[str], list[frozenset[str]]]:
    gold = read_gold(path)
    places = np.random.default_rng(0).permutation(len(gold.cuis))[:most].tolist()
    terms = gold.entries["term"].to_pylist()
    return [terms[place] for place in places], [gold.cuis[place] for place in places]
