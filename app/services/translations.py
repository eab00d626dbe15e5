"""The translation memory on screen: what stands, who said it, what hangs on it."""

from dataclasses import dataclass
from datetime import datetime

import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation_db import access
from curation_db.store import Store
from pipeline.translate.memory import Memory, Row
from pipeline.workspace import Workspace

PAGE = 200


@dataclass(frozen=True)
class Page:
    """`rows` stand now, by text; `total` counts those that match."""

    rows: list[Row]
    total: int


def memory(workspace: Workspace) -> Memory:
    """The project's French to English memory, as it is on disk."""
    return Memory(workspace.translations)


def page(known: Memory, text: str = "", origin: str | None = None, *, offset: int = 0) -> Page:
    """Translations whose source or translation holds `text`, at most PAGE of them."""
    wanted = text.casefold().strip()
    texts = sorted(set(known.table()["text"].to_pylist()), key=str.casefold)
    rows = [row for row in map(known.standing, texts) if row is not None]
    rows = [
        row
        for row in rows
        if (origin is None or row.origin == origin)
        and (wanted in row.text.casefold() or wanted in row.translation.casefold())
    ]
    return Page(rows[offset : offset + PAGE], len(rows))


def correct(workspace: Workspace, store: Store, by: str, text: str, translation: str, *, at: datetime) -> None:
    """A person's word in place of a machine's, from the next run on."""
    access.require(store, by, "prepare")
    memory(workspace).correct(text, translation, by, at)


def dependents(workspace: Workspace, text: str) -> tuple[list[str], list[str]]:
    """Lexicon terms and concepts' names (CUI) that this text is, whose vectors change with its translation."""
    entries, concepts = [], []
    if workspace.has_release("lexicon"):
        table = pq.read_table(
            workspace.release("lexicon") / "entries.parquet", columns=["entry_id", "term", "explanation"]
        )
        same = pc.or_kleene(pc.equal(table["term"], text), pc.equal(table["explanation"], text))
        entries = table.filter(pc.fill_null(same, False))["entry_id"].to_pylist()
    if workspace.has_release("umls"):
        path = workspace.release("umls") / "atoms.parquet"
        rows = pq.read_table(path, columns=["CUI"], filters=pc.field("STR") == text)
        concepts = sorted(set(rows["CUI"].to_pylist()))
    return entries, concepts
