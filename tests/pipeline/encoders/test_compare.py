from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.encoders import compare as between
from pipeline.encoders.card import Card
from pipeline.encoders.compare import Judged

BEFORE = {
    "fièvre": ["C0015967", "C0085593", "C0424755"],
    "toux": ["C0010200", "C0239134", "C0240962"],
    "vertige": ["C0042571", "C0012833", "C0039070"],
}
AFTER = {
    "fièvre": ["C0015967", "C0424755", "C0085593"],
    "toux": ["C0239134", "C0010200", "C0009443"],
    "vertige": ["C0220870", "C0557875", "C0042571"],
}
RATINGS = {
    ("fièvre", "C0015967"): 5,
    ("fièvre", "C0085593"): 2,
    ("toux", "C0240962"): 4,
    ("toux", "C0009443"): 4,
    ("vertige", "C0042571"): 5,
    ("vertige", "C0008031"): 0,
}


def table(lists):
    rows = [
        {"entry_id": entry, "rank": rank, "CUI": cui}
        for entry, cuis in lists.items()
        for rank, cui in enumerate(cuis, 1)
    ]
    return pa.Table.from_pylist(rows[::-1])


def card(**values):
    usual = {"dimension": 384, "model_sha256": "a", "tags": {}} | values
    fixed = {"prefix": "", "lowercase": True, "languages": ("fr",), "max_length": 64, "min_rows": 1}
    return Card(
        folder=Path(), name="e5", precision="int8", pooling="mean", licence="MIT", source="e5", **fixed, **usual
    )


def test_candidates_are_read_by_rank_whatever_the_rows_order():
    assert between.ranked(table(BEFORE)) == BEFORE


def test_agreement_by_hand():
    found = between.agreement(BEFORE, AFTER)
    assert (found.entries, found.first) == (3, 2)
    assert found.overlap == {1: pytest.approx(1 / 3)}
    assert between.overlap(BEFORE["toux"], AFTER["toux"], 3) == pytest.approx(2 / 3)


def test_depths_that_one_side_never_reaches_are_left_out():
    ten = {"toux": [f"C{n:07d}" for n in range(10)]}
    assert list(between.agreement(ten, ten).overlap) == [1, 5, 10]
    assert list(between.agreement(ten, {"toux": ten["toux"][:5]}).overlap) == [1, 5]


def test_an_encoder_agrees_with_itself():
    found = between.agreement(BEFORE, BEFORE)
    assert (found.first, found.overlap[1], found.rank_biased) == (0, 1, pytest.approx(1))
    assert between.agreement({}, {}) is None


def test_rank_biased_overlap_by_hand():
    """Agreement 0, 1/2, 2/3 at depths 1, 2, 3, with p = 0.5."""
    found = between.rank_biased_overlap(["a", "b", "c"], ["d", "a", "b"], p=0.5)
    assert found == pytest.approx(2 / 3 * 0.125 + 0 * 0.5 + 1 / 2 * 0.25 + 2 / 3 * 0.125)
    assert between.rank_biased_overlap(["a"], []) == 0


def test_a_swap_at_the_top_costs_more_than_one_at_the_end():
    first, last = ["b", "a", "c", "d"], ["a", "b", "d", "c"]
    original = ["a", "b", "c", "d"]
    assert between.rank_biased_overlap(original, first) < between.rank_biased_overlap(original, last) < 1


def test_every_rated_pair_says_what_changes():
    assert between.judged(BEFORE, AFTER, RATINGS) == [
        Judged("fièvre", "C0015967", 5, 1, 1),
        Judged("vertige", "C0042571", 5, 1, 3),
        Judged("toux", "C0009443", 4, None, 3),
        Judged("toux", "C0240962", 4, 3, None),
        Judged("fièvre", "C0085593", 2, 2, 3),
        Judged("vertige", "C0008031", 0, None, None),
    ]
    changes = [pair.change for pair in between.judged(BEFORE, AFTER, RATINGS)]
    assert changes == ["same", "moved", "gained", "lost", "moved", "neither"]


def test_counts_lose_no_pair():
    found = between.counts(between.judged(BEFORE, AFTER, RATINGS))
    assert list(found) == [5, 4, 3, 2, 1, 0]
    assert found[4] == {"same": 0, "moved": 0, "lost": 1, "gained": 1, "neither": 0}
    assert sum(sum(by_change.values()) for by_change in found.values()) == len(RATINGS)


def test_new_firsts_that_nobody_rated_are_counted_in_rated_entries_only():
    assert between.unrated_firsts(BEFORE, AFTER, RATINGS) == 2
    assert between.unrated_firsts(BEFORE, AFTER, RATINGS | {("toux", "C0239134"): 3}) == 1
    assert between.unrated_firsts(BEFORE, AFTER, {}) == 0


def test_cosines_mean_something_between_two_makes_of_one_export_only():
    fp32, int8 = card(model_sha256="a"), card(model_sha256="b", tags={"made_from": "a"})
    static = card(model_sha256="c", tags={"made_from": "a"})
    assert between.same_space(fp32, int8)
    assert between.same_space(int8, static)
    assert not between.same_space(int8, card(model_sha256="d"))
    assert not between.same_space(fp32, card(dimension=512, tags={"made_from": "a"}))
