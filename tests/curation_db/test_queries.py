import math

import pytest

from curation_db import commands, queries
from curation_db.queries import Place
from pipeline.errors import FormatError, Refused, WorkspaceError
from tests.curation_db.projects import AT, FIRST, SECOND, TERMS, new, rate, write_run

ORDER = [Place(entry_id, cui) for entry_id, cuis in FIRST.items() for cui in cuis]


def walk(store, person="Ana", queue="unrated", step=queries.next_card, way="after") -> list[Place]:
    """Every card of a queue, once around."""
    seen, place = [], step(store, person, queue=queue)
    while place is not None and place not in seen:
        seen.append(place)
        place = step(store, person, **{way: place}, queue=queue)
    return seen


def test_without_a_run_there_is_nothing_to_ask(empty):
    assert queries.current_run(empty) is None
    assert queries.next_card(empty, "Ana") is None
    assert queries.progress(empty, "Ana").entries == 0
    assert queries.entries(empty) == queries.EntryPage(0, ())
    assert queries.scores(empty).num_rows == queries.curated(empty).num_rows == 0
    with pytest.raises(Refused, match="none is loaded"):
        queries.card(empty, Place("e0", "C0013604"), "Ana")


def test_cards_come_by_entry_then_rank_and_around_again(store):
    assert walk(store) == walk(store, queue="all") == ORDER
    assert walk(store, step=queries.previous_card, way="before") == ORDER[::-1]
    assert queries.next_card(store, "Ana", after=ORDER[-1]) == ORDER[0]
    assert queries.previous_card(store, "Ana", before=ORDER[0]) == ORDER[-1]


def test_rated_skipped_and_settled_cards_are_passed_over(store):
    rate(store, "Ana", "e0", "C0013604", 5)
    commands.skip(store, "Ana", "e1", "C0000002", command_id=new(), at=AT)
    commands.none_of_these(store, "Ana", "e3", "", command_id=new(), at=AT)
    assert walk(store) == [Place("e0", "C0000002"), Place("e1", "C0020538"), Place("e1", "C0000003")]
    assert walk(store, queue="skipped") == [Place("e1", "C0000002")]
    assert walk(store, "Benoît") == ORDER
    rate(store, "Ana", "e1", "C0000002", 1)
    assert walk(store, queue="skipped") == []
    assert walk(store, queue="mine") == [Place("e0", "C0013604"), Place("e1", "C0000002")]


def test_the_last_card_left_comes_up_again(store):
    for place in ORDER[1:]:
        rate(store, "Ana", *place, 0)
    assert queries.next_card(store, "Ana", after=ORDER[0]) == ORDER[0]
    rate(store, "Ana", *ORDER[0], 0)
    assert queries.next_card(store, "Ana", after=ORDER[0]) is None


def test_found_concepts_come_after_the_candidates_of_their_entry(store):
    for cui in ("C7777777", "C6666666"):
        rate(store, "Ana", "e0", cui, 5, origin="search")
    rate(store, "Ana", "e0", "C0000002", 1)
    rate(store, "Ana", "e1", "C0020538", 5)
    expected = [("e0", "C0000002"), ("e0", "C6666666"), ("e0", "C7777777"), ("e1", "C0020538")]
    assert walk(store, queue="mine") == expected
    assert walk(store, queue="mine", step=queries.previous_card, way="before") == expected[::-1]
    assert queries.next_card(store, "Ana", after=Place("e0", "C7777777")) == ORDER[3]


def test_rating_a_candidate_three_or_more_takes_none_back(store):
    commands.none_of_these(store, "Ana", "e1", "trop vague", command_id=new(), at=AT)
    rate(store, "Ana", "e1", "C0020538", 2)
    rate(store, "Ana", "e1", "C7777777", 5, origin="search")
    card = queries.card(store, ORDER[2], "Ana")
    assert (card.verdict, card.verdict_comment) == ("none", "trop vague")
    rate(store, "Ana", "e1", "C0020538", 3)
    assert queries.card(store, ORDER[2], "Ana").verdict is None
    commands.undo(store, "Ana", command_id=new(), at=AT)
    assert queries.verdicts(store)["comment"].to_pylist() == ["trop vague"]


