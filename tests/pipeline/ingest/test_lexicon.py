"""The lexicon comes back whatever its dialect; what cannot be read is named."""

import json
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.contracts import ENTRIES, REJECTS
from pipeline.errors import FormatError, InputError
from pipeline.ingest.lexicon import ingest_lexicon
from pipeline.ingest.lexicon_file import FRENCH

HEADER = "\t".join(FRENCH)
ROWS = (
    "œdème\t3\t1\tgonflement des tissus\t2\tQUAERO",
    "hépatite\t4\t2\tinflammation du foie\t1\tHPO-FR",
    "prurit\t4\t2\tdémangeaison\t1\tHPO-FR",
)


def write(folder: Path, text: str, encoding: str = "utf8", name: str = "lex.txt") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def lexicon(*rows: str, end: str = "\n") -> str:
    return end.join((HEADER, *rows)) + end


def table(folder: Path, name: str = "entries") -> list[dict]:
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf8"))


def test_rows_become_entries_with_file_and_line(tmp_path, workspace):
    folder = ingest_lexicon([write(tmp_path, lexicon(*ROWS))], workspace)
    assert [(row["term"], row["explanation"], row["line"]) for row in table(folder)] == [
        ("œdème", "gonflement des tissus", 2),
        ("hépatite", "inflammation du foie", 3),
        ("prurit", "démangeaison", 4),
    ]
    assert workspace.release("lexicon") == folder
    assert pq.read_schema(folder / "entries.parquet").equals(ENTRIES)
    assert pq.read_schema(folder / "rejects.parquet").equals(REJECTS)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
    ],
)
@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_dialect_gives_the_same_entries(tmp_path, workspace, encoding, said, delimiter, end):
    text = lexicon(*ROWS, end=end).replace("\t", delimiter)
    folder = ingest_lexicon([write(tmp_path, text, encoding)], workspace)
    assert [row["term"] for row in table(folder)] == ["œdème", "hépatite", "prurit"]
    assert manifest(folder)["files"][0]["encoding"] == said


def test_latin_1_without_cp1252_letters_is_said_to_be_latin_1(tmp_path, workspace):
    folder = ingest_lexicon([write(tmp_path, lexicon(*ROWS[1:]), "latin-1")], workspace)
    assert (manifest(folder)["files"][0]["encoding"], table(folder)[0]["term"]) == ("latin-1", "hépatite")


@pytest.mark.parametrize("header", ["terme", " TERME ", "Terme", "Biomedical Term", "biomedical_term"])
def test_only_the_term_is_compulsory_and_its_name_is_tolerant(tmp_path, workspace, header):
    folder = ingest_lexicon([write(tmp_path, f"{header}\tNote\nasthme\tà revoir\n")], workspace)
    assert [(row["term"], row["explanation"]) for row in table(folder)] == [("asthme", "")]
    assert manifest(folder)["files"][0]["ignored"] == ["Note"]


def test_a_file_without_the_term_column_says_what_was_found_and_expected(tmp_path, workspace):
    with pytest.raises(FormatError, match=r"no column Terme; found 'Mot', 'Sens', expected Terme, Taux"):
        ingest_lexicon([write(tmp_path, "Mot\tSens\nasthme\tx\n")], workspace)


def test_quoted_cells_keep_delimiters_quotes_and_line_breaks(tmp_path, workspace):
    text = 'Terme;Explication au grand public\n"a;b";"dit ""libre""\nsur deux lignes"\nc;d\n'
    rows = table(ingest_lexicon([write(tmp_path, text)], workspace))
    assert [(row["term"], row["explanation"], row["line"]) for row in rows] == [
        ("a;b", 'dit "libre"\nsur deux lignes', 2),
        ("c", "d", 4),
    ]


@pytest.mark.parametrize(
    ("cell", "term"),
    [
        ('forme dite "libre"', 'forme dite "libre"'),
        ('"libre" en forme', '"libre" en forme'),
        ('"libre', '"libre'),
        ('"libre"', "libre"),
        ('""" patraqueries "" digestives"', '" patraqueries " digestives'),
    ],
)
def test_a_stray_quote_is_a_letter(tmp_path, workspace, cell, term):
    rows = table(ingest_lexicon([write(tmp_path, lexicon(f"{cell}\t\t\tx\t\tQ", *ROWS))], workspace))
    assert [row["term"] for row in rows] == [term, "œdème", "hépatite", "prurit"]


def test_two_stray_quotes_swallow_no_row_between_them(tmp_path, workspace):
    text = lexicon('"début\t\t\tx\t\tQ', *ROWS, 'fin"\t\t\tx\t\tQ')
    rows = table(ingest_lexicon([write(tmp_path, text)], workspace))
    assert [row["term"] for row in rows] == ['"début', "œdème", "hépatite", "prurit", 'fin"']


