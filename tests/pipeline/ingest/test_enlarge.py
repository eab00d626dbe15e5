"""The enlarged MRCONSO of the benchmark is what it says, and an ingest finds exactly that."""

import json
import sys
from pathlib import Path

import pytest

from pipeline.ingest.rrf import ingest_umls

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
from enlarge_mrconso import enlarge


@pytest.fixture
def source(gold) -> Path:
    return gold / "umls_open" / "MRCONSO.RRF"


def test_the_same_arguments_write_the_same_bytes(source, tmp_path):
    for name in "ab":
        enlarge(source, tmp_path / name, 5000, reject_share=0.001)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_every_line_is_found_again_under_its_verdict(source, tmp_path, workspace):
    made = enlarge(source, tmp_path / "MRCONSO.RRF", 120_000, reject_share=0.0005)
    folder = ingest_umls(tmp_path, workspace, allow_rejects=True)
    found = json.loads((folder / "manifest.json").read_text(encoding="utf8"))["tables"]["MRCONSO"]
    assert (found["lines"], found["rejects"]) == (made["lines"], made["rejects"])
    assert found["kept"] == made["FRE"] + made["ENG"]
    assert found["suppressed"] == made["FRE suppressed"] + made["ENG suppressed"]


def test_concepts_stand_in_rising_order(source, tmp_path):
    enlarge(source, tmp_path / "M", 60_000, reject_share=0)
    concepts = [line[:8] for line in (tmp_path / "M").read_bytes().splitlines()]
    assert concepts == sorted(concepts)
