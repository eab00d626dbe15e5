"""Every line of a release is kept, filtered by a named rule, blank, or a reject with line and reason."""

import gzip
import signal
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest

from pipeline.contracts import ATOMS, DEFINITIONS, REJECTS, SEMANTIC_TYPES
from pipeline.errors import FormatError, InputError
from pipeline.ingest.rrf import ingest_umls
from tests.pipeline.ingest.releases import GOOD, atom, counts, table, write


def test_rows_are_kept_as_they_stand_in_their_order(tmp_path, workspace):
    folder = ingest_umls(write(tmp_path, *GOOD), workspace)
    assert ["|".join(row.values()) + "|" for row in table(folder)] == list(GOOD)
    for name, schema in (
        ("atoms", ATOMS),
        ("semantic_types", SEMANTIC_TYPES),
        ("definitions", DEFINITIONS),
        ("rejects", REJECTS),
    ):
        assert pq.read_schema(folder / f"{name}.parquet").remove_metadata().equals(schema), name
    assert workspace.release("umls") == folder


def test_filters_are_counted_by_the_first_rule_that_a_row_meets(tmp_path, workspace):
    lines = (
        atom(),
        atom(language="SPA"),
        atom(language="SPA", flag="O"),
        atom(source="MDRFRE"),
        atom(kind="LLT"),
        atom(flag="O"),
        atom(flag="E"),
        atom(flag="Y"),
    )
    folder = ingest_umls(
        write(tmp_path, *lines), workspace, languages=["FRE"], sources=["MSHFRE"], term_types=["MH"]
    )
    assert counts(folder) == {
        "lines": 8,
        "kept": 1,
        "filtered_by_language": 2,
        "filtered_by_source": 1,
        "filtered_by_term_type": 1,
        "suppressed": 3,
        "rejects": 0,
        "blank": 0,
    }


def test_suppressed_rows_stay_where_asked_and_no_language_means_all(tmp_path, workspace):
    path = write(tmp_path, atom(flag="O"), atom(language="JPN", text="高血圧"))
    assert len(table(ingest_umls(path, workspace, languages=(), include_suppressed=True))) == 2


def test_a_folder_without_mrconso_says_what_it_holds(tmp_path, workspace):
    write(tmp_path, "C0020538|T047|B2|Disease|AT1||", name="MRSTY.RRF")
    with pytest.raises(InputError, match=r"no MRCONSO\.RRF; found .*MRSTY\.RRF"):
        ingest_umls(tmp_path, workspace)


def test_filters_that_leave_nothing_are_an_error(tmp_path, workspace):
    with pytest.raises(InputError, match="none of 4 lines is left"):
        ingest_umls(write(tmp_path, *GOOD), workspace, languages=["SWE"])


def test_semantic_types_and_definitions_follow_the_kept_concepts(tmp_path, workspace):
    write(tmp_path, atom(), atom("C0004096"))
    write(tmp_path, "C0020538|T047|B2.2.1.2.1|Disease or Syndrome|AT1||", "C9|x", name="MRSTY.RRF")
    write(tmp_path, "C0020538|A1|AT1||MSH|pression|N||", "C0020538|A1|AT2||MSH|vieux|O||", name="MRDEF.RRF")
    with pytest.raises(FormatError, match=r"MRSTY\.RRF line 2: 2 fields, expected 6"):
        ingest_umls(tmp_path, workspace)
    write(
        tmp_path,
        "C0020538|T047|B2.2.1.2.1|Disease or Syndrome|AT1||",
        "C1234567|T047|B2|Disease|AT2||",
        name="MRSTY.RRF",
    )
    folder = ingest_umls(tmp_path, workspace)
    assert [row["STY"] for row in table(folder, "semantic_types")] == ["Disease or Syndrome"]
    assert [row["DEF"] for row in table(folder, "definitions")] == ["pression"]
    assert len(table(folder)) == 2
    assert (counts(folder, "MRSTY")["other_concepts"], counts(folder, "MRDEF")["suppressed"]) == (1, 1)


def parts(data: bytes, cut: int) -> tuple[bytes, bytes]:
    return data[:cut], data[cut:]


