"""Who may see the agreement, what they see, and that it follows the ratings."""

import csv
import io
import json
import uuid

import pytest

from app import session
from app.services import agreement
from curation_db import commands
from curation_db.commands import Judgement
from pipeline.errors import Refused

PEOPLE = {"Amélie": (5, 4, 0, 2, 5, 1), "Benoît": (5, 5, 0, 3, 4, 0)}


def rate(store, person, place, rating):
    given = Judgement(
        command_id=str(uuid.uuid4()),
        person=person,
        entry_id=f"E{place:02d}",
        cui=f"C900000{place}",
        rating=rating,
        origin="search",
        seconds=3.0 + place,
    )
    commands.rate(store, given, at=session.now())


def rate_all(store):
    for person, ratings in PEOPLE.items():
        commands.add_person(store, person, at=session.now())
        for place, rating in enumerate(ratings, 1):
            rate(store, person, place, rating)


def test_a_report_of_the_project(project, store):
    rate_all(store)
    found = agreement.report(project, store, "Amélie")
    assert (found.overall.pairs, found.overall.people) == (6, 2)
    assert found.overall.alpha.value == pytest.approx(0.8444, abs=5e-5)  # as the package krippendorff has it
    assert list(found.encoders) == ["search"]


def test_types_are_those_of_the_release(project, store):
    for person, rating in (("Amélie", 5), ("Benoît", 4)):
        commands.add_person(store, person, at=session.now())
        judgement = Judgement(
            command_id=str(uuid.uuid4()),
            person=person,
            entry_id="E03",
            cui="C0018681",
            rating=rating,
            origin="search",
        )
        commands.rate(store, judgement, at=session.now())
    assert list(agreement.report(project, store, "Amélie").types) == ["Sign or Symptom"]


def test_an_annotator_is_refused_below_the_screen_too(project, store):
    rate_all(store)
    for ask in (lambda: agreement.version(store, "Benoît"), lambda: agreement.report(project, store, "Benoît")):
        with pytest.raises(Refused, match="Benoît is annotator"):
            ask()


def test_the_report_is_offered_as_csv_and_json(project, store):
    rate_all(store)
    files = agreement.downloads(agreement.report(project, store, "Amélie"))
    rows = list(csv.DictReader(io.StringIO(files["agreement.csv"].decode("utf-8-sig"))))
    assert rows[0]["figure"] == "overall alpha"
    assert {row["of"] for row in rows if row["figure"] == "person deviation"} == set(PEOPLE)
    assert json.loads(files["agreement.json"])["overall"]["pairs"] == 6


@pytest.mark.parametrize(("language", "alpha"), [("fr", "0,844"), ("en", "0.844")])
def test_the_screen_tells_alpha_and_follows_the_next_rating(joined, language, alpha):
    joined("review")  # takes the run into use
    rate_all(session.store())
    page = joined("agreement", lang=language)
    assert not page.exception
    assert page.metric[0].value == alpha
    rate(session.store(), "Benoît", 6, 1)
    assert joined("agreement", lang=language).metric[0].value != alpha


def test_the_screen_refuses_an_annotator_even_when_the_figures_are_kept(joined):
    joined("review")  # takes the run into use
    rate_all(session.store())
    assert len(joined("agreement").metric) == 5
    page = joined("agreement", person="Benoît")
    assert len(page.metric) == 0
    assert "Benoît is annotator" in page.error[0].value


def test_one_person_alone_is_told_why_there_is_no_alpha(joined):
    joined("review")  # takes the run into use
    rate(session.store(), "Amélie", 1, 5)
    page = joined("agreement")
    assert page.metric[0].value == "–"
    assert "une seule personne" in page.info[0].value
