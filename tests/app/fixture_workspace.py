"""A small project of real French medical terms, as the pipeline would have left it: no encoder is needed."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.contracts import ATOMS, CANDIDATES, DEFINITIONS, ENTRIES, MERGED, REJECTS, SEMANTIC_TYPES
from pipeline.settings import Settings
from pipeline.workspace import Workspace, create
from tests.samples import LetterEncoder

TERMS = (
    ("crise cardiaque", "Une artère du cœur se bouche et une partie du muscle meurt."),
    ("tension artérielle élevée", "Le sang appuie trop fort sur la paroi des artères."),
    ("mal de tête", "Douleur ressentie dans le crâne ou la nuque."),
    ("diabète", "Le corps ne régule plus le sucre du sang."),
    ("essoufflement", "Difficulté à reprendre son souffle."),
    ("jaunisse", "La peau et le blanc des yeux deviennent jaunes."),
    ("saignement de nez", None),
    ("perte d'appétit", "L'envie de manger disparaît."),
    ("fatigue", "Manque d'énergie qui ne passe pas avec le repos."),
    ("fièvre", "Température du corps au-dessus de 38 °C."),
    ("vertige", "Impression que tout tourne autour de soi."),
    ("<b>toux</b> & glaires", "Toux qui ramène des crachats."),
)
CONCEPTS = (  # CUI, French, English, French synonym, type, definition
    ("C0027051", "Infarctus du myocarde", "Myocardial Infarction", "Crise cardiaque", "Disease or Syndrome"),
    ("C0020538", "Hypertension artérielle", "Hypertensive disease", "Tension élevée", "Disease or Syndrome"),
    ("C0018681", "Céphalée", "Headache", "Mal de tête", "Sign or Symptom"),
    ("C0011849", "Diabète", "Diabetes Mellitus", "Diabète sucré", "Disease or Syndrome"),
    ("C0013404", "Dyspnée", "Dyspnea", "Essoufflement", "Sign or Symptom"),
    ("C0022346", "Ictère", "Icterus", "Jaunisse", "Sign or Symptom"),
    ("C0014591", "Épistaxis", "Epistaxis", "Saignement nasal", "Sign or Symptom"),
    ("C0003123", "Anorexie", "Anorexia", "Perte de l'appétit", "Sign or Symptom"),
    ("C0015672", "Fatigue", "Fatigue", "Asthénie", "Sign or Symptom"),
    ("C0015967", "Fièvre", "Fever", "Hyperthermie", "Sign or Symptom"),
    ("C0042571", "Vertige", "Vertigo", "Vertige vrai", "Sign or Symptom"),
    ("C0010200", "Toux", "Coughing", "Toux grasse", "Sign or Symptom"),
    (
        "C0018802",
        "Insuffisance cardiaque",
        "Congestive heart failure",
        "Défaillance cardiaque",
        "Disease or Syndrome",
    ),
    ("C0149931", "Migraine", "Migraine Disorders", "Hémicrânie", "Disease or Syndrome"),
)
ENCODERS = ("letters-a", "letters-b")
TOP = 4
LEXICON, UMLS, RUN = "lexicon-fixture", "umls-fixture", "20260101T120000-fixture0"


def make(root: Path) -> Workspace:
    """The project: both releases, and one finished run of two encoders."""
    workspace = create(root, Settings(title="Essai", encoders=ENCODERS, top_k=TOP))
    _lexicon(workspace.sources / LEXICON)
    _umls(workspace.sources / UMLS)
    workspace.make_current("lexicon", LEXICON)
    workspace.make_current("umls", UMLS)
    add_run(workspace, RUN)
    return workspace


def add_run(workspace: Workspace, name: str, *, precision: str = "int8", top: int = TOP) -> Path:
    rows = [row for place, encoder in enumerate(ENCODERS) for row in _nearest(encoder, place, top)]
    folder = workspace.runs / name
    _write(folder / "candidates.parquet", rows, CANDIDATES)
    merged = _merged(rows)
    _write(folder / "merged.parquet", merged, MERGED)
    manifest = {
        "run": name,
        "at": "2026-01-01T12:00:00+00:00",
        "lexicon": LEXICON,
        "umls": UMLS,
        "settings": {"encoders": list(ENCODERS), "entry_text": "term", "top_k": top, "languages": ["FRE", "ENG"]},
        "encoders": [
            {"name": encoder, "fingerprint": f"{encoder}-1", "dimension": 64, "precision": precision}
            for encoder in ENCODERS
        ],
        "content": name,
        "counts": {
            "entries": len(TERMS),
            "atoms": 3 * len(CONCEPTS),
            "candidates": len(rows),
            "merged": len(merged),
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf8")
    return folder


def add_encoder(root: Path, name: str, **changes: object) -> Path:
    """An encoder's folder as `lexalign encoders add` leaves it, but for the weights: it can be shown, not run."""
    card = {
        "name": name,
        "dimension": 384,
        "prefix": "query: ",
        "lowercase": True,
        "languages": ["fr", "en"],
        "max_length": 128,
        "min_rows": 1,
        "precision": "int8",
        "pooling": "mean",
        "licence": "MIT",
        "model_sha256": hashlib.sha256(name.encode()).hexdigest(),
        "source": "mon-modele",
        "revision": "0123456789abcdef",
        "measured": {
            "drift": {"texts": 400, "mean_cosine": 0.9981, "least_cosine": 0.9913, "neighbours": 0.975},
            "speed": {
                "texts_per_second": 1234.5,
                "threads": 2,
                "device": "cpu",
                "cpu": "a CPU",
                "instruction_set": "avx512_vnni",
            },
        },
    } | changes
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "encoder.json").write_text(json.dumps(card), encoding="utf8")
    for file in ("tokenizer.json", "model.onnx"):
        (folder / file).write_bytes(b"{}")
    return folder


