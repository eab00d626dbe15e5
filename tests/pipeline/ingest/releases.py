"""Small releases in RRF, and what an ingest made of them."""

import json
from pathlib import Path

import pyarrow.parquet as pq


def atom(cui="C0020538", language="FRE", source="MSHFRE", kind="MH", text="Hypertension artérielle", flag="N"):
    return f"{cui}|{language}|P|L1|PF|S1|Y|A1||M1|D1|{source}|{kind}|D006973|{text}|3|{flag}||"


GOOD = (
    atom(),
    atom(language="ENG", source="MSH", text='so-called "high blood pressure'),
    atom("C0004096", text='"Asthme"'),
    atom("C0011849", text="Diabète sucré"),
)


def write(folder: Path, *lines: str | bytes, name: str = "MRCONSO.RRF", end: bytes = b"\n") -> Path:
    path = folder / name
    path.write_bytes(b"".join((line if isinstance(line, bytes) else line.encode()) + end for line in lines))
    return path


def table(folder: Path, name: str = "atoms") -> list[dict]:
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def counts(folder: Path, name: str = "MRCONSO") -> dict:
    found = json.loads((folder / "manifest.json").read_text(encoding="utf8"))["tables"][name]
    return {key: value for key, value in found.items() if isinstance(value, int)}


def accounted(found: dict) -> bool:
    return found["lines"] == sum(value for key, value in found.items() if key != "lines")
