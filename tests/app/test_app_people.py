"""What each role may do through the services, whatever a screen shows; and the page that gives roles."""

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from app import session
from app.services import (
    accounts,
    adding,
    advancement,
    comparison,
    distributions,
    encoders,
    export,
    jobs,
    membership,
    people,
    runs,
    searches,
    sources,
    swap,
    translations,
    vault,
)
from app.services.adding import OWN, Addition
from curation_db import access, commands
from curation_db.access import MAY, Role
from pipeline.errors import LexalignError, Refused
from tests.app import fixture_workspace

AT = datetime(2026, 1, 2, 9, tzinfo=UTC)
MAIN = Path(__file__).parents[2] / "app" / "main.py"
NOTHING = Addition(
    source="/no/where", name="", precision="int8", pooling=OWN, prefix="", languages=OWN, trim=False, agreed=False
)
CUT = {"minimum": 0, "withhold": True, "proposals": False}
ASKED = {
    "align": ("prepare", lambda *who: jobs.align(*who)),
    "ingest": ("prepare", lambda *who: jobs.ingest(*who, "lexicon", Path("/no/where"), allow_rejects=False)),
    "cancel a job": ("prepare", lambda *who: jobs.cancel(*who, "align")),
    "dismiss a job": ("prepare", lambda *who: jobs.dismiss(*who, "align")),
    "change settings": ("prepare", lambda *who: sources.save(*who, top_k=3)),
    "upload": ("prepare", lambda *who: sources.keep_upload(*who, "lexique.txt", b"Terme\n")),
    "use an encoder": ("prepare", lambda *who: encoders.use(*who, "lexalign-e5")),
    "stop an encoder": ("prepare", lambda *who: encoders.stop(*who, "letters-b")),
    "remove an encoder": ("prepare", lambda *who: encoders.remove(*who, "lexalign-e5")),
    "add an encoder": ("prepare", lambda *who: adding.start(*who, NOTHING)),
    "search": (
        "prepare",
        lambda *who: searches.start(*who, "e", trials=1, minutes=0, least_gain=1, language="fr"),
    ),
    "register": ("prepare", lambda *who: searches.register(*who, Path("/no/where"), "rapide")),
    "compare": ("prepare", lambda *who: comparison.start(*who, "letters-a", "letters-b")),
    "choose a run": ("prepare", lambda *who: runs.use(*who, fixture_workspace.RUN, at=AT)),
    "correct": ("prepare", lambda *who: translations.correct(*who, "fièvre", "pyrexia", at=AT)),
    "read all ratings": ("figures", lambda project, *who: advancement.ratings(*who, UTC)),
    "count ratings": ("figures", lambda project, *who: advancement.counts(*who)),
    "read curated": ("figures", lambda project, *who: comparison.ratings(*who)),
    "read scores by rating": ("figures", lambda project, *who: distributions.by_rating(*who)),
    "read scores": ("figures", lambda *who: distributions.series(*who, "score")),
    "see what a run keeps": ("figures", lambda project, *who: swap.kept(*who, runs.finished(project)[0])),
    "see progress": ("look", lambda project, *who: advancement.people(*who)),
    "export": ("export", lambda *who: export.write(*who, "ratings-csv", minimum=0, at=AT)),
    "preview": ("export", lambda *who: export.preview(*who, "ratings-csv", **CUT, folder=who[0].exports)),
    "list people": ("people", lambda *who: people.members(*who)),
    "invite": ("people", lambda *who: people.invite(*who, "Zoé", "reader", at=AT)),
    "allow": ("people", lambda *who: people.allow(*who, "zoe@labo.fr", "Zoé", "reader", at=AT)),
    "give a code": ("people", lambda *who: people.new_code(*who, "Amélie", at=AT)),
    "give a role": ("people", lambda *who: people.set_role(*who, "Bruno", "administrator", at=AT)),
}


@pytest.fixture
def bruno(project, store, monkeypatch):
    """The project in team mode with Bruno, whose role is given by the test; no job starts."""
    monkeypatch.setattr(jobs, "start", lambda *_: None)
    vault.change(project, lambda before: before)
    commands.add_person(store, "Bruno", at=AT)
    return project, store, "Bruno"


@pytest.mark.parametrize("role", get_args(Role))
def test_a_role_is_refused_what_it_may_not_and_nothing_else(bruno, role):
    project, store, _ = bruno
    access.set_role(store, "Amélie", "Bruno", role, at=AT)
    kept = (vault.read(project), access.roles(store), project.settings(), sorted(project.root.rglob("*.*")))
    for action, act in ASKED.values():
        if role not in MAY[action]:
            with pytest.raises(Refused, match=f"Bruno is {role}, expected .*ask an administrator"):
                act(*bruno)
    now = (vault.read(project), access.roles(store), project.settings(), sorted(project.root.rglob("*.*")))
    assert now == kept
    for action, act in ASKED.values():
        if role in MAY[action]:
            assert "ask an administrator" not in said(act, *bruno)


