"""Two encoders on the project: what agrees, what drifts, what changes for the pairs that people rated."""

from dataclasses import dataclass

import pandas as pd
import pyarrow.parquet as pq

from app.services import jobs
from curation_db import access, queries
from curation_db.store import Store
from pipeline import comparison
from pipeline.comparison import Sides
from pipeline.encoders import catalogue
from pipeline.encoders import compare as between
from pipeline.encoders.compare import Agreement, Judged, Ranked
from pipeline.workspace import Workspace

Ratings = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Compared:
    """`quick`: from a comparison of its own, else from the run `origin`; `at`: when."""

    sides: Sides
    before: Ranked
    after: Ranked
    agreement: Agreement | None
    top: int

    @property
    def origin(self) -> str:
        return self.sides.origin.name

    @property
    def quick(self) -> bool:
        return self.sides.origin.parent.name != "runs"

    @property
    def at(self) -> str:
        return self.sides.manifest["at"][:16].replace("T", " ")


@dataclass(frozen=True)
class Verdict:
    """Of the pairs rated `least` or higher: how many the first encoder has among its candidates, and of these how
    many stay, how many fall out, how many come in; `news`: entries with a rating whose new first candidate has none."""

    pairs: list[Judged]
    least: int
    had: int
    stay: int
    lost: int
    gained: int
    news: int


def origin(workspace: Workspace, before: str, after: str) -> str | None:
    """The newest run or comparison of the two, as a path: it never changes once it is there."""
    found = comparison.find(workspace, before, after)
    return None if found is None else str(found)


def partner(workspace: Workspace, name: str, names: list[str]) -> str:
    """Of `names`, another that `name` took part with already, in the order of the names; else the first other."""
    met = set().union(*(present for _, present in comparison.took_part(workspace) if name in present))
    others = [other for other in names if other != name]
    return next((other for other in others if other in met), others[0])


def compared(workspace: Workspace, before: str, after: str) -> Compared | None:
    """None where they never took part together."""
    folder = comparison.find(workspace, before, after)
    if folder is None:
        return None
    sides = comparison.read(folder, before, after)
    first, second = between.ranked(sides.before), between.ranked(sides.after)
    top = max((len(cuis) for cuis in (*first.values(), *second.values())), default=0)
    return Compared(sides, first, second, between.agreement(first, second), top)


def comparable(before: str, after: str) -> bool:
    """Whether their vectors lie in one space."""
    return between.same_space(catalogue.card(before), catalogue.card(after))


def ratings(store: Store, by: str) -> Ratings:
    """Every rated pair, by the lower median of its people: the rule of the exports."""
    access.require(store, by, "figures")
    rows = queries.curated(store)
    return dict(
        zip(
            zip(rows["entry_id"].to_pylist(), rows["CUI"].to_pylist(), strict=True),
            rows["rating"].to_pylist(),
            strict=True,
        )
    )


def verdict(found: Compared, rated: Ratings, *, least: int = 4) -> Verdict:
    pairs = between.judged(found.before, found.after, rated)
    good = [pair for pair in pairs if pair.rating >= least]
    lost, gained = (sum(pair.change == change for pair in good) for change in ("lost", "gained"))
    had = sum(pair.before is not None for pair in good)
    news = between.unrated_firsts(found.before, found.after, rated)
    return Verdict(pairs, least, had, had - lost, lost, gained, news)


def table(workspace: Workspace, found: Compared, pairs: list[Judged]) -> pd.DataFrame:
    """The pairs with another rank, in the order of `pairs`: term, concept, rating, before, after, change, cui."""
    changed = [pair for pair in pairs if pair.change in ("moved", "lost", "gained")]
    folder = workspace.sources / found.sides.manifest["lexicon"]
    entries = pq.read_table(folder / "entries.parquet", columns=["entry_id", "term"])
    terms = dict(zip(entries["entry_id"].to_pylist(), entries["term"].to_pylist(), strict=True))
    names = _names(found)
    rows = [
        {
            "term": terms.get(pair.entry_id, pair.entry_id),
            "concept": names.get(pair.cui, pair.cui),
            "cui": pair.cui,
            "rating": pair.rating,
            "before": pair.before,
            "after": pair.after,
            "change": pair.change,
        }
        for pair in changed
    ]
    columns = ["term", "concept", "rating", "before", "after", "change", "cui"]
    return pd.DataFrame(rows, columns=columns).astype({"before": "Int64", "after": "Int64"})


def start(workspace: Workspace, store: Store, by: str, before: str, after: str) -> None:
    access.require(store, by, "prepare")
    jobs.start(workspace, "compare", ["encoders", "compare", before, after, "--progress", "json"])


def _names(found: Compared) -> dict[str, str]:
    """CUI -> the name that a candidate showed, the first encoder's before the second's."""
    names: dict[str, str] = {}
    for side in (found.sides.after, found.sides.before):
        names |= dict(zip(side["CUI"].to_pylist(), side["name"].to_pylist(), strict=True))
    return names