def test_two_people_are_blind_to_each_other(store):
    before = queries.card(store, ORDER[0], "Benoît")
    rate(store, "Ana", "e0", "C0013604", 5, comment="oui")
    rate(store, "Ana", "e0", "C7777777", 4, origin="search")
    commands.flag(store, "Ana", "e0", "C0000002", True, command_id=new(), at=AT)
    commands.none_of_these(store, "Ana", "e0", "non", command_id=new(), at=AT)
    assert queries.card(store, ORDER[0], "Benoît") == before
    mine = queries.card(store, ORDER[0], "Ana")
    assert [one.rating for one in mine.candidates] == [5, None]
    assert [one.flagged for one in mine.candidates] == [False, True]
    assert (mine.candidates[0].comment, mine.verdict) == ("oui", "none")


def test_a_card_shows_its_entry_and_the_evidence(store):
    card = queries.card(store, Place("e3", "C0015967"), "Ana")
    assert (card.entry.term, card.entry.position, card.entries, card.index) == (TERMS[3], 4, 4, 0)
    [candidate] = card.candidates
    assert (candidate.name, candidate.lat, candidate.encoders) == ("nom de C0015967", "FRE", ("e5", "use"))
    assert candidate.evidence[1] == queries.Evidence("use", 1, 0.25, 0.5)


def test_a_second_run_keeps_ratings_and_asks_only_about_new_pairs(store, tmp_path):
    rate(store, "Ana", "e0", "C0013604", 5, run="first")
    rate(store, "Ana", "e1", "C0000002", 2, run="first")
    second = write_run(tmp_path / "runs" / "second", SECOND)
    assert commands.load_run(store, second, tmp_path / "lexicon", at=AT) == 3
    assert queries.current_run(store).name == "second"
    assert walk(store) == [Place("e0", "C0000009"), Place("e1", "C0020538")]
    assert [one.rating for one in queries.card(store, ORDER[0], "Ana").candidates] == [None, 5]
    [old] = queries.card(store, ORDER[2], "Ana").added
    assert (old.cui, old.name, old.origin, old.rating) == ("C0000002", "nom de C0000002", "candidate", 2)
    counts = queries.progress(store, "Ana")
    assert (counts.rated, counts.rated_by_all, counts.alignments, counts.entries_done) == (1, 1, 3, 0)
    assert queries.curated(store)["encoders"].to_pylist() == [["e5"], []]
    with pytest.raises(Refused, match="not proposed by run 'second'"):
        rate(store, "Ana", "e1", "C0000003", 1, run="second")


def test_loading_a_run_again_changes_nothing_and_going_back_is_an_event(store, tmp_path):
    first, lexicon = tmp_path / "runs" / "first", tmp_path / "lexicon"
    before = len(queries.events(store))
    assert commands.load_run(store, first, lexicon, at=AT) == len(ORDER)
    assert len(queries.events(store)) == before
    commands.load_run(store, write_run(tmp_path / "runs" / "second", SECOND), lexicon, at=AT)
    commands.load_run(store, first, lexicon, at=AT)
    assert queries.current_run(store).name == "first"
    assert walk(store) == ORDER


@pytest.mark.parametrize("proposed", [{}, {"e2": ["C0000005"]}], ids=["no row", "one row"])
def test_tiny_runs(store, tmp_path, proposed):
    run = write_run(tmp_path / "runs" / "tiny", proposed, score=math.nan)
    assert commands.load_run(store, run, tmp_path / "lexicon", at=AT) == len(proposed)
    assert walk(store) == [Place("e2", "C0000005")][: len(proposed)]
    assert queries.progress(store, "Ana").entries_empty == 4 - len(proposed)
    assert all(map(math.isnan, queries.scores(store)["score"].to_pylist()))


@pytest.mark.parametrize(
    ("proposed", "why"),
    [
        ({"e9": ["C0000001"]}, "entry that the lexicon does not have .*'e9'"),
        ({"e0": ["C0000001", "C0000001"]}, "CUI twice in an entry"),
    ],
)
def test_a_run_of_another_lexicon_is_refused_whole(store, tmp_path, proposed, why):
    run = write_run(tmp_path / "runs" / "wrong", proposed)
    with pytest.raises(FormatError, match=why):
        commands.load_run(store, run, tmp_path / "lexicon", at=AT)
    assert queries.current_run(store).name == "first"


def test_a_run_that_is_not_whole_is_named(store, tmp_path):
    with pytest.raises(WorkspaceError, match=r"manifest\.json: not there"):
        commands.load_run(store, tmp_path / "none", tmp_path / "lexicon", at=AT)
    run = write_run(tmp_path / "runs" / "cut", SECOND)
    (run / "merged.parquet").write_bytes((run / "merged.parquet").read_bytes()[:99])
    with pytest.raises(FormatError, match="not a whole Parquet file"):
        commands.load_run(store, run, tmp_path / "lexicon", at=AT)