def said(act, *who):
    """The error's words, none where it went well."""
    try:
        act(*who)
    except LexalignError as error:
        return str(error)
    return ""


def test_somebody_unknown_is_refused_everything(project, store):
    for _, act in ASKED.values():
        with pytest.raises(Refused):
            act(project, store, "Zoé")


def test_who_was_invited_is_on_record_with_the_administrator_who_did_it(bruno):
    project, store, _ = bruno
    people.invite(project, store, "Amélie", "Zoé", "reader", at=AT)
    with store.cursor() as cursor:
        rows = cursor.execute(
            "SELECT person, target, text FROM event WHERE kind = 'role' AND target = 'Zoé'"
        ).fetchall()
    assert rows == [("Amélie", "Zoé", "reader")]


@pytest.fixture
def frame(screen, project, monkeypatch):
    """`frame("Bruno")`: the whole application in team mode, as this person; None is nobody."""
    monkeypatch.setenv("LEXALIGN_WORKSPACE", str(project.root))
    monkeypatch.setattr(session, "cookies", dict)
    vault.change(project, lambda before: before)
    for name in ("Amélie", "Bruno"):
        commands.add_person(session.store(), name, at=AT)

    def run(name):
        monkeypatch.setattr(membership, "person", lambda *_, **__: name)
        return AppTest.from_file(MAIN, default_timeout=20).run()

    return run


def test_in_team_mode_nobody_sees_anything_before_they_sign_in(frame):
    page = AppTest.from_file(MAIN, default_timeout=20)
    page.query_params["person"] = "Amélie"
    page.run()
    assert not page.exception
    assert page.title[0].value in ("Connexion", "Sign in")
    assert "person" not in page.query_params
    assert not any("crise cardiaque" in one.value for one in page.html)


@pytest.mark.parametrize(
    ("role", "title"), [("annotator", None), ("reader", "Avancement"), ("former", "Révision")]
)
def test_a_role_begins_where_it_has_something_to_do(frame, role, title):
    access.set_role(session.store(), "Amélie", "Bruno", role, at=AT)
    page = frame("Bruno")
    assert not page.exception
    assert not page.error
    assert [one.value for one in page.title] == ([title] if title else [])
    assert any("Votre accès à ce projet est terminé" in one.value for one in page.info) == (role == "former")


def test_a_wrong_password_is_told_and_a_right_one_gives_a_ticket(frame, project):
    accounts.give_password(project, "Amélie", "crise d'épilepsie")
    page = frame(None)
    page.text_input(key="signin_name").set_value("Amélie")
    page.text_input(key="signin_password").set_value("crise cardiaque")
    page.button[0].click().run()
    assert page.error[0].value == "Nom ou mot de passe erroné, ou code expiré."
    page.text_input(key="signin_password").set_value("crise d'épilepsie")
    page.button[0].click().run()
    assert "/account/enter" in page.html[-1].value


def test_names_are_not_chosen_in_team_mode(frame):
    page = frame("Bruno")
    assert not [one for one in page.selectbox if one.key and one.key.startswith("who_")]
    with pytest.raises(Refused, match="not chosen in team mode"):
        session.sign_in("Amélie")


def test_an_administrator_sees_everybody_and_changes_a_role(joined):
    page = joined("people")
    commands.add_person(session.store(), "Bruno", at=AT)
    page.run()
    page.selectbox(key="role_Bruno_annotator").set_value("reader").run()
    assert not page.exception
    assert access.role(session.store(), "Bruno") == "reader"


def test_the_last_administrator_stays_and_the_page_shows_it(joined):
    page = joined("people")
    page.selectbox(key="role_Amélie_administrator").set_value("reader").run()
    assert "only administrator" in page.toast[0].value
    assert access.role(session.store(), "Amélie") == "administrator"


def test_an_invitation_shows_its_code_once(joined, project, monkeypatch):
    vault.change(project, lambda before: before)
    monkeypatch.setattr(membership, "person", lambda *_, **__: "Amélie")
    page = joined("people")
    page.text_input(key="invite_name").set_value("Zoé")
    next(one for one in page.button if one.label == "Inviter").click().run()
    code = page.code[0].value
    assert accounts.same(vault.read(project).accounts["Zoé"].hash, code)
    page.button(key="code_done").click().run()
    assert not page.code


def test_progress_shows_an_annotator_how_much_was_done_and_no_rating(joined):
    commands.add_person(session.store(), "Amélie", at=AT)
    page = joined("review", person="Amélie")
    place = page.session_state["sitting"].place
    page.button(key=f"rate_{place.entry_id}_{place.cui}_5").click().run()
    mine, theirs = joined("progress", person="Amélie"), joined("progress", person="Bruno")
    assert len(mine.subheader) == 3
    assert len(theirs.dataframe) == 1
    assert len(theirs.subheader) == 0


def test_an_open_address_without_team_mode_is_refused(joined, monkeypatch):
    monkeypatch.setattr(session.st, "get_option", lambda name: "0.0.0.0")
    page = joined("progress")
    assert "team mode" in page.error[0].value
    assert not page.title