def _lexicon(folder: Path) -> None:
    rows = [
        {
            "entry_id": f"E{number:02d}",
            "term": term,
            "explanation": explanation,
            "complexity_rate": "0,4",
            "sources": "essai",
            "file": "lexique.txt",
            "line": number + 1,
        }
        for number, (term, explanation) in enumerate(TERMS, 1)
    ]
    _write(folder / "entries.parquet", rows, ENTRIES)
    reject = {"file": "lexique.txt", "line": 14, "reason": "7 cells, expected 6", "text": "a;b;c;d;e;f;g"}
    _write(folder / "rejects.parquet", [reject], REJECTS)
    length = {"texts": 12, "quantiles": {}, "histogram": {"1-4": 0, "5-9": 4, "10-19": 6, "20-39": 2}}
    report = {
        "kind": "lexicon",
        "entries": len(TERMS),
        "rejects": 1,
        "rejects_by_reason": {"7 cells, expected 6": 1},
        "exact_duplicates": 0,
        "term_duplicates": {"rows": 12, "exact": 0, "folded": 0},
        "term_length": length,
        "explanation_length": length,
        "sources": {"essai": 12},
    }
    _finish(folder, report)


def _umls(folder: Path) -> None:
    atoms, types, definitions = [], [], []
    for number, (cui, french, english, synonym, kind) in enumerate(CONCEPTS):
        for place, (language, source, tty, text) in enumerate(
            (("FRE", "MSHFRE", "MH", french), ("ENG", "MSH", "MH", english), ("FRE", "MDRFRE", "LLT", synonym))
        ):
            atom = dict.fromkeys(ATOMS.names, "") | {"CUI": cui, "LAT": language, "SAB": source, "TTY": tty}
            atom |= {"STR": text, "AUI": f"A{number:04d}{place}", "CODE": f"D{number:03d}", "SRL": "0"}
            atoms.append(atom | {"TS": "P", "STT": "PF", "ISPREF": "Y" if place < 2 else "N", "SUPPRESS": "N"})
        types.append(dict.fromkeys(SEMANTIC_TYPES.names, "") | {"CUI": cui, "STY": kind, "TUI": f"T{number:03d}"})
        text = {
            "CUI": cui,
            "AUI": f"A{number:04d}1",
            "SAB": "MSH",
            "DEF": f"{english}: a definition.",
            "SUPPRESS": "N",
        }
        definitions.append(dict.fromkeys(DEFINITIONS.names, "") | text)
    _write(folder / "atoms.parquet", atoms, ATOMS)
    _write(folder / "semantic_types.parquet", types, SEMANTIC_TYPES)
    _write(folder / "definitions.parquet", definitions, DEFINITIONS)
    _write(folder / "rejects.parquet", [], REJECTS)
    report = {
        "kind": "umls",
        "atoms": len(atoms),
        "languages": {"FRE": 28, "ENG": 14},
        "sources": {"MSHFRE": 14, "MSH": 14, "MDRFRE": 14},
        "semantic_types": {"Sign or Symptom": 9, "Disease or Syndrome": 5},
        "concepts": {"concepts": 14, "with_semantic_type": 14, "with_definition": 14},
        "string_length": {"texts": 42, "quantiles": {}, "histogram": {"5-9": 20, "10-19": 22}},
    }
    _finish(folder, report)


def _nearest(encoder: str, place: int, top: int) -> list[dict]:
    """The second encoder sees the English names, so that the two differ."""
    model = LetterEncoder()
    names = [concept[1 + place] for concept in CONCEPTS]
    cosines = model.encode([term for term, _ in TERMS]) @ model.encode(names).T
    low, high = float(cosines.min()), float(cosines.max())
    rows = []
    for number, line in enumerate(cosines, 1):
        for rank, best in enumerate(np.argsort(-line, kind="stable")[:top], 1):
            row = {"entry_id": f"E{number:02d}", "encoder": encoder, "rank": rank, "CUI": CONCEPTS[best][0]}
            row |= {"AUI": f"A{best:04d}{place}", "name": names[best], "LAT": ("FRE", "ENG")[place]}
            rows.append(row | {"cosine": float(line[best]), "score": (float(line[best]) - low) / (high - low)})
    return rows


def _merged(rows: list[dict]) -> list[dict]:
    pairs: dict[tuple[str, str], list[dict]] = {}
    for row in rows:
        pairs.setdefault((row["entry_id"], row["CUI"]), []).append(row)
    merged = []
    for entry in dict.fromkeys(row["entry_id"] for row in rows):
        own = [said for (which, _), said in pairs.items() if which == entry]
        own.sort(key=lambda said: -sum(one["score"] for one in said) / len(ENCODERS))
        for rank, said in enumerate(own, 1):
            named = {one["encoder"]: one for one in said}
            evidence = [
                {key: named.get(encoder, {}).get(key) for key in ("rank", "cosine", "score")}
                | {"encoder": encoder}
                for encoder in ENCODERS
            ]
            first = {key: said[0][key] for key in ("entry_id", "CUI", "AUI", "name", "LAT")}
            score = sum(one["score"] for one in said) / len(ENCODERS)
            merged.append(first | {"rank": rank, "score": score, "encoders": list(named), "evidence": evidence})
    return merged


def _write(path: Path, rows: list[dict], schema: pa.Schema) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def _finish(folder: Path, report: dict) -> None:
    (folder / "report.json").write_text(json.dumps(report), encoding="utf8")
    manifest = {"kind": report["kind"], "broken_rows": 0, "files": []}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf8")
