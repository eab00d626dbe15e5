"""What people are told of one another: the discussion of a pair that they rated, and how much others did."""

import pytest

from app import session
from app.services import advancement
from curation_db import commands
from curation_db.adjudication import discussion
from curation_db.queries import Place
from tests.curation_db.projects import AT, new, rate

DIABETES = Place("E04", "C0011849")


@pytest.fixture
def talked(joined):
    """Bruno rated diabetes and said why; Chloé has still to rate it."""
    joined("review")
    store = session.store()
    for person in ("Bruno", "Chloé"):
        commands.add_person(store, person, at=AT)
    rate(store, "Bruno", *DIABETES, 5)
    discussion.say(store, "Bruno", DIABETES, "C’est bien la même maladie.", command_id=new(), at=AT)
    return store


def card(joined, person):
    return joined("review", person=person, entry="E04", cui="C0011849", queue="all")


def texts(page):
    return " ".join(one.proto.body for one in page.get("html"))


def test_the_discussion_is_offered_to_whoever_rated_the_pair_and_to_nobody_else(joined, talked):
    assert not card(joined, "Chloé").toggle
    assert not card(joined, "Amélie").toggle  # an administrator, who has still to rate it blind
    rate(talked, "Chloé", *DIABETES, 2)
    page = card(joined, "Chloé")
    assert page.toggle[0].label == "Discussion (1)"
    assert "la même maladie" not in texts(page)


def test_whoever_opens_the_discussion_reads_it(joined, talked):
    rate(talked, "Chloé", *DIABETES, 2)
    page = card(joined, "Chloé")
    page.toggle[0].set_value(True).run()
    assert "la même maladie" in texts(page)


def test_who_settles_a_pair_reads_the_reason_in_words(joined, talked):
    rate(talked, "Chloé", *DIABETES, 2, reason="too-broad")
    said = texts(joined("adjudication", entry=DIABETES.entry_id, cui=DIABETES.cui))
    assert "trop général" in said
    assert "too-broad" not in said


def test_an_annotator_sees_how_much_others_did_and_not_what_they_said(joined, talked):
    commands.no_concept(talked, "Bruno", "E05", command_id=new(), at=AT)
    told = joined("progress", person="Chloé").dataframe[0].value.set_index("Personne")
    assert told.loc["Bruno", "Évaluations"] == "1"
    assert told.loc["Bruno", ["Aucun ne convient", "Aucun concept", "Secondes (médiane)"]].tolist() == ["–"] * 3
    assert told.loc["Chloé", "Aucun concept"] == "0"
    assert advancement.people(talked, "Chloé")["Bruno"].absent is None


def test_who_may_see_figures_sees_no_concept_apart_from_no_candidate(joined, talked):
    commands.no_concept(talked, "Bruno", "E05", command_id=new(), at=AT)
    told = joined("progress").dataframe[0].value.set_index("Personne")
    assert told.loc["Bruno", ["Aucun ne convient", "Aucun concept"]].tolist() == ["0", "1"]
