"""Publications: immutable folders, what they say of themselves, and who may make them."""

import json
from datetime import UTC, datetime

import pyarrow.csv
import pytest

from app.services import publishing
from app.services.publishing import Choices, publish_now, releases, unsettled
from curation_db import commands, queries
from curation_db.commands import Judgement
from pipeline.errors import Refused
from pipeline.interchange import sssom
from pipeline.interchange.publication import FILES
from tests.curation_db.projects import new

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CHOICES = Choices(minimum=3)


def rate(store, person, entry_id, cui, rating, **values):
    said = {"command_id": new(), "person": person, "entry_id": entry_id, "cui": cui, "rating": rating} | values
    commands.rate(store, Judgement(**said), at=AT)


@pytest.fixture
def rated(store):
    """Amélie administers, Bruno annotates; they differ on one of two pairs."""
    commands.add_person(store, "Bruno", at=AT)
    for person, rating in (("Amélie", 5), ("Bruno", 4)):
        rate(store, person, "E04", "C0011849", rating, relation="broader", comment=f"dit {person}")
    rate(store, "Amélie", "E06", "C0022346", 5, origin="search")
    rate(store, "Bruno", "E06", "C0022346", 1, origin="search")
    return store


def published(project, rated, choices=CHOICES):
    left = unsettled(rated, "Amélie").counts
    return publish_now(project, rated, "Amélie", choices, accepted=left, at=AT)


def test_a_publication_is_files_that_nobody_can_write_and_a_manifest(project, rated):
    folder = published(project, rated)
    assert folder == project.exports / "published" / "1"
    assert {path.name for path in folder.iterdir()} == {*FILES, "manifest.json"}
    assert {path.stat().st_mode & 0o222 for path in folder.iterdir()} == {0}
    [row] = pyarrow.csv.read_csv(folder / "final.csv").to_pylist()
    assert (row["entry_id"], row["rating"], row["people"], row["relation"]) == (
        "E04", 4, "Amélie|Bruno", "broader",
    )  # fmt: skip
    [row] = [row for row in sssom.read(folder / "mapping.sssom.tsv").to_pylist()]
    assert (row["predicate_id"], row["rating"], row["decided"]) == ("skos:broadMatch", 4, False)


def test_a_manifest_says_what_the_mapping_is_made_of(project, rated):
    folder = published(project, rated)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf8"))
    assert (manifest["publication"], manifest["run"]) == (1, queries.current_run(rated).name)
    assert manifest["encoders"][0] == {"name": "letters-a", "fingerprint": "letters-a-1"}
    assert manifest["people"] == [
        {"name": "Amélie", "ratings": 2, "decisions": 0}, {"name": "Bruno", "ratings": 2, "decisions": 0},
    ]  # fmt: skip
    assert manifest["counts"]["pairs"] == 1
    assert manifest["unsettled"] == unsettled(rated, "Amélie").counts
    assert (manifest["agreement"]["pairs"], manifest["agreement"]["people"]) == (2, 2)
    assert manifest["agreement"]["alpha"]["value"] < 1
    before_it = queries.events(rated, limit=2)[1]
    assert manifest["ledger"]["event_id"] == before_it.event_id


def test_what_is_open_must_be_accepted(project, rated):
    left = unsettled(rated, "Amélie").counts
    assert left["open"] == 1
    for accepted in ({}, left | {"open": 0}):
        with pytest.raises(Refused, match=r"not settled yet: .*open 1 \(accepted 0\)"):
            publish_now(project, rated, "Amélie", CHOICES, accepted=accepted, at=AT)
    assert not (project.exports / "published").exists()


def test_pseudonyms_leave_no_name_and_no_word_in_any_file(project, rated):
    folder = published(project, rated, Choices(minimum=0, pseudonyms=True))
    for name in ("final.csv", "mapping.sssom.tsv", "manifest.json"):
        text = (folder / name).read_text(encoding="utf8")
        assert "P01" in text
        assert not any(word in text for word in ("Amélie", "Bruno", "dit "))


def test_publications_are_numbered_kept_and_vouched_for(project, rated):
    first = published(project, rated)
    second = published(project, rated)
    assert [one.recorded.number for one in releases(project, rated, "Amélie")] == [2, 1]
    assert all(one.whole for one in releases(project, rated, "Amélie"))
    assert (first / "final.csv").read_bytes() == (second / "final.csv").read_bytes()
    (first / "final.csv").chmod(0o644)
    (first / "final.csv").write_text("retouché", encoding="utf8")
    (second / "manifest.json").unlink()
    assert [one.whole for one in releases(project, rated, "Amélie")] == [False, False]


def test_nothing_is_published_where_the_ledger_cannot_say_so(project, rated, monkeypatch):
    def refuse(*_args, **_options):
        raise Refused("meanwhile")

    monkeypatch.setattr(publishing.publications, "record", refuse)
    with pytest.raises(Refused, match="meanwhile"):
        published(project, rated)
    assert list((project.exports / "published").iterdir()) == []


def test_an_annotator_publishes_nothing(project, rated):
    for attempt in (
        lambda: publish_now(project, rated, "Bruno", CHOICES, accepted={}, at=AT),
        lambda: releases(project, rated, "Bruno"),
    ):
        with pytest.raises(Refused, match="Bruno is annotator"):
            attempt()
