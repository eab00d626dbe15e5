"""A small project: six lay terms, concepts of an open and of a restricted source, two encoders, two annotators."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import contracts
from pipeline.interchange import Curation

E5, MINILM = "lexalign-e5", "lexalign-minilm"
TERMS = {
    "e1": ("crise cardiaque", "arrêt de l'irrigation d'une partie du cœur"),
    "e2": ("tension élevée", "pression trop forte du sang ; dite « HTA »"),
    "e3": ("mal de tête", "douleur à la tête,\nsouvent passagère"),
    "e4": ('"os de verre"', "maladie où les os cassent facilement"),
    "e5": ("= fièvre", "température au-dessus de 38 °C"),
    "e6": ("coup de pompe", ""),
}
ATOMS = [  # CUI, LAT, AUI, SAB, STR, SRL
    ("C0027051", "FRE", "A1", "MSHFRE", "Infarctus du myocarde", "3"),
    ("C0027051", "ENG", "A2", "HPO", "Myocardial infarction", "0"),
    ("C0020538", "FRE", "A3", "HPO", "Hypertension artérielle", "0"),
    ("C0018681", "FRE", "A4", "HPO", "Céphalée", "0"),
    ("C0029434", "FRE", "A5", "HPO", "Ostéogenèse imparfaite", "0"),
    ("C0015967", "FRE", "A6", "HPO", "Fièvre", "0"),
    ("C0015672", "FRE", "A7", "HPO", "Fatigue", "0"),
    ("C0018799", "FRE", "A8", "HPO", "Cardiopathie", "0"),
]
PROPOSED = [  # entry, rank, CUI, AUI, evidence of e5 and use: (rank, cosine, score)
    ("e1", 1, "C0027051", "A1", (1, 0.93, 0.9), (1, 0.81, 0.7)),
    ("e1", 2, "C0018799", "A8", (2, 0.9, 0.5), (None, 0.3, -0.1)),
    ("e2", 1, "C0020538", "A3", (1, 0.95, 1.0), (2, 0.7, 0.6)),
    ("e3", 1, "C0018681", "A4", (None, 0.5, 0.2), (1, 0.88, 0.9)),
    ("e4", 1, "C0029434", "A5", (1, 0.91, 0.8), (1, 0.9, 1.0)),
    ("e6", 1, "C0015967", "A6", (1, 0.8, 0.0), (1, 0.5, 0.0)),
]
SAID = [  # entry, CUI, person, rating, origin
    ("e1", "C0027051", "Anne", 5, "candidate"),
    ("e1", "C0027051", "Bruno", 4, "candidate"),
    ("e1", "C0018799", "Anne", 2, "candidate"),
    ("e2", "C0020538", "Bruno", 5, "candidate"),
    ("e3", "C0018681", "Anne", 3, "candidate"),
    ("e4", "C0029434", "Anne", None, "candidate"),
    ("e5", "C0015967", "Anne", 5, "search"),
    ("e6", "C0015967", "Anne", 0, "candidate"),
]
AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def table(schema: pa.Schema, rows: list[dict]) -> pa.Table:
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema)


def judgements(said: list[tuple] = SAID) -> pa.Table:
    rows = []
    for entry, cui, person, rating, origin in said:
        encoders = [] if origin == "search" else [E5]
        rows.append({"entry_id": entry, "CUI": cui, "person": person, "rating": rating, "origin": origin})
        rows[-1] |= {"flagged": rating is None, "at": AT, "run": "r1", "encoders": encoders}
    return table(contracts.JUDGEMENTS, rows)


def merged() -> pa.Table:
    rows = []
    for entry, rank, cui, aui, *found in PROPOSED:
        evidence = [
            {"encoder": name, "rank": r, "cosine": cosine, "score": score}
            for name, (r, cosine, score) in zip((E5, MINILM), found, strict=True)
        ]
        row = {"entry_id": entry, "rank": rank, "CUI": cui, "AUI": aui, "evidence": evidence}
        name = next(atom[4] for atom in ATOMS if atom[2] == aui)
        rows.append(row | {"name": name, "LAT": "FRE", "score": found[0][2]})
        rows[-1]["encoders"] = [item["encoder"] for item in evidence if item["rank"]]
    return table(contracts.MERGED, rows)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    made = {"lexicon": tmp_path / "lexicon-1", "umls": tmp_path / "umls-2025AB", "run": tmp_path / "r1"}
    for folder in made.values():
        folder.mkdir()
    entries = [{"entry_id": key, "term": t, "explanation": x} for key, (t, x) in TERMS.items()]
    pq.write_table(table(contracts.ENTRIES, entries), made["lexicon"] / "entries.parquet")
    names = ("CUI", "LAT", "AUI", "SAB", "STR", "SRL")
    atoms = [dict(zip(names, a, strict=True)) | {"CODE": f"K{a[2]}", "SUPPRESS": "N"} for a in ATOMS]
    pq.write_table(table(contracts.ATOMS, atoms), made["umls"] / "atoms.parquet")
    types = [("C0027051", "T047", "Disease or Syndrome"), ("C0027051", "T046", "Pathologic Function")]
    rows = [{"CUI": cui, "TUI": tui, "STY": sty} for cui, tui, sty in types]
    pq.write_table(table(contracts.SEMANTIC_TYPES, rows), made["umls"] / "semantic_types.parquet")
    meanings = [("C0027051", "AT1", "HPO", "Necrosis | of the heart."), ("C0027051", "AT2", "MSHFRE", "Nécrose.")]
    rows = [{"CUI": c, "ATUI": a, "SAB": s, "DEF": d, "SUPPRESS": "N"} for c, a, s, d in meanings]
    pq.write_table(table(contracts.DEFINITIONS, rows), made["umls"] / "definitions.parquet")
    pq.write_table(merged(), made["run"] / "merged.parquet")
    manifest = {
        "at": "2026-11-02T08:00:00+00:00",
        "lexalign": "0.1.0",
        "settings": {"encoders": [E5, MINILM], "languages": ["FRE", "ENG"]},
        "encoders": [{"name": E5, "fingerprint": "f1"}, {"name": MINILM, "fingerprint": "f2"}],
    }
    (made["run"] / "manifest.json").write_text(json.dumps(manifest), encoding="utf8")
    return made


@pytest.fixture
def curation(folders: dict[str, Path]) -> Curation:
    none = {"entry_id": "e6", "person": "Anne", "verdict": "none", "comment": "une expression", "at": AT}
    return Curation(judgements=judgements(), verdicts=table(contracts.VERDICTS, [none]), **folders)


@pytest.fixture
def unrated(folders: dict[str, Path]) -> Curation:
    return Curation(judgements=judgements([]), verdicts=table(contracts.VERDICTS, []), **folders)