@pytest.mark.parametrize("way", ["gz", "gz members", "gz cut", "plain parts", "one gz in two"])
def test_compressed_and_split_files_read_as_the_whole_one(tmp_path, workspace, way):
    whole = ("\n".join(GOOD) + "\n").encode()
    zipped = gzip.compress(whole)
    first, second = parts(whole, 130)  # in the middle of a line
    files = {
        "gz": {"MRCONSO.RRF.gz": zipped},
        "gz members": {"MRCONSO.RRF.aa.gz": gzip.compress(first), "MRCONSO.RRF.ab.gz": gzip.compress(second)},
        "gz cut": dict(zip(("MRCONSO.RRF.aa.gz", "MRCONSO.RRF.ab.gz"), parts(zipped, 70), strict=True)),
        "plain parts": {"MRCONSO.RRF.ab": second, "MRCONSO.RRF.aa": first},
        "one gz in two": {"MRCONSO.RRF.gz": gzip.compress(first) + gzip.compress(second)},
    }[way]
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    folder = ingest_umls(tmp_path, workspace)
    assert ["|".join(row.values()) + "|" for row in table(folder)] == list(GOOD)
    assert ingest_umls([tmp_path / name for name in files], workspace) == folder


def test_a_gzip_cut_short_and_a_missing_part_are_named(tmp_path, workspace):
    zipped = gzip.compress("\n".join(GOOD * 50).encode())
    (tmp_path / "MRCONSO.RRF.gz").write_bytes(zipped[:-20])
    with pytest.raises(FormatError, match=r"MRCONSO\.RRF\.gz: the gzip is cut short"):
        ingest_umls(tmp_path, workspace)
    (tmp_path / "MRCONSO.RRF.gz").rename(tmp_path / "MRCONSO.RRF.aa.gz")
    (tmp_path / "MRCONSO.RRF.ac.gz").write_bytes(zipped)
    with pytest.raises(FormatError, match=r"expected part \.ab; copy the missing part"):
        ingest_umls(tmp_path, workspace)
    assert not any(workspace.sources.iterdir())


def test_the_same_release_again_is_found_not_made(tmp_path, workspace):
    path = write(tmp_path, *GOOD)
    first = ingest_umls(path, workspace)
    stamp = (first / "manifest.json").stat().st_mtime_ns
    assert ingest_umls(path, workspace) == first
    assert (first / "manifest.json").stat().st_mtime_ns == stamp
    assert ingest_umls(path, workspace, languages=["FRE"]) != first


def test_names_with_glob_characters_and_quotes_are_only_names(tmp_path, workspace):
    folder = tmp_path / "l'été [2025] *"
    folder.mkdir()
    assert counts(ingest_umls(write(folder, *GOOD), workspace))["kept"] == len(GOOD)


def test_a_killed_run_leaves_nothing_published_and_the_next_one_succeeds(tmp_path, workspace):
    path = write(tmp_path, *(line for _ in range(60_000) for line in GOOD))
    code = (
        "import sys; from pathlib import Path; from pipeline.workspace import Workspace;"
        "from pipeline.ingest.rrf import ingest_umls; ingest_umls(Path(sys.argv[1]), Workspace(Path(sys.argv[2])))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(path), str(workspace.root)])
    deadline = time.monotonic() + 60
    while not list(workspace.sources.glob(".umls.*/atoms.parquet")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not workspace.has_release("umls")
    folder = ingest_umls(path, workspace)
    assert counts(folder)["kept"] == 240_000
    assert sorted(one.name for one in workspace.sources.iterdir()) == sorted(["current.json", folder.name])


def test_an_error_in_the_middle_leaves_nothing(tmp_path, workspace):
    def broken(done: int, total: int | None, label: str) -> None:
        if label == "integrity report":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest_umls(write(tmp_path, *GOOD), workspace, progress=broken)
    assert list(workspace.sources.iterdir()) == []


def test_the_open_release_is_read_whole(gold, workspace):
    folder = ingest_umls(gold / "umls_open", workspace)
    assert counts(folder)["kept"] == 52_348
    assert len(table(folder, "semantic_types")) == 12_786
    assert len(table(folder, "definitions")) == 10_996
