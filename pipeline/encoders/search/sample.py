"""The queries whose answers are known and the strings among which they are looked for."""

import dataclasses
import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.align import Prepare
from pipeline.beside import Beside
from pipeline.contracts import ATOMS, ENTRIES, Encoder
from pipeline.encoders.search.wording import say
from pipeline.errors import InputError
from pipeline.evaluate.linking import Gold, read_gold
from pipeline.prepare import Preparation, normaliser
from pipeline.settings import Settings
from pipeline.terms import Terms
from pipeline.translate import Memory
from pipeline.workspace import Workspace

CONSO = Path(__file__).parents[3] / "assets" / "sample" / "umls" / "MRCONSO.RRF"
UMLS = {"fr": "FRE", "en": "ENG"}
TOP = 10
SEED = 0


@dataclass(frozen=True, kw_only=True)
class Origin:
    """`kind`: "gold", people's answers in `file`, or "synonyms", names taken out of the target; `queries` are looked
    for among `atoms` of the target's `all`, whose target it is says `of`."""

    kind: Literal["gold", "synonyms"]
    queries: int
    atoms: int
    all: int
    of: Literal["project", "sample"]
    file: str = ""

    def words(self, language: str = "en") -> str:
        told: dict[str, Any] = {**vars(self)}
        return say(language, f"{told.pop('kind')}_{told.pop('of')}", **told)


@dataclass(frozen=True)
class Sample:
    """`gold`: queries and the concepts that answer them; `atoms` as in contracts: where they are looked for, as
    `settings` and `prepare` say."""

    origin: Origin
    gold: Gold
    atoms: pa.Table
    settings: Settings
    prepare: Prepare

    @property
    def strings(self) -> list[str]:
        """The distinct strings of the target, shuffled in a fixed order: to calibrate and to measure speed with."""
        found = list(dict.fromkeys(self.atoms["STR"].to_pylist()))
        random.Random(SEED).shuffle(found)
        return found

    @property
    def digest(self) -> str:
        """Of all that the answers depend on but the encoder."""
        entries = self.gold.entries.select(["term", "explanation"]).to_pylist()
        pairs = self.atoms.select(["CUI", "STR", "LAT"]).to_pylist()
        how = [self.settings.entry_text, self.settings.wordings, self.settings.gathered]
        told = [entries, [sorted(cuis) for cuis in self.gold.cuis], pairs, how]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


class AsTheyAre:
    """Follows pipeline.align.Prepare: nothing is translated or normalised."""

    def entries(self, encoder: Encoder, texts: Sequence[str]) -> list[str]:
        return list(texts)

    def target(self, encoder: Encoder, terms: Terms) -> tuple[np.ndarray, list[str]]:
        return np.ones(len(terms.string), bool), terms.strings

    def beside(self, encoder: Encoder, beside: Beside) -> Beside:
        return beside.read_by(encoder.languages)


def from_gold(path: Path, workspace: Workspace, *, pool: int) -> Sample:
    """The queries of a gold file against the project's terminology, prepared as the project's settings say.

    The target is every string of the concepts that answer, and of others by chance up to `pool` strings in all
    (0: the whole terminology). Raises FormatError, and WorkspaceError where no UMLS was ingested.
    """
    gold, settings = read_gold(path), workspace.settings()
    atoms = pq.read_table(workspace.release("umls") / "atoms.parquet")
    kept = _pool(atoms, frozenset().union(*gold.cuis), pool)
    return Sample(
        Origin(kind="gold", queries=len(gold.cuis), atoms=len(kept), all=len(atoms), of="project", file=path.name),
        gold,
        kept,
        dataclasses.replace(settings, top_k=TOP),
        Preparation(Memory(workspace.translations), normaliser(settings)),
    )


def from_synonyms(
    atoms: pa.Table, languages: Iterable[str], *, queries: int, pool: int, of: Literal["project", "sample"]
) -> Sample:
    """Up to `queries` concepts give one of their names as a query, which is taken out of the target: the right
    answer is the concept that it came from. Only of `languages` (ISO 639-1), as strings stand, without preparation.

    Raises InputError where fewer than 30 concepts have two names.
    """
    spoken = [UMLS[language] for language in languages if language in UMLS]
    read_ = atoms.filter(pa.compute.is_in(atoms["LAT"], pa.array(spoken or list(UMLS.values()))))
    chosen = _one_name_each(read_, queries)
    if len(chosen) < 30:
        raise InputError(
            f"the {of}'s target: {len(chosen)} concepts with two names in {', '.join(spoken)}, expected 30 or more; "
            "name a project with `lexalign -w DIR`, or give answers with --gold"
        )
    kept = _pool(_without(read_, chosen), frozenset(chosen), pool)
    return Sample(
        Origin(kind="synonyms", queries=len(chosen), atoms=len(kept), all=len(atoms), of=of),
        _gold(chosen),
        kept,
        Settings(entry_text="term", top_k=TOP),
        AsTheyAre(),
    )


def sample_atoms() -> pa.Table:
    """The sample's terminology, as in contracts."""
    rows = [line.split("|")[: len(ATOMS)] for line in CONSO.read_text("utf-8").splitlines()]
    columns = zip(*rows, strict=True)
    return pa.table(
        {field.name: pa.array(column, field.type) for field, column in zip(ATOMS, columns, strict=True)}
    )


def _one_name_each(atoms: pa.Table, most: int) -> dict[str, str]:
    """CUI -> one of its names, of concepts that have two, in a fixed random order."""
    names = atoms.select(["CUI", "STR"]).to_pandas()
    names["spelt"] = names["STR"].str.casefold()
    names = names.drop_duplicates(["CUI", "spelt"]).sample(frac=1, random_state=SEED)
    several = names.groupby("CUI")["spelt"].transform("size") > 1
    picked = names[several].drop_duplicates("CUI").head(most)
    return dict(zip(picked["CUI"], picked["STR"], strict=True))


def _without(atoms: pa.Table, chosen: dict[str, str]) -> pa.Table:
    """The atoms without the names that are asked for, however they are capitalised."""
    spelt = {(cui, name.casefold()) for cui, name in chosen.items()}
    pairs = zip(atoms["CUI"].to_pylist(), atoms["STR"].to_pylist(), strict=True)
    return atoms.filter(pa.array([(cui, name.casefold()) not in spelt for cui, name in pairs]))


def _pool(atoms: pa.Table, needed: frozenset[str], most: int) -> pa.Table:
    if not most:
        return atoms
    cuis = atoms["CUI"].to_pandas()
    own = cuis.isin(needed)
    others = pd.Series(cuis[~own].unique()).sample(frac=1, random_state=SEED)
    sizes = cuis.value_counts().reindex(others).cumsum()
    return atoms.filter(pa.array(own | cuis.isin(sizes.index[sizes <= most - own.sum()])))


def _gold(chosen: dict[str, str]) -> Gold:
    columns = {"entry_id": [f"S{place:06d}" for place in range(len(chosen))], "term": list(chosen.values())}
    blank = [None] * len(chosen)
    entries = pa.table({field.name: pa.array(columns.get(field.name, blank), field.type) for field in ENTRIES})
    said = ["different"] * len(chosen)
    return Gold(entries, [frozenset([cui]) for cui in chosen], said, ["held out"] * len(chosen))
