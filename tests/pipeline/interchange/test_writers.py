import csv
import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.interchange import writers

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))
CELLS = st.lists(st.one_of(TEXT, st.sampled_from(["=1+1", "'=x", "-ite", "@", "\t+", "os « de verre »", '"'])))


def written(values: list, form: str) -> Path:
    path = Path(tempfile.mkdtemp()) / f"t.{form}"
    with duckdb.connect() as connection:
        connection.register("result", pa.table({"n": range(len(values)), "text": pa.array(values, pa.string())}))
        assert writers.write(connection, form, path) == len(values)
    return path


def read(path: Path, separator: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["text"] for row in csv.DictReader(file, delimiter=separator)]


@settings(max_examples=60)
@given(CELLS)
def test_csv_gives_every_text_back(values):
    assert [writers.unguard(text) for text in read(written(values, "csv"), ",")] == values


@settings(max_examples=60)
@given(CELLS)
def test_tsv_gives_every_text_back_but_for_its_line_breaks_and_has_a_line_a_row(values):
    path = written(values, "tsv")
    assert len(path.read_text(encoding="utf8").splitlines()) == 1 + len(values)
    assert ["".join(text.split()) for text in read(path, "\t")] == ["".join(text.split()) for text in values]


@given(TEXT)
def test_guarded_text_never_starts_a_formula_and_is_given_back(text):
    assert not writers.guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert writers.unguard(writers.guard(text)) == text


def test_items_of_a_list_keep_their_places_and_their_bars():
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE result AS SELECT ['a|b', NULL, 'c\\d'] AS items")
        [row] = connection.execute(writers.flat(connection, "{}")).fetchall()
    assert row == (r"a\|b||c\\d",)
