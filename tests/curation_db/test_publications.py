"""What is left before publishing, and the number that only one publication gets."""

import pytest

from curation_db import access, commands, queries
from curation_db.adjudication.decisions import decide
from curation_db.adjudication.hearing import hearing
from curation_db.figures import publications
from curation_db.figures.unsettled import unsettled
from curation_db.queries import Place
from pipeline.errors import Refused
from tests.curation_db.projects import AT, new, rate


def test_what_is_left_is_counted_and_named(store):
    rate(store, "Benoît", "e0", "C0013604", 5)
    rate(store, "Ana", "e0", "C0013604", 1)
    commands.none_of_these(store, "Benoît", "e1", command_id=new(), at=AT)
    left = unsettled(store, "Ana")
    assert left.counts == {"unrated": 2, "open": 1, "doubtful": 0}
    assert [(one.term, one.left) for one in left.unrated] == [("œdème", 1), ("fièvre 🤒", 1)]


def test_a_decision_settles_a_pair_that_nobody_rated(store):
    place = Place("e3", "C0015967")
    act = {"seen": hearing(store, "Ana", place).seen, "command_id": new(), "at": AT}
    decide(store, "Ana", place, 5, text="même mot", **act)
    assert "e3" not in {one.entry_id for one in unsettled(store, "Ana").unrated}
    [row] = queries.curated(store).to_pylist()
    assert (row["raters"], row["rating"], row["encoders"]) == (0, 5, ["e5", "use"])


def test_a_number_is_published_once(store):
    access.set_role(store, "Ana", "Benoît", "adjudicator", at=AT)
    publications.record(store, "Benoît", 1, "ab" * 32, at=AT)
    with pytest.raises(Refused, match="publication 1: Benoît published it meanwhile"):
        publications.record(store, "Ana", 1, "cd" * 32, at=AT)
    [one] = publications.published(store)
    assert (one.number, one.person, one.at, one.sha256) == (1, "Benoît", AT, "ab" * 32)


def test_annotators_publish_nothing_and_see_nothing_of_what_is_left(store):
    for attempt in (
        lambda: unsettled(store, "Benoît"),
        lambda: publications.record(store, "Benoît", 1, "ab" * 32, at=AT),
    ):
        with pytest.raises(Refused, match="Benoît is annotator, expected adjudicator, curator, administrator"):
            attempt()
