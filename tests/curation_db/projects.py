"""Small lexicons and runs on disk, and commands with the parts that most tests do not care about filled in."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from curation_db import commands
from curation_db.commands import Judgement
from curation_db.store import Store
from pipeline.contracts import ENTRIES, MERGED
from pipeline.files import write_json

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TERMS = ("œdème", "hypertension artérielle", "crise d'épilepsie", "fièvre 🤒")


def new() -> str:
    return str(uuid.uuid4())


def write_lexicon(folder: Path, terms: tuple[str, ...] = TERMS) -> Path:
    rows = [
        dict.fromkeys(ENTRIES.names, "") | {"entry_id": f"e{i}", "term": t, "line": i} for i, t in enumerate(terms)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=ENTRIES), folder / "entries.parquet")
    return folder


def write_run(folder: Path, proposed: dict[str, list[str]], score: float | Sequence[float] | None = 0.5) -> Path:
    """A run that proposes these CUIs, in this order, for each entry_id; "e5" finds all, "use" the first. `score` is
    every candidate's, or one an entry."""
    rows = []
    scores = score if isinstance(score, Sequence) else [score] * len(proposed)
    for (entry_id, cuis), score in zip(proposed.items(), scores, strict=True):
        for rank, cui in enumerate(cuis, 1):
            encoders = ["e5", "use"] if rank == 1 else ["e5"]
            evidence = [{"encoder": one, "rank": rank, "cosine": 0.25, "score": score} for one in encoders]
            if rank > 1:
                evidence.append({"encoder": "use", "rank": None, "cosine": None, "score": None})
            rows.append(
                {"entry_id": entry_id, "rank": rank, "CUI": cui, "AUI": f"A{cui}", "name": f"nom de {cui}"}
                | {"LAT": "FRE", "score": score, "encoders": encoders, "evidence": evidence}
            )
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=MERGED), folder / "merged.parquet")
    write_json(folder / "manifest.json", {"run": folder.name, "encoders": ["e5", "use"]})
    return folder


FIRST = {"e0": ["C0013604", "C0000002"], "e1": ["C0020538", "C0000002", "C0000003"], "e3": ["C0015967"]}
SECOND = {"e0": ["C0000009", "C0013604"], "e1": ["C0020538"]}


def rate(store: Store, person: str, entry_id: str, cui: str, rating: int, **values):
    judgement = Judgement(
        **{"command_id": new(), "person": person, "entry_id": entry_id, "cui": cui, "rating": rating} | values
    )
    return commands.rate(store, judgement, at=AT)
