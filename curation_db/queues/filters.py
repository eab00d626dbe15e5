"""What a queue is narrowed to: by term, semantic type, encoder, flag, one's own rating."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation_db.figures.overview import folded
from curation_db.queues.candidates import Candidates, Key
from curation_db.queues.voices import RATED, Voice
from curation_db.state import Judged

Holds = Callable[[np.ndarray], np.ndarray]
"""Rows, int64 [n], to whether each belongs, bool [n]."""


@dataclasses.dataclass(frozen=True)
class Filters:
    """All of these at once. `letter` begins the term and `text` is somewhere in it, whatever case and accents;
    `concepts` are the CUIs of the semantic type; `encoder` proposed the candidate; `flagged` by the person;
    `rated` is from which to which of the person's own ratings."""

    letter: str = ""
    text: str = ""
    type: str = ""
    encoder: str = ""
    flagged: bool = False
    rated: tuple[int, int] | None = None
    concepts: pa.Array | None = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def active(self) -> int:
        """How many of them narrow anything."""
        every = (self.letter, self.text, self.type, self.encoder, self.flagged, self.rated is not None)
        return sum(map(bool, every))


EVERYTHING = Filters()


def holds(filters: Filters, candidates: Candidates, voice: Voice) -> Holds:
    """Whether candidates pass all filters."""
    tests: list[Holds] = []
    if filters.letter or filters.text:
        terms = _terms(filters, candidates)
        tests.append(lambda rows: terms[candidates.key[rows] // 65536])
    if filters.type:
        tests.append(lambda rows: pc.is_in(candidates.cui.take(pa.array(rows)), filters.concepts).to_numpy(False))
    if filters.encoder:
        bit = sum(1 << i for i, name in enumerate(candidates.encoders) if name == filters.encoder)
        tests.append(lambda rows: candidates.proposers[rows] & bit > 0)
    if filters.flagged:
        tests.append(lambda rows: voice.flagged[rows])
    if filters.rated:
        low, high = (rating + RATED for rating in filters.rated)
        tests.append(lambda rows: (voice.cell[rows] >= low) & (voice.cell[rows] <= high))
    return both(*tests)


def holds_added(filters: Filters, candidates: Candidates, voice: Voice, key: Key) -> bool:
    """The same of a concept that the run does not propose, so that no encoder did."""
    judged = voice.added.get(key, Judged())
    return (
        not filters.encoder
        and (not filters.flagged or judged.flagged)
        and (filters.rated is None or (judged.rating is not None and _within(judged.rating, filters.rated)))
        and (not filters.type or pc.is_in(pa.array([key[2]]), filters.concepts)[0].as_py())
        and (not (filters.letter or filters.text) or bool(_terms(filters, candidates)[key[0]]))
    )


def both(*tests: Holds) -> Holds:
    """Rows that pass every test."""

    def every(rows: np.ndarray) -> np.ndarray:
        passed = np.ones(len(rows), bool)
        for test in tests:
            passed &= test(rows)
        return passed

    return every


def _terms(filters: Filters, candidates: Candidates) -> np.ndarray:
    """bool [entries]: whose term begins with the letter and holds the text."""
    terms = candidates.folded_terms
    begins = pc.starts_with(terms, folded(filters.letter))
    return pc.and_(begins, pc.match_substring(terms, folded(filters.text))).to_numpy(False)


def _within(rating: int, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= rating <= bounds[1]
