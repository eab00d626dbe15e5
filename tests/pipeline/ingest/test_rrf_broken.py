"""Lines that are no rows are named with line and reason, wherever the reader of DuckDB would lose them."""

import os

import pytest

from pipeline.errors import FormatError
from pipeline.ingest.rrf import ingest_umls
from tests.pipeline.ingest.releases import GOOD, accounted, atom, counts, table, write

BROKEN = [
    (atom().replace("|L1", ""), "17 fields, expected 18"),
    (atom().replace("|L1|", "|L1||"), "19 fields, expected 18"),
    (atom() + "|", "19 fields, expected 18"),
    (atom()[:-1] + "x", "does not end with '[|]'"),
    (atom()[:-1], "17 fields, expected 18"),
    (atom()[:40], "12 fields, expected 18"),
    (atom(""), "CUI is empty"),
    (atom("c0020538"), "CUI is c0020538, expected C and seven digits"),
    (atom("C00A0538"), "CUI is C00A0538"),
    (atom("C002053"), "CUI is C002053,"),
    (atom("C00205389"), "CUI is C00205389"),
    (atom(text=""), "STR is empty"),
    (atom(text="a\0b"), "a NUL character"),
    (atom(text="a\rb"), "a carriage return inside the line"),
    (atom(text="\x01"), "a cell with nothing but the control character U[+]0001"),
    (atom().encode("latin-1"), "invalid UTF-8 at byte "),
    (atom(language="SPA").encode("latin-1"), "invalid UTF-8 at byte "),
    (atom(text="x" * 1_100_000), "1100060 bytes, expected 1048576 at most"),
    (atom(text="x" * 5_000_000), "bytes, expected 1048576 at most"),
    ("no bars at all", "1 fields, expected 18"),
]


@pytest.mark.parametrize(("line", "reason"), BROKEN, ids=[reason[:30] for _, reason in BROKEN])
def test_a_broken_line_stops_with_its_number_and_is_kept_aside_where_allowed(tmp_path, workspace, line, reason):
    path = write(tmp_path, *GOOD[:2], line, *GOOD[2:])
    with pytest.raises(FormatError, match=rf"MRCONSO\.RRF line 3: .*{reason}.*--allow-rejects"):
        ingest_umls(path, workspace)
    assert not workspace.has_release("umls")
    assert list(workspace.sources.iterdir()) == []
    folder = ingest_umls(path, workspace, allow_rejects=True)
    assert ["|".join(row.values()) + "|" for row in table(folder)] == list(GOOD)
    assert [(row["file"], row["line"]) for row in table(folder, "rejects")] == [("MRCONSO.RRF", 3)]
    assert accounted(counts(folder))


def test_rejects_accepted_once_are_no_pass_for_a_strict_run(tmp_path, workspace):
    path = write(tmp_path, *GOOD, BROKEN[0][0])
    ingest_umls(path, workspace, allow_rejects=True)
    with pytest.raises(FormatError, match="line 5"):
        ingest_umls(path, workspace)


def test_all_kinds_of_broken_lines_at_once_are_all_named(tmp_path, workspace):
    lines = [line for broken, _ in BROKEN for line in (*GOOD, broken, "")]
    folder = ingest_umls(write(tmp_path, *lines), workspace, allow_rejects=True)
    assert [row["line"] for row in table(folder, "rejects")] == [6 * i + 5 for i in range(len(BROKEN))]
    found = counts(folder)
    assert (found["blank"], found["kept"]) == (len(BROKEN), len(BROKEN) * len(GOOD))
    assert accounted(found)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_line_ends_and_byte_order_mark_are_no_part_of_the_text(tmp_path, workspace, mark, end):
    path = write(tmp_path, *GOOD, end=end)
    path.write_bytes(mark + path.read_bytes())
    folder = ingest_umls(path, workspace)
    assert ["|".join(row.values()) + "|" for row in table(folder)] == list(GOOD)


def test_a_whole_last_line_needs_no_line_end_and_a_cut_one_is_refused(tmp_path, workspace):
    path = write(tmp_path, *GOOD)
    path.write_bytes(path.read_bytes()[:-1])
    assert counts(ingest_umls(path, workspace))["kept"] == len(GOOD)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FormatError, match=r"line 4: 15 fields, expected 18; is the file cut short\?"):
        ingest_umls(path, workspace)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty, expected lines of 18 fields"),
        (b"\n\n", "empty"),
        (os.urandom(100) * 50 + b"\0" * 200, "binary data"),
        (b"Terme\tSources\n", r"found no '\|'"),
    ],
)
def test_what_is_no_release_is_refused(tmp_path, workspace, data, message):
    path = tmp_path / "MRCONSO.RRF"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=rf"MRCONSO\.RRF: .*{message}"):
        ingest_umls(tmp_path, workspace)
