"""Pairs to settle, decisions that win over ratings, and what takes a decision back."""

import pytest

from curation_db import access, commands, queries
from curation_db.adjudication import discussion
from curation_db.adjudication.cases import cases
from curation_db.adjudication.decisions import decide, reopen
from curation_db.adjudication.hearing import hearing
from curation_db.queries import Place
from curation_db.safety import history
from pipeline.errors import InputError, Refused
from tests.curation_db.projects import AT, SECOND, new, rate, write_lexicon, write_run

OEDEME = Place("e0", "C0013604")
HTA = Place("e1", "C0020538")


@pytest.fixture
def team(store):
    """Ana administers, Benoît and Chloé annotate, Dina adjudicates."""
    for name in ("Chloé", "Dina"):
        commands.add_person(store, name, at=AT)
    access.set_role(store, "Ana", "Dina", "adjudicator", at=AT)
    return store


def settle(store, by, place, rating, **values):
    said = {"seen": hearing(store, "Dina", place).seen, "command_id": new(), "at": AT} | values
    return decide(store, by, place, rating, **said)


def curated(store):
    return {(row["entry_id"], row["CUI"]): row for row in queries.curated(store).to_pylist()}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([(5, {}), (3, {})], ("spread",)),
        ([(3, {}), (2, {})], ("threshold",)),
        ([(5, {}), (1, {})], ("spread", "threshold")),
        ([(4, {"relation": "exact"}), (4, {"relation": "broader"})], ("relation",)),
        ([(4, {"relation": "exact"}), (5, {})], None),
        ([(5, {}), (4, {})], None),
        ([(0, {})], None),
    ],
)
def test_a_pair_is_to_settle_where_ratings_differ(team, said, why):
    for person, (rating, values) in zip(("Benoît", "Chloé"), said, strict=False):
        rate(team, person, *OEDEME, rating, **values)
    assert [(one.place, one.why) for one in cases(team, "Dina")] == ([(OEDEME, why)] if why else [])


def test_a_flag_alone_is_a_case_until_it_is_lowered(team):
    commands.flag(team, "Benoît", *HTA, True, command_id=new(), at=AT)
    assert [(one.why, one.ratings) for one in cases(team, "Dina")] == [(("flagged",), ())]
    commands.flag(team, "Benoît", *HTA, False, command_id=new(), at=AT)
    assert cases(team, "Dina") == ()


def test_nothing_fits_for_one_what_another_rates_5(team):
    rate(team, "Benoît", *OEDEME, 5)
    commands.none_of_these(team, "Chloé", "e0", "trop général", command_id=new(), at=AT)
    [case] = cases(team, "Dina")
    assert (case.place, case.why, case.ratings) == (OEDEME, ("verdict",), (5,))
    [verdict] = hearing(team, "Dina", OEDEME).verdicts
    assert (verdict.person, verdict.verdict, verdict.comment) == ("Chloé", "none", "trop général")


def test_cases_are_filtered_and_come_in_the_lexicon_s_order(team):
    for place in (HTA, OEDEME):
        rate(team, "Benoît", *place, 5, comment="oui")
        rate(team, "Chloé", *place, 0)
    commands.flag(team, "Chloé", *HTA, True, command_id=new(), at=AT)
    assert [one.place for one in cases(team, "Dina")] == [OEDEME, HTA]
    assert [one.place for one in cases(team, "Dina", text="ARTERIELLE")] == [HTA]
    assert [one.place for one in cases(team, "Dina", why=("flagged",))] == [HTA]
    with pytest.raises(InputError, match="expected open, doubtful, decided"):
        cases(team, "Dina", "lost")


def test_a_hearing_shows_what_each_said_and_how(team):
    rate(team, "Benoît", *OEDEME, 5, relation="exact", seconds=2.5, comment="même sens")
    rate(team, "Chloé", *OEDEME, 1, relation="related", reason="trop large")
    high, low = hearing(team, "Dina", OEDEME).sides
    assert (high.person, high.rating, high.relation, high.comment, high.seconds) == (
        "Benoît", 5, "exact", "même sens", 2.5,
    )  # fmt: skip
    assert (low.person, low.rating, low.reason, low.blind) == ("Chloé", 1, "trop large", True)


def test_a_decision_goes_before_every_rating_and_settles_the_case(team):
    rate(team, "Benoît", *OEDEME, 5, relation="exact")
    rate(team, "Chloé", *OEDEME, 1)
    settle(team, "Dina", OEDEME, 5, relation="narrower", text="même sens, plus précis")
    row = curated(team)[OEDEME]
    assert (row["rating"], row["relation"], row["raters"], row["decided_by"]) == (5, "narrower", 2, "Dina")
    assert cases(team, "Dina") == ()
    assert [one.place for one in cases(team, "Dina", "decided")] == [OEDEME]
    [decision] = queries.decisions(team).to_pylist()
    assert (decision["person"], decision["text"], decision["run"]) == ("Dina", "même sens, plus précis", "first")


