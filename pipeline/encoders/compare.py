"""What another encoder changes: two encoders' candidates of the same entries, side by side."""

import dataclasses
from collections import Counter
from collections.abc import Mapping
from typing import Literal

import pyarrow as pa

from pipeline.encoders.card import Card

DEPTHS = (1, 5, 10)
PERSISTENCE = 0.9
"""Of rank-biased overlap: the first ten candidates carry 86 % of the weight."""
Change = Literal["same", "moved", "lost", "gained", "neither"]
CHANGES: tuple[Change, ...] = ("same", "moved", "lost", "gained", "neither")
Ranked = dict[str, list[str]]
Pair = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Agreement:
    """Means over `entries`; `overlap`: depth -> share of that many first candidates that both propose; `first`: the
    entries whose first candidate is another."""

    entries: int
    overlap: dict[int, float]
    rank_biased: float
    first: int


@dataclasses.dataclass(frozen=True)
class Judged:
    """A rated (entry, CUI) and its rank by each encoder, None where that one does not propose it."""

    entry_id: str
    cui: str
    rating: int
    before: int | None
    after: int | None

    @property
    def change(self) -> Change:
        if self.before == self.after:
            return "same" if self.before else "neither"
        if self.before is None:
            return "gained"
        return "moved" if self.after else "lost"


def ranked(candidates: pa.Table) -> Ranked:
    """Entry -> its CUIs, the best first, of one encoder's rows (columns entry_id, rank, CUI of CANDIDATES)."""
    rows = candidates.sort_by([("entry_id", "ascending"), ("rank", "ascending")])
    found: Ranked = {}
    for entry, cui in zip(rows["entry_id"].to_pylist(), rows["CUI"].to_pylist(), strict=True):
        found.setdefault(entry, []).append(cui)
    return found


def agreement(before: Ranked, after: Ranked) -> Agreement | None:
    """Over the entries of either; depths beyond the shorter of the longest lists are left out. None for no entry."""
    entries = sorted(before.keys() | after.keys())
    if not entries:
        return None
    deepest = min(max((len(cuis) for cuis in side.values()), default=0) for side in (before, after))
    pairs = [(before.get(entry, []), after.get(entry, [])) for entry in entries]
    return Agreement(
        entries=len(entries),
        overlap={k: sum(overlap(a, b, k) for a, b in pairs) / len(pairs) for k in DEPTHS if k <= deepest},
        rank_biased=sum(rank_biased_overlap(a, b) for a, b in pairs) / len(pairs),
        first=sum(a[:1] != b[:1] for a, b in pairs),
    )


def overlap(before: list[str], after: list[str], depth: int) -> float:
    """Share of the first `depth` that is in both; of the longer list where both are shorter, 1 where both are empty."""
    longest = min(depth, max(len(before), len(after)))
    return len(set(before[:depth]) & set(after[:depth])) / longest if longest else 1.0


def rank_biased_overlap(before: list[str], after: list[str], *, p: float = PERSISTENCE) -> float:
    """0 to 1, agreement at the top counting most; extrapolated from the depth that both have (Webber, Moffat and
    Zobel 2010, equation 30)."""
    depth = min(len(before), len(after))
    if not depth:
        return float(not before and not after)
    shared = [len(set(before[:d]) & set(after[:d])) / d for d in range(1, depth + 1)]
    seen = sum(share * p**d for d, share in enumerate(shared, 1))
    return shared[-1] * p**depth + (1 - p) / p * seen


def judged(before: Ranked, after: Ranked, ratings: Mapping[Pair, int]) -> list[Judged]:
    """Every rated pair with both its ranks, the best rated first, then by entry and CUI."""
    return [
        Judged(entry, cui, rating, _rank(before, entry, cui), _rank(after, entry, cui))
        for (entry, cui), rating in sorted(ratings.items(), key=lambda item: (-item[1], item[0]))
    ]


def counts(pairs: list[Judged]) -> dict[int, dict[Change, int]]:
    """Rating 5 to 0 -> how many pairs of each change, zeros included."""
    found = Counter((pair.rating, pair.change) for pair in pairs)
    return {rating: {change: found[rating, change] for change in CHANGES} for rating in range(5, -1, -1)}


def unrated_firsts(before: Ranked, after: Ranked, ratings: Mapping[Pair, int]) -> int:
    """Of the entries with a rating, those whose first candidate is a new one that has no rating yet."""
    rated = {entry for entry, _ in ratings}
    news = ((entry, after.get(entry, [])[:1]) for entry in rated)
    return sum(
        bool(new) and new != before.get(entry, [])[:1] and (entry, new[0]) not in ratings for entry, new in news
    )


def same_space(one: Card, other: Card) -> bool:
    """Whether a cosine between their vectors means something: two makes of one export, or of one source."""
    if one.dimension != other.dimension:
        return False
    made = [card.tags.get("made_of") for card in (one, other)]
    return _export(one) == _export(other) or (made[0] is not None and made[0] == made[1])


def _export(card: Card) -> str:
    return card.tags.get("made_from") or card.model_sha256


def _rank(lists: Ranked, entry: str, cui: str) -> int | None:
    cuis = lists.get(entry, [])
    return cuis.index(cui) + 1 if cui in cuis else None
