"""Nobody sees an encoder, a score or another's rating before their own; what they saw is known of each rating."""

import dataclasses

import pytest

from app.services import appearance, veil
from app.services.appearance import Sitting
from curation_db import access, commands, queries
from curation_db.judging import blindness
from curation_db.judging.blindness import Blindness
from curation_db.queries import Filters
from curation_db.rating_plans import assignments, claims, designs
from curation_db.rating_plans.dealing import Design
from pipeline.errors import InputError, Refused
from tests.app import fixture_workspace
from tests.curation_db.projects import AT, new, rate

TOLD = {*fixture_workspace.ENCODERS, "encoder", "cosine"}


@pytest.fixture
def team(store):
    for name in ("Bruno", "Chloé"):
        commands.add_person(store, name, at=AT)
    return store


def drawn(store, person, place=None, **here):
    place = place or queries.next_card(store, person)
    return veil.veiled(store, queries.card(store, place, person), person, Sitting(**here), at=AT)


def blind(store, person):
    return [event.blind for event in queries.events(store, person=person) if event.kind == "rate"]


def test_before_rating_the_card_tells_nothing_of_encoders_or_scores(team):
    for person in ("Amélie", "Bruno"):
        card = drawn(team, person)
        assert all((one.encoders, one.evidence, one.score) == ((), (), None) for one in card.candidates)
        assert not any(word in repr(dataclasses.asdict(card)) for word in fixture_workspace.ENCODERS)


def test_what_the_ledger_keeps_is_not_veiled(team):
    here = Sitting()
    card = appearance.arrive(team, here, "Bruno")
    showing = appearance.appear(here, card, "Bruno", 0.0)
    assert showing.encoders
    assert showing.score is not None


def test_who_narrows_the_queue_to_an_encoder_knows_who_proposed_and_rates_blind_no_more(team):
    place = queries.next_card(team, "Amélie", only=Filters(encoder="letters-a"))
    drawn(team, "Amélie", place, only=Filters(encoder="letters-a"))
    drawn(team, "Amélie", place)  # the filter is cleared; what it said is known
    for person in ("Amélie", "Bruno"):
        rate(team, person, *place, 4)
    assert (blind(team, "Amélie"), blind(team, "Bruno")) == ([False], [True])


def test_after_rating_the_evidence_of_that_pair_alone_is_shown(team):
    place = queries.next_card(team, "Bruno")
    rate(team, "Bruno", *place, 4)
    shown = [one.cui for one in drawn(team, "Bruno", place).candidates if one.evidence]
    assert shown == [place.cui]


def test_a_rating_is_blind_until_its_evidence_was_seen(team):
    place = queries.next_card(team, "Bruno")
    rate(team, "Bruno", *place, 4)
    rate(team, "Bruno", *place, 3)
    drawn(team, "Bruno", place)
    rate(team, "Bruno", *place, 5)
    rate(team, "Chloé", *place, 5)
    assert blind(team, "Bruno") == [False, True, True]
    assert blind(team, "Chloé") == [True]


def test_taking_a_rating_back_hides_what_was_seen_but_not_that_it_was(team):
    place = queries.next_card(team, "Bruno")
    rate(team, "Bruno", *place, 4)
    drawn(team, "Bruno", place)
    commands.undo(team, "Bruno", command_id=new(), at=AT)
    assert not any(one.evidence for one in drawn(team, "Bruno", place).candidates)
    rate(team, "Bruno", *place, 2)
    assert blind(team, "Bruno")[0] is False


def test_a_rating_of_a_pair_whose_scores_were_shown_is_not_blind(team):
    place = queries.next_card(team, "Bruno")
    blindness.reveal(team, "Bruno", [place], at=AT)
    assert rate(team, "Bruno", *place, 2).blind is False


def test_what_was_shown_is_recorded_once(team):
    place = queries.next_card(team, "Bruno")
    rate(team, "Bruno", *place, 4)
    for _ in range(3):
        drawn(team, "Bruno", place)
    assert [event.kind for event in queries.events(team, person="Bruno")].count("reveal") == 1


def test_a_second_pass_is_drawn_as_if_never_rated(team):
    place = queries.next_card(team, "Bruno")
    rate(team, "Bruno", *place, 4, comment="proche")
    card = drawn(team, "Bruno", place, queue="again")
    said = appearance.standing(card)
    assert (said.rating, said.comment, said.evidence) == (None, "", ())


def test_others_ratings_are_never_shown_unless_the_project_says_so(team):
    place = queries.next_card(team, "Bruno")
    for person in ("Amélie", "Bruno"):
        rate(team, person, *place, 4)
    with pytest.raises(Refused, match="other people's ratings are not shown in this project"):
        veil.others(team, "Bruno", place)


def test_others_ratings_are_shown_after_ones_own_where_the_project_says_so(team):
    veil.agree(team, "Amélie", Blindness(others="after"), at=AT)
    place = queries.next_card(team, "Bruno")
    rate(team, "Amélie", *place, 1)
    with pytest.raises(Refused, match=r"Bruno has not rated .*; rate it first"):
        veil.others(team, "Bruno", place)
    rate(team, "Bruno", *place, 4)
    drawn(team, "Bruno", place)
    assert veil.others(team, "Bruno", place) == [("Amélie", 1)]
    assert rate(team, "Bruno", *place, 2).blind is False


def test_where_nothing_is_hidden_no_rating_is_blind(team):
    veil.agree(team, "Amélie", Blindness(hidden=False), at=AT)
    place = queries.next_card(team, "Bruno")
    assert any(one.evidence for one in drawn(team, "Bruno", place).candidates)
    assert rate(team, "Bruno", *place, 2).blind is False


def test_only_a_designer_lifts_the_veil(team):
    with pytest.raises(Refused, match="Bruno is annotator"):
        veil.agree(team, "Bruno", Blindness(hidden=False), at=AT)
    with pytest.raises(InputError, match="expected hidden True or False"):
        veil.agree(team, "Amélie", Blindness(others="always"), at=AT)


def test_who_may_not_look_is_shown_nothing(team):
    access.set_role(team, "Amélie", "Bruno", "former", at=AT)
    with pytest.raises(Refused):
        blindness.reveal(team, "Bruno", [("E01", None)], at=AT)


def test_in_a_pool_two_sittings_are_at_two_entries(team):
    designs.agree(team, "Amélie", Design(way="pool"), at=AT)
    first, second = Sitting(), Sitting()
    assert appearance.arrive(team, first, "Bruno").entry.entry_id == "E01"
    assert appearance.arrive(team, second, "Chloé").entry.entry_id == "E02"


def test_who_comes_a_moment_too_late_is_led_on(team):
    designs.agree(team, "Amélie", Design(way="pool"), at=AT)
    late = Sitting(place=queries.next_card(team, "Chloé"))
    assert assignments.take(team, "Bruno", late.place.entry_id)
    assert appearance.arrive(team, late, "Chloé").entry.entry_id == "E02"
    claims.of(team).release("Bruno")
    assert assignments.take(team, "Chloé", "E01")
