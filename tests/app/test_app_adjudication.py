"""The adjudication screen: what it shows, and what its keys do; the thread, for those who rated."""

import pytest
from streamlit.testing.v1 import AppTest

from app import session
from app.services import adjudication
from app.services import discussion as talk
from app.services.adjudication import Bench
from curation_db import access, commands, queries
from curation_db.commands import Judgement
from curation_db.judging import blindness
from curation_db.queries import Place
from pipeline.errors import Refused
from tests.curation_db.projects import AT, new

DIABETES, JAUNDICE = Place("E04", "C0011849"), Place("E06", "C0022346")
THREAD = """
from app.screens import discussion
from curation_db.queries import Place
discussion.thread(Place("E04", "C0011849"))
"""


def rate(store, person, place, rating, **values):
    said = {"command_id": new(), "person": person, "entry_id": place.entry_id, "cui": place.cui, "rating": rating}
    commands.rate(store, Judgement(origin="search", **said, **values), at=AT)


def disagree(store):
    """Bruno and Chloé differ on two pairs."""
    for name in ("Bruno", "Chloé"):
        commands.add_person(store, name, at=AT)
    for place in (DIABETES, JAUNDICE):
        rate(store, "Bruno", place, 5, comment="<i>même mot</i>", relation="exact")
        rate(store, "Chloé", place, 1)


@pytest.fixture
def page(joined, monkeypatch):
    monkeypatch.setattr(adjudication, "UNSEEN", 0.0)
    joined("review")
    disagree(session.store())
    return joined("adjudication")


def key(page, name):
    [button] = [one for one in page.button if one.key and one.key.startswith(name)]
    return button.click().run()


def decided():
    return {(row["entry_id"], row["CUI"]): row for row in queries.decisions(session.store()).to_pylist()}


def test_a_case_shows_who_said_what_and_escapes_it(page):
    assert not page.exception
    shown = " ".join(one.body for one in page.get("html"))
    assert "<strong>Bruno</strong>" in shown
    assert "<strong>Chloé</strong>" in shown
    assert "&lt;i&gt;même mot&lt;/i&gt;" in shown


def test_a_number_decides_and_the_next_case_comes_up(page):
    page = key(page, "decide_5")
    assert (decided()[DIABETES]["rating"], decided()[DIABETES]["relation"]) == (5, "exact")
    assert page.session_state["bench"].place == JAUNDICE
    page = key(page, "decide_1")
    assert len(decided()) == 2
    assert "Rien à trancher ici." in page.success[0].value


def test_a_number_that_nobody_gave_needs_its_reason(page):
    refused = key(page, "decide_3")
    assert decided() == {}
    assert "expected" in refused.toast[0].value or "reason" in refused.toast[0].value
    [field] = [one for one in refused.text_input if one.key.startswith("because_")]
    field.set_value("seulement le type 2").run()
    key(refused, "decide_3")
    assert decided()[DIABETES]["text"] == "seulement le type 2"


def test_a_decision_is_reopened_from_its_case(page):
    key(page, "decide_5")
    page.segmented_control(key="case_status_open").set_value("decided").run()
    [field] = [one for one in page.text_input if one.key.startswith("because_")]
    field.set_value("autre définition").run()
    key(page, "reopen_")
    assert decided() == {}
    assert page.session_state["bench"].place == DIABETES


def test_whoever_saw_a_case_no_longer_rates_it_blind(page):
    store = session.store()
    with store.cursor() as cursor:
        assert not blindness.blind(store, cursor, "Amélie", *DIABETES)
        assert blindness.blind(store, cursor, "Amélie", *JAUNDICE)


def test_the_service_refuses_an_annotator(store):
    disagree(store)
    bench = Bench(place=DIABETES)
    for attempt in (
        lambda: adjudication.cases(store, "Bruno", bench),
        lambda: adjudication.arrive(store, "Bruno", bench, (), at=AT, now=0.0),
    ):
        with pytest.raises(Refused, match="Bruno is annotator, expected adjudicator"):
            attempt()


def test_a_press_meant_for_the_case_before_decides_nothing(store):
    disagree(store)
    bench = Bench()
    docket, _ = adjudication.cases(store, "Amélie", bench)
    sight = adjudication.arrive(store, "Amélie", bench, docket, at=AT, now=10.0)
    said = {"rating": 5, "text": "", "docket": docket, "at": AT}
    assert not adjudication.decide(store, "Amélie", bench, sight, now=10.1, **said)
    assert adjudication.decide(store, "Amélie", bench, sight, now=11.0, **said)
    assert not adjudication.decide(store, "Amélie", bench, sight, now=12.0, **said)
    assert queries.decisions(store).num_rows == 1


@pytest.mark.parametrize(("person", "seen"), [("Bruno", True), ("Zoé", False), ("Amélie", True)])
def test_the_thread_is_there_for_those_who_rated_and_for_adjudicators(page, person, seen):
    store = session.store()
    commands.add_person(store, "Zoé", at=AT)
    talk.say(store, "Chloé", DIABETES, "plutôt le type 2", command_id=new(), at=AT)
    thread = AppTest.from_string(THREAD, default_timeout=20)
    thread.session_state["person"] = person
    thread.run()
    assert not thread.exception
    assert ("plutôt le type 2" in " ".join(one.body for one in thread.get("html"))) == seen
    assert bool(thread.text_input) == seen


def test_a_reader_sees_the_page_closed(page, joined):
    access.set_role(session.store(), "Amélie", "Bruno", "reader", at=AT)
    closed = joined("adjudication", person="Bruno")
    assert not closed.exception
    assert closed.info


def test_a_mapping_is_published_from_the_page_once_all_is_accepted(page, joined, project):
    page = joined("export")
    page.segmented_control(key="export_way").set_value("release").run()
    assert page.button(key="publish").disabled
    for box in page.checkbox:
        if box.key.startswith("accept_"):
            box.check()
    page.run()
    page.button(key="publish").click().run()
    assert not page.exception
    assert (project.exports / "published" / "1" / "manifest.json").is_file()
    assert [one.label for one in page.get("download_button")] == [
        "final.csv", "final.xlsx", "manifest.json", "mapping.sssom.tsv",
    ]  # fmt: skip
