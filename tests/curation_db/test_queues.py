"""Which card comes next in each queue, for whom, and narrowed to what."""

import time
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from curation_db import access, commands, queries
from curation_db.judging import second_pass
from curation_db.queries import Filters, Place
from curation_db.queues import board
from curation_db.rating_plans import assignments
from curation_db.store import open_store
from pipeline.errors import InputError, Refused
from tests.curation_db.projects import AT, FIRST, SECOND, new, rate, write_lexicon, write_run

ORDER = [Place(entry_id, cui) for entry_id, cuis in FIRST.items() for cui in cuis]
OEDEME, HYPERTENSION, FIEVRE = ORDER[0], ORDER[2], ORDER[5]
TOMORROW = AT + timedelta(days=1, seconds=1)


def walk(store, person="Ana", step=queries.next_card, way="after", **options):
    """Every card of a queue, once around."""
    seen, place = [], step(store, person, **options)
    while place is not None and place not in seen:
        seen.append(place)
        place = step(store, person, **{way: place}, **options)
    return seen


@pytest.fixture
def scored(empty, tmp_path):
    """A run of one candidate an entry, the first scored highest; Ana may adjudicate, Benoît rates."""
    lexicon = write_lexicon(tmp_path / "lexicon")
    run = write_run(
        tmp_path / "runs" / "scored", {f"e{i}": [f"C000000{i}"] for i in range(4)}, [0.9, 0.6, 0.3, 0.1]
    )
    commands.load_run(empty, run, lexicon, at=AT)
    return empty


def test_ratings_two_apart_or_astride_three_are_disagreements(store):
    for place, ana, benoit in ((OEDEME, 5, 3), (ORDER[1], 2, 3), (HYPERTENSION, 4, 5), (FIEVRE, 0, 1)):
        rate(store, "Ana", *place, ana)
        rate(store, "Benoît", *place, benoit)
    assert walk(store, queue="disagreements") == [OEDEME, ORDER[1]]
    assert queries.counts(store, "Ana")["disagreements"] == 2


def test_a_change_of_mind_and_an_undo_settle_a_disagreement(store):
    rate(store, "Ana", *OEDEME, 5)
    rate(store, "Benoît", *OEDEME, 0)
    assert walk(store, queue="disagreements") == [OEDEME]
    rate(store, "Benoît", *OEDEME, 5)
    assert walk(store, queue="disagreements") == []
    commands.undo(store, "Benoît", command_id=new(), at=AT)
    assert walk(store, queue="disagreements") == [OEDEME]


def test_a_concept_that_people_found_can_be_a_disagreement(store):
    rate(store, "Ana", "e0", "C7777777", 5, origin="search")
    rate(store, "Benoît", "e0", "C7777777", 1, origin="search")
    assert walk(store, queue="disagreements") == [Place("e0", "C7777777")]


def test_disagreements_are_refused_to_those_who_rate_blind(store):
    assert access.role(store, "Benoît") == "annotator"
    with pytest.raises(Refused, match=r"Benoît is annotator.*adjudicate"):
        queries.next_card(store, "Benoît", queue="disagreements")
    assert "disagreements" not in queries.counts(store, "Benoît")


def test_an_encoder_is_no_filter_for_those_who_rate_blind(store):
    only = Filters(encoder="use")
    assert walk(store, only=only) == [OEDEME, HYPERTENSION, FIEVRE]
    with pytest.raises(Refused, match="figures"):
        queries.next_card(store, "Benoît", only=only)


def test_a_queue_that_is_not_one_is_named(store):
    with pytest.raises(InputError, match="expected unrated, useful"):
        queries.next_card(store, "Ana", queue="hasard")


def test_an_annotator_meets_own_flags_an_adjudicator_all(store):
    commands.flag(store, "Benoît", *FIEVRE, True, command_id=new(), at=AT)
    commands.flag(store, "Ana", *OEDEME, True, command_id=new(), at=AT)
    assert walk(store, "Benoît", queue="flagged") == [FIEVRE]
    assert walk(store, "Ana", queue="flagged") == [OEDEME, FIEVRE]
    commands.flag(store, "Benoît", *FIEVRE, False, command_id=new(), at=AT)
    assert walk(store, "Ana", queue="flagged") == [OEDEME]


