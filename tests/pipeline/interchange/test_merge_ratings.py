import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.interchange import export
from pipeline.interchange.merge_ratings import RATED, as_text, merge, table4

ENCODERS = ("e5", "use")


def rated(*rows: tuple) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(RATED.names, row, strict=True)) for row in rows], schema=RATED)


def rows(table: pa.Table) -> list[tuple]:
    return [tuple(row.values()) for row in table.to_pylist()]


TOOK = rated(
    ("crise cardiaque", "C0027051", "use", 5),
    ("mal de tête", "C0018681", "use", 5),
    ("mal de tête", "C0018681", "e5", 4),
    ("crise cardiaque", "C0027051", "e5", 5),
    ("tension élevée", "C0020538", "e5", 3),
    ("tension élevée", "C0020649", "use", 1),
)


def test_fives_of_the_first_then_fives_of_the_second_that_are_not_in_yet_then_fours():
    assert rows(merge(TOOK, ENCODERS)) == [
        ("crise cardiaque", "C0027051", "e5", 5),
        ("mal de tête", "C0018681", "use", 5),
        ("tension élevée", "C0020538", "e5", 3),
    ]


def test_the_order_of_the_settings_says_which_encoder_comes_first():
    assert rows(merge(TOOK, ("use", "e5")))[0] == ("crise cardiaque", "C0027051", "use", 5)


def test_an_encoder_without_a_place_is_named():
    with pytest.raises(InputError, match="use has no place"):
        merge(TOOK, ["e5"])


def test_table_4_counts_each_encoder_and_the_combination():
    counts = table4(TOOK, ENCODERS)
    assert rows(counts) == [
        ("e5", 0, 0, 0, 1, 1, 1, 3),
        ("use", 0, 1, 0, 0, 0, 2, 3),
        ("combination", 0, 1, 0, 1, 0, 2, 4),
    ]
    assert as_text(counts).splitlines()[:2] == [
        "alignments   @0  @1  @2  @3  @4  @5  total",
        "e5            0   0   0   1   1   1      3",
    ]


def test_the_combination_and_the_pairs_of_no_encoder_are_the_whole_mapping(curation, tmp_path):
    text = export(curation, "table4", tmp_path / "table4.txt").path.read_text(encoding="utf8")
    totals = {line.split("  ")[0]: int(line.split()[-1]) for line in text.splitlines()[1:]}
    assert totals["combination"] + totals["no encoder"] == len(curation.curated) == 6


PAIR = st.tuples(st.sampled_from("abc"), st.sampled_from("XYZ"), st.sampled_from(["e5", "use", "third"]))
LISTS = st.dictionaries(PAIR, st.integers(0, 5)).map(lambda d: rated(*((*key, r) for key, r in d.items())))


@given(LISTS, st.integers(0, 5))
def test_a_merge_has_each_pair_once_at_its_highest_rating_from_high_to_low(table, minimum):
    got = rows(merge(table, ("e5", "use", "third"), minimum=minimum))
    best: dict[tuple, int] = {}
    for entry, cui, _, rating in rows(table):
        best[entry, cui] = max(rating, best.get((entry, cui), 0))
    assert {(entry, cui): rating for entry, cui, _, rating in got} == {
        pair: rating for pair, rating in best.items() if rating >= minimum
    }
    assert len(got) == len({row[:2] for row in got})
    assert [row[3] for row in got] == sorted((row[3] for row in got), reverse=True)