def test_a_decision_is_no_judgement_of_its_adjudicator(team):
    rate(team, "Dina", *OEDEME, 1, comment="à voir")
    rate(team, "Benoît", *OEDEME, 4)
    settle(team, "Dina", OEDEME, 4, text="Benoît a raison")
    card = queries.card(team, OEDEME, "Dina")
    assert (card.candidates[0].rating, card.candidates[0].comment) == (1, "à voir")


def test_what_no_rater_said_needs_a_reason(team):
    rate(team, "Benoît", *OEDEME, 5)
    rate(team, "Chloé", *OEDEME, 1)
    with pytest.raises(InputError, match="rating 3 with no reason: the raters' are 1, 5"):
        settle(team, "Dina", OEDEME, 3, text="  ")
    assert settle(team, "Dina", OEDEME, 3, text="signe, non maladie").text == "signe, non maladie"


def test_the_second_adjudicator_is_told_who_decided_meanwhile(team):
    rate(team, "Benoît", *OEDEME, 5)
    rate(team, "Chloé", *OEDEME, 1)
    seen = hearing(team, "Ana", OEDEME).seen
    settle(team, "Dina", OEDEME, 5)
    with pytest.raises(Refused, match=r"Dina said decide 5 at 2026-03-02 09:30 UTC meanwhile"):
        settle(team, "Ana", OEDEME, 1, seen=seen)
    assert curated(team)[OEDEME]["rating"] == 5


def test_who_decides_must_have_seen_the_last_rating(team):
    rate(team, "Benoît", *OEDEME, 5)
    seen = hearing(team, "Dina", OEDEME).seen
    rate(team, "Chloé", *OEDEME, 0)
    with pytest.raises(Refused, match=r"Chloé said rate 0 at .* meanwhile; look at it"):
        settle(team, "Dina", OEDEME, 5, seen=seen)
    commands.skip(team, "Chloé", *OEDEME, command_id=new(), at=AT)
    settle(team, "Dina", OEDEME, 5, seen=seen + 1)


def test_a_key_pressed_twice_decides_once(team):
    rate(team, "Benoît", *OEDEME, 5)
    press = {"command_id": new(), "seen": hearing(team, "Dina", OEDEME).seen}
    assert settle(team, "Dina", OEDEME, 5, **press) == settle(team, "Dina", OEDEME, 5, **press)
    with pytest.raises(Refused, match="give every command an identifier of its own"):
        settle(team, "Dina", OEDEME, 4, **press)


def test_a_decision_is_reopened_with_a_reason_and_both_are_kept(team):
    rate(team, "Benoît", *OEDEME, 5)
    rate(team, "Chloé", *OEDEME, 1)
    settle(team, "Dina", OEDEME, 5)
    act = {"command_id": new(), "at": AT}
    with pytest.raises(InputError, match="expected what speaks against the decision"):
        reopen(team, "Dina", OEDEME, " ", seen=hearing(team, "Dina", OEDEME).seen, **act)
    reopen(team, "Dina", OEDEME, "nouvelle définition", seen=hearing(team, "Dina", OEDEME).seen, **act)
    assert (curated(team)[OEDEME]["rating"], curated(team)[OEDEME]["decided"]) == (1, False)
    [case] = cases(team, "Dina")
    assert case.why == ("reopened", "spread", "threshold")
    settle(team, "Ana", OEDEME, 1)
    past = hearing(team, "Dina", OEDEME).past
    assert [(one.kind, one.person, one.text) for one in past] == [
        ("decide", "Dina", ""), ("reopen", "Dina", "nouvelle définition"), ("decide", "Ana", ""),
    ]  # fmt: skip
    with pytest.raises(Refused, match="no decision stands"):
        reopen(team, "Dina", HTA, "rien à rouvrir", seen=0, command_id=new(), at=AT)


def test_an_undone_decision_never_counted(team):
    rate(team, "Benoît", *OEDEME, 5)
    rate(team, "Chloé", *OEDEME, 1)
    settle(team, "Dina", OEDEME, 5)
    commands.undo(team, "Dina", command_id=new(), at=AT)
    assert curated(team)[OEDEME]["rating"] == 1
    [past] = hearing(team, "Dina", OEDEME).past
    assert past.undone
    assert hearing(team, "Dina", OEDEME).standing is None


def test_a_later_rating_that_contradicts_a_decision_raises_a_doubt(team):
    rate(team, "Benoît", *OEDEME, 5)
    rate(team, "Chloé", *OEDEME, 1)
    settle(team, "Dina", OEDEME, 5)
    rate(team, "Ana", *OEDEME, 4)
    assert cases(team, "Dina", "doubtful") == ()
    rate(team, "Ana", *OEDEME, 2)
    assert [one.doubts for one in cases(team, "Dina", "doubtful")] == [("later",)]


