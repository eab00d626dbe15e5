"""How well an encoder asks an index that another made: accuracy, and recall as KALE (Campos et al. 2023) reports it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipeline.contracts import Encoder
from pipeline.encode import stored
from pipeline.evaluate.linking import read_gold
from pipeline.progress import Progress, silent
from pipeline.retrieve import retrieve, target
from pipeline.terms import terms_of

Encode = Callable[[Sequence[str]], np.ndarray]
FIGURES = {"accuracy@1": 1, "accuracy@5": 5, "recall@100": 100}
"""Each the share of queries with a right concept among the first so many."""


class IndexLook:
    """FIGURES of files of right answers, terms alone, against the names in `atoms`, as `index` encodes them; with
    `cache`, a folder, these vectors are kept there, and those that are there are taken as they are."""

    def __init__(
        self,
        files: Sequence[Path],
        atoms: pa.Table,
        index: Encoder,
        *,
        cache: Path | None = None,
        progress: Progress = silent,
    ) -> None:
        terms = terms_of(atoms)
        vectors = stored(terms.strings, index, cache=cache, label="encode concepts", progress=progress)
        self.index = index
        self._target = target(vectors, terms.string, terms.concept)
        self._concepts = np.array(terms.concepts)
        self._asked = {path.stem: read_gold(path) for path in files}

    def __call__(self, encode: Encode) -> dict[str, float]:
        """Such as "linking_dev accuracy@1". Raises InputError where vectors are not of the index's dimension."""
        figures = {}
        for name, gold in self._asked.items():
            queries = encode(gold.entries["term"].to_pylist())
            found = retrieve(queries, self._target, top_k=max(FIGURES.values())).concepts
            ranks = [self._rank(row, right) for row, right in zip(found, gold.cuis, strict=True)]
            for figure, deep in FIGURES.items():
                figures[f"{name} {figure}"] = sum(rank <= deep for rank in ranks) / len(ranks)
        return figures

    def kept(self, encoder: Encoder) -> str:
        """What is left of the figures when `encoder` asks, a line each."""
        whole, left = self(self.index.encode), self(encoder.encode)
        return "\n".join(
            f"{name}: {100 * whole[name]:.1f} % asked by {self.index.name}, {100 * left[name]:.1f} % by {encoder.name}"
            for name in whole
        )

    def _rank(self, row: np.ndarray, right: frozenset[str]) -> float:
        """Of the first right concept."""
        named = self._concepts[row[row >= 0]].tolist()
        return next((rank for rank, cui in enumerate(named, 1) if cui in right), float("inf"))