def test_what_was_said_before_the_store_was_opened_counts(store, tmp_path):
    rate(store, "Ana", *OEDEME, 5)
    rate(store, "Benoît", *OEDEME, 1)
    rate(store, "Ana", "e0", "C7777777", 4, origin="search")
    commands.skip(store, "Ana", *HYPERTENSION, command_id=new(), at=AT)
    commands.none_of_these(store, "Ana", "e3", command_id=new(), at=AT)
    before = {queue: walk(store, queue=queue) for queue in ("unrated", "mine", "skipped", "disagreements")}
    store.close()
    with open_store(tmp_path / "curation.duckdb") as again:
        assert {queue: walk(again, queue=queue) for queue in before} == before
        assert queries.counts(again, "Ana") == {"flagged": 0, "mine": 2, "skipped": 1, "disagreements": 1}


def test_going_back_one_meets_what_was_just_rated(store):
    rate(store, "Ana", *OEDEME, 5)
    for queue in ("unrated", "useful", "near"):
        following = queries.next_card(store, "Ana", after=OEDEME, queue=queue)
        back = walk(store, step=queries.previous_card, way="before", queue=queue)
        assert OEDEME in back
        assert following in back
    assert queries.previous_card(store, "Ana", before=ORDER[1], queue="unrated") == OEDEME


def test_without_ratings_the_dispute_of_the_encoders_ranks(scored):
    # only "use" and "e5" agreeing on the first rank: no dispute anywhere, so the lexicon's order stays
    assert walk(scored, "Benoît", queue="useful") == [Place(f"e{i}", f"C000000{i}") for i in range(4)]


def test_what_one_encoder_alone_proposes_is_more_useful(store):
    disputed = [ORDER[1], ORDER[3], ORDER[4]]
    assert walk(store, "Benoît", queue="useful")[:3] == disputed


def test_near_goes_by_the_expected_rating_and_for_adjudicators_by_the_median(scored):
    places = [Place(f"e{i}", f"C000000{i}") for i in range(4)]
    for place, rating in zip(places, (5, 2, 3, 0), strict=True):
        rate(scored, "Benoît", *place, rating)
    commands.add_person(scored, "Chloé", at=AT)
    assert walk(scored, "Chloé", queue="near") == [places[i] for i in (1, 2, 0, 3)]
    assert walk(scored, "Ana", queue="near") == [places[i] for i in (2, 1, 0, 3)]
    assert walk(scored, "Benoît", queue="near") == []


def test_an_order_is_made_anew_beside_the_work(scored, monkeypatch):
    monkeypatch.setattr(board, "EVERY", 1)
    places = [Place(f"e{i}", f"C000000{i}") for i in range(4)]
    assert walk(scored, "Ana", queue="near") == places
    for place, rating in zip(places, (5, 2, 3, 0), strict=True):
        rate(scored, "Benoît", *place, rating)
    end = time.monotonic() + 20
    while walk(scored, "Ana", queue="near") != [places[i] for i in (2, 1, 0, 3)]:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_many_events_at_once_are_read_anew(store, monkeypatch):
    assert walk(store) == ORDER
    monkeypatch.setattr(board, "MANY", 1)
    rate(store, "Ana", *OEDEME, 5)
    rate(store, "Ana", *FIEVRE, 2)
    assert walk(store) == ORDER[1:5]


def test_new_is_what_no_earlier_run_in_use_had(store, tmp_path):
    assert walk(store, queue="new") == []
    second = write_run(tmp_path / "runs" / "second", SECOND)
    commands.load_run(store, second, tmp_path / "lexicon", at=AT)
    assert walk(store, queue="new") == [Place("e0", "C0000009")]
    rate(store, "Ana", "e0", "C0000009", 2)
    assert walk(store, queue="new") == []
    assert walk(store, "Benoît", queue="new") == [Place("e0", "C0000009")]