def test_a_run_that_says_something_else_raises_a_doubt(team, tmp_path):
    rate(team, "Benoît", *OEDEME, 5)
    rate(team, "Benoît", *HTA, 4)
    for place in (OEDEME, HTA):
        settle(team, "Dina", place, 5, text="oui")
    lexicon = write_lexicon(tmp_path / "lexicon")
    commands.load_run(team, write_run(tmp_path / "runs" / "second", SECOND), lexicon, at=AT)
    # e0: the second rank of e5 alone, the first of both before; e1: as before
    assert [(one.place, one.doubts) for one in cases(team, "Dina", "doubtful")] == [(OEDEME, ("moved",))]
    assert [one.place for one in cases(team, "Dina", "decided")] == [HTA]


def test_annotators_and_readers_are_refused_everything(team):
    access.set_role(team, "Ana", "Chloé", "reader", at=AT)
    rate(team, "Ana", *OEDEME, 5)
    act = {"command_id": new(), "at": AT}
    for person in ("Benoît", "Chloé"):
        for attempt in (
            lambda person=person: cases(team, person),
            lambda person=person: hearing(team, person, OEDEME),
            lambda person=person: decide(team, person, OEDEME, 5, seen=0, **act),
            lambda person=person: reopen(team, person, OEDEME, "non", seen=0, **act),
        ):
            with pytest.raises(Refused, match=rf"{person} is \w+, expected adjudicator"):
                attempt()


def test_a_thread_is_read_and_joined_by_those_who_rated(team):
    rate(team, "Benoît", *OEDEME, 5)
    discussion.say(team, "Benoît", OEDEME, "« enflure » le dit aussi", command_id=new(), at=AT)
    assert not discussion.readable(team, "Chloé", OEDEME)
    for attempt in (
        lambda: discussion.thread(team, "Chloé", OEDEME),
        lambda: discussion.say(team, "Chloé", OEDEME, "moi aussi", command_id=new(), at=AT),
    ):
        with pytest.raises(Refused, match="Chloé has not rated it; rate it first"):
            attempt()
    rate(team, "Chloé", *OEDEME, 2)
    discussion.say(team, "Chloé", OEDEME, "non : plus large", command_id=new(), at=AT)
    words = discussion.thread(team, "Dina", OEDEME)
    assert [(one.person, one.text) for one in words] == [
        ("Benoît", "« enflure » le dit aussi"), ("Chloé", "non : plus large"),
    ]  # fmt: skip


def test_a_word_is_taken_back_and_an_empty_one_refused(team):
    discussion.say(team, "Dina", OEDEME, "à revoir", command_id=new(), at=AT)
    commands.undo(team, "Dina", command_id=new(), at=AT)
    assert discussion.thread(team, "Dina", OEDEME) == ()
    with pytest.raises(InputError, match="expected what is to be said"):
        discussion.say(team, "Dina", OEDEME, " ", command_id=new(), at=AT)


def test_a_reader_reads_the_thread_and_says_nothing(team):
    access.set_role(team, "Ana", "Chloé", "reader", at=AT)
    assert discussion.thread(team, "Chloé", OEDEME) == ()
    with pytest.raises(Refused, match="Chloé is reader, expected annotator"):
        discussion.say(team, "Chloé", OEDEME, "oui", command_id=new(), at=AT)


def test_an_annotator_s_history_is_their_own_and_says_no_score(team):
    rate(team, "Benoît", *OEDEME, 5, encoders=("e5",), rank=1, score=0.5)
    rate(team, "Chloé", *OEDEME, 2, encoders=("e5",), rank=1, score=0.5)
    commands.undo(team, "Chloé", command_id=new(), at=AT)
    own = history.of_entry(team, "Chloé", "e0")
    assert [(one.kind, one.undone, one.encoders) for one in own] == [("undo", False, None), ("rate", True, None)]
    every = history.of_entry(team, "Dina", "e0")
    assert [(one.person, one.kind, one.encoders) for one in every] == [
        ("Chloé", "undo", None), ("Chloé", "rate", ("e5",)), ("Benoît", "rate", ("e5",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("relations", "curated_relation"),
    [
        (["exact", "exact", None], "exact"),
        (["exact", None], None),
        (["exact", "broader"], None),
        (["broader", "exact", "broader"], "broader"),
        ([None], None),
    ],
)
def test_without_a_decision_the_relation_is_the_majority_s(store, relations, curated_relation):
    for number, relation in enumerate(relations):
        rate(store, commands.add_person(store, f"P{number}", at=AT), *OEDEME, 4, relation=relation)
    assert curated(store)[OEDEME]["relation"] == curated_relation
