import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.contracts import DECISIONS
from pipeline.interchange import curate

from .conftest import AT, judgements, table


def test_of_two_people_the_stricter_stands():
    [row] = curate(
        judgements([("e1", "C1", "Bruno", 5, "candidate"), ("e1", "C1", "Anne", 2, "search")])
    ).to_pylist()
    assert (row["rating"], row["ratings"], row["people"]) == (2, [2, 5], ["Anne", "Bruno"])
    assert row["origin"] == "candidate"


def test_a_pair_that_was_only_flagged_has_no_rating_and_no_row():
    assert curate(judgements([("e1", "C1", "Anne", None, "candidate")])).num_rows == 0


def test_a_flag_beside_a_rating_is_kept_and_is_no_rater():
    said = [("e1", "C1", "Anne", None, "candidate"), ("e1", "C1", "Bruno", 4, "candidate")]
    [row] = curate(judgements(said)).to_pylist()
    assert (row["flagged"], row["raters"], row["people"], row["rating"]) == (True, 1, ["Bruno"], 4)


@hypothesis_settings(max_examples=30)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=9))
def test_the_curated_rating_is_the_lower_median(ratings):
    said = [("e1", "C1", f"p{i}", rating, "candidate") for i, rating in enumerate(ratings)]
    [row] = curate(judgements(said)).to_pylist()
    assert (row["rating"], row["raters"]) == (sorted(ratings)[(len(ratings) - 1) // 2], len(ratings))


def decisions(*rows):
    names = ("entry_id", "CUI", "rating", "relation", "text")
    made = [dict(zip(names, row, strict=False)) | {"person": "Dina", "at": AT, "run": "r2"} for row in rows]
    return table(DECISIONS, made)


def test_a_decision_goes_before_everybody_s_ratings():
    said = judgements([("e1", "C1", "Anne", 5, "candidate"), ("e1", "C1", "Bruno", 1, "candidate")])
    [row] = curate(said, decisions(("e1", "C1", 4, "broader", "plus large"))).to_pylist()
    assert (row["rating"], row["relation"], row["decided_by"], row["decision"]) == (
        4,
        "broader",
        "Dina",
        "plus large",
    )
    assert (row["ratings"], row["raters"], row["run"]) == ([5, 1], 2, "r2")


def test_a_pair_that_was_decided_and_never_rated_is_in_the_mapping():
    [row] = curate(judgements([]), decisions(("e1", "C1", 5))).to_pylist()
    assert (row["rating"], row["raters"], row["people"], row["decided"]) == (5, 0, [], True)


@pytest.mark.parametrize(
    ("relations", "chosen"),
    [(["exact", "exact", None], "exact"), (["exact", None], None), (["exact", "broader"], None)],
)
def test_without_a_decision_the_relation_is_the_majority_s(relations, chosen):
    said = judgements([("e1", "C1", f"p{i}", 4, "candidate") for i in range(len(relations))])
    said = said.set_column(said.schema.get_field_index("relation"), "relation", [relations])
    assert curate(said)["relation"].to_pylist() == [chosen]
