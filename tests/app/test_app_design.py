"""The design's page and the guideline: what they say, do, and refuse."""

import pytest

from app import session
from app.services import designs, guideline
from app.services.guideline import Anchor, Guideline
from curation_db import commands, policy, queries
from curation_db.judging import blindness
from curation_db.rating_plans.dealing import Design, Line
from pipeline.errors import InputError, Refused, WorkspaceError
from tests.curation_db.projects import AT, new, rate

PEOPLE = ("Amélie", "Bruno", "Chloé")


@pytest.fixture
def team(store):
    for name in PEOPLE[1:]:
        commands.add_person(store, name, at=AT)
    return store


def finish(store, person, entry_id, rating):
    card = queries.card(store, queries.Place(entry_id, ""), person)
    for candidate in card.candidates:
        rate(store, person, entry_id, candidate.cui, rating)


def test_a_design_by_semantic_type_takes_it_of_the_release(project, team):
    wanted = Design(way="type", people=PEOPLE[:2])
    plan = designs.agree(project, team, "Amélie", wanted, at=AT)
    assert all(0 < entries < 12 for entries in plan.per_person.values())
    (project.sources / "current.json").unlink()
    with pytest.raises(WorkspaceError, match="no umls yet"):
        designs.preview(project, team, "Amélie", wanted)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_table_is_read_of_a_csv_file(separator):
    text = separator.join(("Person", "by", "value")) + f"\nAmélie{separator}letter{separator}C\n\n"
    assert designs.table(text.encode("utf-8-sig")) == (Line("Amélie", "letter", "C"),)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "line 1: nothing, expected the column names person, by, value"),
        (b"who,by,value\n", "line 1: who, by, value, expected"),
        (b"person,by,value\nAna,term,x\n", "line 2: Ana, term, x; expected a person, entry or type or letter"),
        ("person,by,value\nAmélie,letter,A".encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(file, said):
    with pytest.raises(InputError, match=said):
        designs.table(file)


def test_entries_are_found_by_identifier_or_term_whatever_the_accents(team):
    assert designs.find(team, "E04\n\nFIEVRE\nE04") == ("E04", "E10")
    with pytest.raises(InputError, match="grippe: expected identifiers or terms"):
        designs.find(team, "fièvre\ngrippe")


def test_shares_say_how_much_and_not_what(project, team):
    designs.agree(project, team, "Amélie", Design(way="letter", people=PEOPLE), at=AT)
    place = queries.next_card(team, "Bruno")
    finish(team, "Bruno", place.entry_id, 4)
    rows = {row.person: row for row in designs.shares(team, "Bruno").itertuples()}
    assert sum(row.entries for row in rows.values()) == 12
    assert (rows["Bruno"].done, rows["Chloé"].done) == (1, 0)


def test_the_calibration_is_compared_by_those_who_finished_it(project, team):
    designs.agree(project, team, "Amélie", Design(calibration=("E10",)), at=AT)
    finish(team, "Chloé", "E10", 2)
    with pytest.raises(Refused, match="Bruno has not finished the calibration; rate its 1 entries first"):
        designs.calibration(team, "Bruno", at=AT)
    finish(team, "Bruno", "E10", 5)
    table = designs.calibration(team, "Bruno", at=AT)
    assert set(table["term"]) == {"fièvre"}
    assert (set(table["Bruno"]), set(table["Chloé"]), set(table["spread"])) == ({5}, {2}, {3})
    assert "Amélie" not in table.columns


def test_ratings_changed_after_the_comparison_are_not_blind(project, team):
    designs.agree(project, team, "Amélie", Design(calibration=("E10",)), at=AT)
    finish(team, "Bruno", "E10", 5)
    designs.calibration(team, "Bruno", at=AT)
    cui = queries.card(team, queries.Place("E10", ""), "Bruno").candidates[0].cui
    assert rate(team, "Bruno", "E10", cui, 3).blind is False
    assert rate(team, "Chloé", "E10", cui, 3).blind is True


@pytest.mark.parametrize("person", ["Bruno", "Zoé"])
def test_who_may_not_design_is_refused_by_every_service(project, team, person):
    text = guideline.guideline(team, "Amélie", "fr")
    for act in (
        lambda: designs.preview(project, team, person, Design()),
        lambda: designs.agree(project, team, person, Design(), at=AT),
        lambda: designs.extend(project, team, person, at=AT),
        lambda: guideline.agree(team, person, "fr", text, at=AT),
        lambda: blindness.agree(team, person, blindness.Blindness(hidden=False), at=AT),
    ):
        with pytest.raises(Refused):
            act()


def test_the_guideline_is_lexaligns_own_until_another_is_agreed_on(team):
    own = guideline.guideline(team, "Bruno", "fr")
    assert [one.example for one in own.anchors][5] == "saignement de nez → Épistaxis"
    mine = Guideline("Le sens, pas les mots.", tuple(Anchor(f"note {rating}", "") for rating in range(6)))
    guideline.agree(team, "Amélie", "fr", mine, at=AT)
    assert guideline.guideline(team, "Bruno", "fr") == mine
    assert guideline.guideline(team, "Bruno", "en").anchors[5].means.startswith("The same meaning")
    assert [event.target for event in queries.events(team) if event.kind == "policy"] == ["guideline"]


def test_a_guideline_needs_a_meaning_for_every_rating(team):
    with pytest.raises(InputError, match="a meaning for each of the ratings 0 to 5"):
        guideline.agree(team, "Amélie", "fr", Guideline("", (Anchor("", ""),) * 6), at=AT)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["design", "guideline"])
def test_the_pages_draw(joined, name, language):
    page = joined(name, lang=language)
    assert not page.exception
    assert not page.error


def test_the_calibration_is_compared_on_the_guidelines_page_when_asked_for(joined):
    joined("review")
    store = session.store()
    policy.agree(store, "Amélie", "design", vars(Design(calibration=("E10",))), at=AT)
    finish(store, "Amélie", "E10", 5)
    page = joined("guideline")
    before = len(page.dataframe)
    page.toggle(key="compare_calibration").set_value(True).run()
    assert not page.exception
    assert len(page.dataframe) == before + 1
    assert "Fièvre C0015967" in list(page.dataframe[0].value["Concept"])


def test_a_design_is_looked_at_then_adopted(joined):
    page = joined("design")
    page.selectbox(key="design_way").set_value("random").run()
    assert not [button for button in page.button if button.key == "design_agree"]
    page.button(key="design_preview").click().run()
    page.number_input(key="design_seed").set_value(3).run()
    assert page.button(key="design_agree").disabled
    page.button(key="design_preview").click().run()
    page.button(key="design_agree").click().run()
    assert not page.exception
    assert designs.design(session.store()) == Design(way="random", people=("Amélie",), seed=3)


def test_an_open_guideline_stays_open(joined):
    page = joined("review", guide="1")
    assert page.session_state["guide_open"]
    page.session_state["sitting"].queue = "all"
    assert page.run().session_state["guide_open"]
    assert not joined("review").session_state["guide_open"]


def test_the_guideline_stands_beside_the_calibration(joined):
    commands.add_person(session.store(), "Amélie", at=AT)
    joined("review")
    policy.agree(session.store(), "Amélie", "design", vars(Design(calibration=("E10",))), at=AT)
    page = joined("review")
    assert page.session_state["guide_open"]
    assert page.session_state["sitting"].place.entry_id == "E10"
    commands.none_of_these(session.store(), "Amélie", "E10", command_id=new(), at=AT)
    assert not joined("review").session_state["guide_open"]