def test_a_quote_never_closed_in_a_broken_row_is_named(tmp_path, workspace):
    path = write(tmp_path, lexicon('"début\tx', *ROWS))
    with pytest.raises(
        FormatError, match=r"lex.txt line 2: a quote is opened and never closed; .*--allow-rejects"
    ):
        ingest_lexicon([path], workspace)
    folder = ingest_lexicon([path], workspace, allow_rejects=True)
    assert [row["line"] for row in table(folder, "rejects")] == [2]
    assert len(table(folder)) == 3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("asthme\tx", "2 cells, expected 6"),
        ("asthme\t1\t2\t3\t4\t5\t6", "7 cells, expected 6"),
    ],
)
def test_a_wrong_number_of_cells_stops_unless_allowed(tmp_path, workspace, row, reason):
    path = write(tmp_path, lexicon(ROWS[0], row, ROWS[1]))
    with pytest.raises(FormatError, match=f"lex.txt line 3: {reason}"):
        ingest_lexicon([path], workspace)
    assert not workspace.has_release("lexicon")
    folder = ingest_lexicon([path], workspace, allow_rejects=True)
    assert table(folder, "rejects") == [{"file": "lex.txt", "line": 3, "reason": reason, "text": row}]


def test_an_undecodable_byte_in_utf8_is_named(tmp_path, workspace):
    path = tmp_path / "lex.txt"
    path.write_bytes(lexicon(*ROWS).encode() + b"ast\xe9hme\t\t\t\t\t\n")
    with pytest.raises(FormatError, match="line 5: byte 0xE9 is not of the file's encoding"):
        ingest_lexicon([path], workspace)


def test_blank_lines_and_rows_without_term_are_counted_and_do_not_stop(tmp_path, workspace):
    folder = ingest_lexicon([write(tmp_path, lexicon(ROWS[0], "", "\t\t\tsans terme\t\t", ROWS[1]))], workspace)
    assert [(row["line"], row["reason"]) for row in table(folder, "rejects")] == [
        (3, "blank line"),
        (4, "no term"),
    ]
    counts = manifest(folder)
    assert (counts["rows"], counts["entries"], counts["rejects"], counts["duplicates"]) == (4, 2, 2, 0)


def test_exact_duplicates_point_to_the_entry_that_stays(tmp_path, workspace):
    folder = ingest_lexicon([write(tmp_path, lexicon(ROWS[0], ROWS[1], ROWS[0]))], workspace)
    [repeat] = table(folder, "duplicates")
    assert (repeat["entry_id"], repeat["line"]) == (table(folder)[0]["entry_id"], 4)


def test_homonyms_have_identifiers_of_their_own(tmp_path, workspace):
    folder = ingest_lexicon(
        [write(tmp_path, "Terme;Explication au grand public\nselle;excréments\nselle;siège\nasthme;souffle\n")],
        workspace,
    )
    assert len({row["entry_id"] for row in table(folder)}) == 3


def test_identifiers_do_not_depend_on_order_dialect_or_encoding(tmp_path, workspace):
    rows = [*ROWS, "œdème\t\t\tautre sens\t\tQ"]
    first = ingest_lexicon([write(tmp_path, lexicon(*rows))], workspace)
    random.Random(1).shuffle(rows)
    other = write(tmp_path, lexicon(*rows, end="\r\n").replace("\t", ";"), "cp1252", "other.csv")
    second = ingest_lexicon([other], workspace)
    ids = [{(row["entry_id"], row["term"], row["explanation"]) for row in table(f)} for f in (first, second)]
    assert ids[0] == ids[1]


def test_the_same_file_again_is_the_same_release(tmp_path, workspace):
    path = write(tmp_path, lexicon(*ROWS))
    first = ingest_lexicon([path], workspace)
    stamp = (first / "manifest.json").stat().st_mtime_ns
    assert ingest_lexicon([path], workspace) == first
    assert (first / "manifest.json").stat().st_mtime_ns == stamp


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04rest", b"\x00\x01\x02" * 50])
def test_what_is_no_text_is_refused(tmp_path, workspace, data):
    path = tmp_path / "lex.txt"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"lex\.txt: .*expected"):
        ingest_lexicon([path], workspace)


def test_a_file_that_is_not_there_is_named(tmp_path, workspace):
    with pytest.raises(InputError, match=r"none\.txt: cannot be read"):
        ingest_lexicon([tmp_path / "none.txt"], workspace)


def test_the_open_lexicon_is_read_whole(gold, workspace):
    folder = ingest_lexicon([gold / "lexicon_open.txt"], workspace)
    counts = manifest(folder)
    assert (counts["rows"], counts["entries"], counts["rejects"], counts["duplicates"]) == (5601, 5601, 0, 0)
    assert any('"libre"' in row["explanation"] for row in table(folder))