def test_a_design_restricts_what_is_to_rate_and_nothing_else(store, monkeypatch):
    only_fever = assignments.Restriction(np.array([3]), np.array([0]))
    monkeypatch.setattr(assignments, "restriction", lambda *_: only_fever)
    assert queries.next_card(store, "Ana") == FIEVRE
    rate(store, "Ana", *FIEVRE, 5)
    for queue in ("unrated", "useful", "near"):
        assert set(walk(store, queue=queue)) == set(ORDER[:2])
    assert walk(store, queue="all") == ORDER


@pytest.fixture
def rested(store, monkeypatch):
    """Ana's five ratings, all of which are in the sample."""
    monkeypatch.setattr(second_pass, "SHARE", 1)
    for place in ORDER[4::-1]:
        rate(store, "Ana", *place, 4)
    return store


def again(store, place, rating, person="Ana"):
    judgement = commands.Judgement(command_id=new(), person=person, entry_id=place[0], cui=place[1], rating=rating)
    return second_pass.again(store, judgement, at=TOMORROW)


def test_own_ratings_come_again_after_a_day_the_oldest_first(rested):
    assert walk(rested, queue="again", at=AT + timedelta(hours=23)) == []
    assert walk(rested, queue="again", at=TOMORROW) == ORDER[4::-1]
    assert walk(rested, "Benoît", queue="again", at=TOMORROW) == []
    back = walk(rested, step=queries.previous_card, way="before", queue="again", at=TOMORROW)
    assert back == ORDER[:5]


def test_a_second_rating_is_kept_and_changes_nothing(rested):
    before = queries.curated(rested)
    assert again(rested, OEDEME, 1).kind == "again"
    assert queries.curated(rested).equals(before)
    assert queries.card(rested, OEDEME, "Ana").candidates[0].rating == 4
    assert OEDEME not in walk(rested, queue="again", at=TOMORROW)
    commands.undo(rested, "Ana", command_id=new(), at=TOMORROW)
    assert OEDEME in walk(rested, queue="again", at=TOMORROW)


def test_after_a_second_rating_the_queue_goes_on_from_there(rested):
    again(rested, ORDER[3], 4)
    assert queries.next_card(rested, "Ana", after=ORDER[3], queue="again", at=TOMORROW) == ORDER[2]


def test_a_pair_that_one_never_rated_has_no_second_pass(rested):
    with pytest.raises(Refused, match="not rated by Ana"):
        again(rested, FIEVRE, 3)
    with pytest.raises(Refused, match="not rated by Benoît"):
        again(rested, OEDEME, 3, "Benoît")


def test_the_sample_is_the_same_every_time(store):
    for place in ORDER:
        rate(store, "Ana", *place, 4)
    sample = walk(store, queue="again", at=TOMORROW)
    assert sample == walk(store, queue="again", at=TOMORROW + timedelta(days=9))
    assert len(sample) < len(ORDER)


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (Filters(letter="œ"), ORDER[:2]),
        (Filters(letter="H"), ORDER[2:5]),
        (Filters(text="ARTERI"), ORDER[2:5]),
        (Filters(letter="f", text="arteri"), []),
        (
            Filters(type="Sign or Symptom", concepts=pa.array(["C0015967", "C0000002"])),
            [ORDER[1], ORDER[3], FIEVRE],
        ),
        (Filters(rated=(4, 5)), [OEDEME]),
        (Filters(rated=(0, 5)), [OEDEME, HYPERTENSION]),
        (Filters(flagged=True), [HYPERTENSION]),
    ],
)
def test_a_queue_narrowed(store, only, expected):
    rate(store, "Ana", *OEDEME, 4)
    rate(store, "Ana", *HYPERTENSION, 1)
    rate(store, "Benoît", *FIEVRE, 5)
    commands.flag(store, "Ana", *HYPERTENSION, True, command_id=new(), at=AT)
    assert walk(store, queue="all", only=only) == expected


def test_found_concepts_are_narrowed_too(store):
    rate(store, "Ana", "e0", "C7777777", 5, origin="search")
    found = Place("e0", "C7777777")
    for only, expected in (
        (Filters(letter="o"), [found]),
        (Filters(letter="h"), []),
        (Filters(rated=(5, 5)), [found]),
        (Filters(encoder="e5"), []),
        (Filters(type="Finding", concepts=pa.array(["C7777777"])), [found]),
    ):
        assert walk(store, queue="mine", only=only) == expected
