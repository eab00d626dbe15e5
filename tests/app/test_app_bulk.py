"""Similar entries are rated in one go, after a look at them."""

import pytest

from app.services import bulk, review, similar
from app.services.appearance import standing
from curation_db import commands
from curation_db.store import open_store
from tests.app import fixture_workspace
from tests.app.test_app_review import AT, Desk

TERMS = (
    ("fièvre", "Chaud."),
    ("Fièvres", None),
    ("toux", None),
    ("perte d'appétit", None),
    ("appétit, pertes", None),
)
FEVER = "C0015967"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """On "fièvre", first of a lexicon that says some things twice."""
    monkeypatch.setattr(fixture_workspace, "TERMS", TERMS)
    project = fixture_workspace.make(tmp_path / "essai")
    with open_store(project.curation) as store:
        commands.add_person(store, "Amélie", at=AT)
        commands.load_run(
            store, project.runs / fixture_workspace.RUN, project.sources / fixture_workspace.LEXICON, at=AT
        )
        similar.read(store)
        desk = Desk(store)
        review.look_at(desk.here, desk.card, FEVER)
        desk.look()
        yield desk


def shown(desk, which="similar"):
    return bulk.preview(desk.store, desk.person, desk.card, which)


def apply(desk, preview, rating, chosen=None):
    pairs = list(preview.wanted) if chosen is None else chosen
    count = bulk.apply(desk.store, desk.here, desk.showing, preview, pairs, rating, at=AT)
    desk.look()
    return count


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fièvre", "Fièvres"),
        ("mal de tête", "maux de tête"),
        ("douleur du dos", "dos (douleur)"),
        ("crise d'épilepsie", "épilepsie, crises"),
        ("perte de l’appétit", "appetit perte"),
    ],
)
def test_plural_accents_small_words_and_order_make_no_difference(one, other):
    assert similar.key(one) == similar.key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("hépatite B", "hépatite C"), ("avec fièvre", "sans fièvre"), ("", "a")]
)
def test_what_means_something_else_is_not_similar(one, other):
    assert similar.key(one) != similar.key(other)


def test_the_same_concept_is_offered_for_similar_entries(desk):
    assert bulk.offered(desk.store, desk.person, desk.card) == 1
    assert [pair.term for pair in shown(desk).wanted] == ["fièvre", "Fièvres"]


def test_nothing_is_offered_where_no_entry_is_similar(desk):
    while desk.card.entry.term != "toux":
        desk.rate(0)
        desk.look()
    assert bulk.offered(desk.store, desk.person, desk.card) == 0


def test_they_are_rated_together_with_the_relation_that_waits_and_one_goes_on(desk):
    desk.here.relation = "exact"
    place = desk.showing.place
    assert apply(desk, shown(desk), 5) == 2
    assert desk.ratings() == {("E01", FEVER): 5, ("E02", FEVER): 5}
    assert desk.showing.place != place
    desk.here.go(place)
    desk.look()
    assert standing(desk.card).relation == "exact"
    assert bulk.offered(desk.store, desk.person, desk.card) == 0
    assert shown(desk).left == {"rated": 2}


def test_what_is_unticked_is_left_and_the_card_stays(desk):
    preview, place = shown(desk), desk.showing.place
    assert apply(desk, preview, 4, chosen=[pair for pair in preview.wanted if pair.entry_id == "E02"]) == 1
    assert desk.ratings() == {("E02", FEVER): 4}
    assert desk.showing.place == place


def test_one_undo_takes_all_back(desk):
    place = desk.showing.place
    apply(desk, shown(desk), 5)
    assert desk.undo() == 2
    assert desk.ratings() == {}
    assert desk.showing.place == place


def test_agreeing_twice_is_once(desk):
    preview, showing = shown(desk), desk.showing
    pairs = list(preview.wanted)
    for _ in range(2):
        assert bulk.apply(desk.store, desk.here, showing, preview, pairs, 3, at=AT) == 2
    desk.look()
    assert desk.undo() == 2
    assert desk.ratings() == {}


def test_identical_strings_are_found_over_the_whole_lexicon(desk):
    found = {(pair.term, pair.cui) for pair in shown(desk, "identical").wanted}
    assert ("fièvre", FEVER) in found
    assert ("toux", "C0010200") in found
    assert all(term != "Fièvres" for term, _ in found)
