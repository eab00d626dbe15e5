"""Passwords, codes, visits, and who is let in: without a browser and with a clock of one's own."""

from datetime import UTC, datetime, timedelta

import pytest

from app.services import accounts, membership, people, vault
from app.services.accounts import Attempt
from app.services.throttle import Throttle
from curation_db import access
from pipeline.errors import InputError

AT = datetime(2026, 1, 2, 9, tzinfo=UTC)
WORDS = "crise d'épilepsie"


@pytest.fixture
def team(project, store):
    """The project in team mode; Amélie, its administrator, has a password."""
    accounts.give_password(project, "Amélie", WORDS)
    return project, store, "Amélie"


def tried(project, name, password, *, throttle=None, at=AT, now=0.0, address="10.0.0.7"):
    return accounts.check(project, throttle or Throttle(), Attempt(name, password, address, now), at=at)


@pytest.mark.parametrize("name", ["Amélie", "amélie ", "AME\u0301LIE"])
@pytest.mark.parametrize("password", [WORDS, "crise d'e\u0301pilepsie"])
def test_a_name_and_a_password_open_however_they_are_typed(team, name, password):
    assert tried(team[0], name, password) == accounts.Answer("in", "Amélie")


@pytest.mark.parametrize(("name", "password"), [("Amélie", WORDS + "s"), ("Zoé", WORDS), ("", ""), ("Amélie", "")])
def test_nothing_else_opens_and_the_answer_is_one(team, name, password):
    assert tried(team[0], name, password) == accounts.Answer("wrong")


def test_an_unknown_name_costs_the_same_hash_as_a_wrong_password(team, monkeypatch):
    seen = []
    real = accounts._same
    monkeypatch.setattr(accounts, "_same", lambda hashed, password: seen.append(hashed) or real(hashed, password))
    for name in ("Amélie", "Zoé"):
        tried(team[0], name, "fièvre jaune")
    costs = [hashed.split("$")[1:4] for hashed in seen]
    assert costs[0] == costs[1]
    assert costs[0][0] == "argon2id"


def test_a_code_only_opens_the_choice_of_a_password_and_only_once(team):
    project, throttle = team[0], Throttle()
    code = people.invite(*team, "Bruno", "annotator", at=AT)
    assert tried(project, "Bruno", code).kind == "choose"
    attempt = Attempt("bruno", code, "10.0.0.7", 0.0)
    assert accounts.choose(project, throttle, attempt, "toux grasse", at=AT) == accounts.Answer("in", "Bruno")
    assert accounts.choose(project, throttle, attempt, "toux sèche !", at=AT).kind == "wrong"
    assert tried(project, "Bruno", "toux grasse").kind == "in"


def test_a_code_ends_after_a_week(team):
    code = people.invite(*team, "Bruno", "annotator", at=AT)
    assert tried(team[0], "Bruno", code, at=AT + timedelta(days=7)).kind == "choose"
    assert tried(team[0], "Bruno", code, at=AT + timedelta(days=7, seconds=1)).kind == "wrong"


@pytest.mark.parametrize("password", ["", "court", "x" * 201])
def test_a_password_that_is_too_short_or_long_is_refused(team, password):
    with pytest.raises(InputError, match="expected 10 to 200"):
        accounts.give_password(team[0], "Amélie", password)


def test_a_throttled_password_is_not_even_looked_at(team):
    throttle = Throttle()
    for _ in range(3):
        assert tried(team[0], "Amélie", "fièvre jaune", throttle=throttle).kind == "wrong"
    assert tried(team[0], "Amélie", WORDS, throttle=throttle).kind == "wait"
    assert tried(team[0], "Amélie", WORDS, throttle=throttle, now=1.0).kind == "in"
    assert tried(team[0], "Amélie", WORDS, throttle=throttle, now=1.0).kind == "in"


def test_a_visit_lasts_until_it_is_left_or_over(team):
    project = team[0]
    token = membership.enter(project, "Amélie", at=AT)
    cookies = {membership.COOKIE: token}
    assert membership.person(project, cookies, {}, at=AT + timedelta(days=13)) == "Amélie"
    assert membership.person(project, cookies, {}, at=AT + timedelta(days=14)) is None
    assert membership.person(project, {membership.COOKIE: token + "x"}, {}, at=AT) is None
    assert token not in vault.path(project).read_text()
    membership.leave(project, cookies)
    assert membership.person(project, cookies, {}, at=AT) is None


def test_another_password_and_the_end_of_an_access_sign_browsers_out(team):
    project, store, by = team
    people.invite(*team, "Bruno", "annotator", at=AT)
    for act in (
        lambda: accounts.give_password(project, "Bruno", "toux grasse"),
        lambda: people.new_code(*team, "Bruno", at=AT),
        lambda: people.set_role(project, store, by, "Bruno", "former", at=AT),
    ):
        cookies = {membership.COOKIE: membership.enter(project, "Bruno", at=AT)}
        assert membership.person(project, cookies, {}, at=AT) == "Bruno"
        act()
        assert membership.person(project, cookies, {}, at=AT) is None
    assert access.role(store, "Bruno") == "former"


def test_a_ticket_is_good_once_and_for_a_minute():
    tickets = membership.Tickets()
    first, second = tickets.give("Amélie", 0.0), tickets.give("Amélie", 0.0)
    assert [tickets.take(first, 59.0), tickets.take(first, 59.0)] == ["Amélie", None]
    assert tickets.take(second, 60.0) is None
    assert tickets.take("", 0.0) is None


@pytest.mark.parametrize(
    ("claims", "person"),
    [
        ({"email": "bruno@labo.fr"}, "Bruno"),
        ({"email": "Bruno@Labo.FR", "email_verified": True}, "Bruno"),
        ({"email": "bruno@labo.fr", "email_verified": False}, None),
        ({"email": "bruno@labo.fr.example"}, None),
        ({"sub": "1234"}, "Zoé"),
        ({"sub": "bruno@labo.fr"}, None),
        ({"email": "sub:1234"}, None),
        ({}, None),
    ],
)
def test_the_allow_list_knows_verified_addresses_and_subjects(team, claims, person):
    people.allow(*team, "Bruno@labo.fr", "Bruno", "annotator", at=AT)
    people.allow(*team, "sub:1234", "Zoé", "reader", at=AT)
    assert membership.person(team[0], {}, claims | {"is_logged_in": True}, at=AT) == person
    assert membership.person(team[0], {}, claims, at=AT) is None


@pytest.mark.parametrize("identity", ["", "bruno", "bruno @labo.fr", "sub:", "a@b@c"])
def test_an_identity_that_is_none_is_refused(team, identity):
    with pytest.raises(InputError, match="expected an e-mail address"):
        people.allow(*team, identity, "Bruno", "annotator", at=AT)
