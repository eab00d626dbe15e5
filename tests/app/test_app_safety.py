"""The pages of safety, and who may ask what of them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from app import session
from app.services import keeper, safety
from curation_db import commands, queries
from curation_db.commands import Judgement
from curation_db.safety import audit, backups
from pipeline.errors import InputError, Refused
from tests.curation_db.projects import new


def rate(store, rating, at):
    place = queries.next_card(store, "Amélie")
    given = Judgement(command_id=new(), person="Amélie", entry_id=place.entry_id, cui=place.cui, rating=rating)
    return commands.rate(store, given, at=at)


@pytest.fixture
def team(store):
    """With somebody of each lesser role beside Amélie, who is administrator."""
    for name in ("reader", "annotator", "adjudicator", "curator"):
        commands.add_person(store, name, role=name, at=session.now())
    return store


@pytest.mark.parametrize("who", ["reader", "annotator", "adjudicator", "curator"])
def test_safety_is_the_administrators(project, team, who):
    at = session.now()
    asked = (
        lambda: safety.found(team, who),
        lambda: safety.take(team, who, at=at),
        lambda: safety.restore(team, who, keeper.folder(team) / "curation-1.duckdb", at=at),
        lambda: safety.schedule(team, who, 6, at=at),
        lambda: safety.check(team, who),
        lambda: safety.then(team, who, at),
        lambda: safety.write_then(project, team, who, at, "final-csv", minimum=3),
        lambda: safety.archive(project, team, who, embeddings=False, at=at),
    )
    for ask in asked:
        with pytest.raises(Refused, match="expected administrator"):
            ask()
    assert not keeper.folder(team).exists()


def test_an_annotator_reads_their_own_history_and_nobody_elses(team):
    rate(team, 5, session.now())
    assert audit.page(team, "annotator", audit.Filter(person="annotator"), limit=9)[0] == 2
    for which in (audit.Filter(), audit.Filter(person="Amélie")):
        with pytest.raises(Refused, match=r"\(figures\)"):
            audit.page(team, "annotator", which, limit=9)
    with pytest.raises(Refused):
        audit.table(team, "annotator", audit.Filter(person="annotator"))
    assert audit.table(team, "reader", audit.Filter(kind="rate")).num_rows == 1


def test_the_audit_filters_and_pages(team):
    start = session.now()
    for number, rating in enumerate((5, 4, 0)):
        rate(team, rating, start + timedelta(days=number))
    total, found = audit.page(team, "Amélie", audit.Filter(kind="rate"), limit=2)
    assert (total, [one.rating for one in found]) == (3, [0, 4])
    _, found = audit.page(team, "Amélie", audit.Filter(kind="rate"), limit=2, offset=2)
    assert [one.rating for one in found] == [5]
    day = audit.Filter(since=start + timedelta(days=1), until=start + timedelta(days=2))
    assert [one.rating for one in audit.page(team, "Amélie", day, limit=9)[1]] == [4]


def test_the_schedule_takes_one_backup_a_day_and_rating_goes_on_where_the_disk_is_full(team, monkeypatch):
    at = session.now()
    assert keeper.look(team, at=at)
    assert not keeper.look(team, at=at + timedelta(hours=23))
    with monkeypatch.context() as patch:
        patch.setattr(backups.shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
        assert not keeper.look(team, at=at + timedelta(hours=24))
        assert "Rating goes on" in keeper.trouble(team)
        rate(team, 5, at)
    assert keeper.look(team, at=at + timedelta(hours=25))
    assert keeper.trouble(team) is None


def test_the_schedule_is_agreed_on(team):
    safety.schedule(team, "Amélie", 0, at=session.now())
    assert not keeper.look(team, at=session.now())
    with pytest.raises(InputError, match="from 0"):
        safety.schedule(team, "Amélie", -1, at=session.now())


def test_a_file_from_elsewhere_is_not_restored_on_the_page(team, tmp_path):
    with pytest.raises(InputError, match="not a backup of this project"):
        safety.restore(team, "Amélie", tmp_path / "curation.duckdb", at=session.now())


def test_the_past_is_counted_and_written(project, team):
    at = session.now()
    rate(team, 5, at)
    rate(team, 4, at + timedelta(days=1))
    assert safety.then(team, "Amélie", at).judgements == 1
    assert safety.then(team, "Amélie", at + timedelta(days=1)).judgements == 2
    done = safety.write_then(project, team, "Amélie", at, "ratings-csv", minimum=3)
    assert done.rows == 1


def test_ones_own_action_is_taken_back_on_the_page(joined):
    page = joined("review")
    place = page.session_state["sitting"].place
    page.button(key=f"rate_{place.entry_id}_{place.cui}_5").click().run()
    page = joined("deeds")
    [event] = [one for one in queries.events(session.store()) if one.kind == "rate"]
    page.button(key=f"undo_{event.event_id}").click().run()
    assert queries.judgements(session.store()).num_rows == 0
    assert not page.exception


def test_a_backup_is_taken_and_restored_on_the_page(joined):
    page = joined("safety")
    page.button(key="take_backup").click().run()
    [backup] = backups.found(keeper.folder(session.store()))
    commands.add_person(session.store(), "Zoé", at=session.now())
    page.button(key=f"restore_{backup.path.stem}").click().run()
    assert queries.people(session.store()) == ["Amélie"]
    page.button(key="check_ledger").click().run()
    assert len(page.success) == 6
    assert not page.exception


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["deeds", "audit", "safety"])
def test_a_page_draws(joined, name, language):
    page = joined(name, lang=language)
    assert not page.exception
    assert not page.error
