"""The distinct strings and concepts of a terminology, by number."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import contracts


@dataclass(frozen=True)
class Terms:
    """Pair i says that string `string[i]` of `strings` names concept `concept[i]` of `concepts` (CUIs, ascending);
    `atom[i]` is the row in `atoms` of the best atom that says so, `english[i]` whether an English atom says so.
    Pairs are unique, by concept, then string.
    """

    atoms: pa.Table
    strings: list[str]
    concepts: list[str]
    string: np.ndarray
    concept: np.ndarray
    atom: np.ndarray
    english: np.ndarray

    @property
    def french_only(self) -> np.ndarray:
        """Bool [pairs]: the concept has no English string."""
        named = np.zeros(len(self.concepts), bool)
        named[self.concept[self.english]] = True
        return ~named[self.concept]

    def concepts_of(self, strings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(places in `strings`, concepts) of every concept that each of the strings (numbers) names."""
        order = np.argsort(self.string, kind="stable")
        first, last = (np.searchsorted(self.string[order], strings, side) for side in ("left", "right"))
        places = np.repeat(np.arange(len(strings)), last - first)
        within = np.arange(len(places)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
        return places, self.concept[order[first[places] + within]]

    def atoms_of(self, strings: np.ndarray, concepts: np.ndarray) -> dict[str, pa.ChunkedArray]:
        """CUI, AUI, LAT and name of the best atom of each (string, concept) pair."""
        code = self.concept * len(self.strings) + self.string
        rows = pa.array(self.atom[np.searchsorted(code, concepts * len(self.strings) + strings)])
        found = self.atoms.select(["CUI", "AUI", "LAT", "STR"]).take(rows)
        return {"CUI": found["CUI"], "AUI": found["AUI"], "LAT": found["LAT"], "name": found["STR"]}


def read_release(folder: Path) -> tuple[pa.Table, pa.Table | None]:
    """Atoms and, where they were ingested, definitions of a release, as in contracts."""
    atoms = contracts.check(pq.read_table(folder / "atoms.parquet"), contracts.ATOMS, str(folder))
    defined = folder / "definitions.parquet"
    if not defined.exists():
        return atoms, None
    return atoms, contracts.check(pq.read_table(defined), contracts.DEFINITIONS, str(folder))


def terms_of(atoms: pa.Table, languages: Sequence[str] = ()) -> Terms:
    """Of the atoms that say the same of the same concept the best is kept: language in the order of `languages`,
    then preferred term (TS P), preferred form (STT PF), preferred atom (ISPREF Y), then the release's order."""
    string, strings = pd.factorize(_pandas(atoms, "STR"), sort=False)
    concept, concepts = pd.factorize(_pandas(atoms, "CUI"), sort=True)
    order = {language: place for place, language in enumerate(languages)}
    language = _pandas(atoms, "LAT").map(order).fillna(len(order)).to_numpy()
    preferred = [
        (_pandas(atoms, name) != value).to_numpy() for name, value in (("ISPREF", "Y"), ("STT", "PF"), ("TS", "P"))
    ]
    rows = np.lexsort((np.arange(len(atoms)), *preferred, language, string, concept))
    first = np.ones(len(rows), bool)
    first[1:] = (np.diff(concept[rows]) != 0) | (np.diff(string[rows]) != 0)
    english = np.logical_or.reduceat((_pandas(atoms, "LAT") == "ENG").to_numpy()[rows], np.flatnonzero(first))
    rows = rows[first]
    return Terms(atoms, strings.tolist(), concepts.tolist(), string[rows], concept[rows], rows, english)


def _pandas(table: pa.Table, name: str) -> pd.Series:
    return table[name].to_pandas()
