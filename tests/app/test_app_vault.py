"""access.json, the set-up code and `lexalign accounts`: how a team begins, and where its secrets are."""

import json
import logging
import os
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from app.account_commands import group
from app.services import accounts, membership, people, vault
from app.services.accounts import Attempt
from app.services.throttle import Throttle
from app.services.vault import Provider, Vault
from curation_db import access, queries
from curation_db.figures import reports
from curation_db.store import open_store
from pipeline.errors import FormatError, InputError, Refused, WorkspaceError

AT = datetime(2026, 1, 2, 9, tzinfo=UTC)
WORDS = "crise d'épilepsie"


@pytest.fixture
def team(project, store):
    """The project in team mode; Amélie, its administrator, has a password."""
    accounts.give_password(project, "Amélie", WORDS)
    return project, store, "Amélie"


def tried(project, name, password):
    return accounts.check(project, Throttle(), Attempt(name, password, "10.0.0.7", 0.0), at=AT)


def test_the_set_up_code_makes_one_administrator_and_no_second(project, store):
    vault.change(project, lambda before: before)
    code = membership.setup_code(project, store)
    asked = {"at": AT, "now": 0.0}
    assert membership.set_up(project, store, "AAAA-AAAA", "Zoé", WORDS, "x", **asked).kind == "wrong"
    assert membership.set_up(project, store, code.lower(), "Zoé", WORDS, "x", **asked).kind == "in"
    assert access.role(store, "Zoé") == "administrator"
    assert membership.set_up(project, store, code, "Bruno", WORDS, "x", **asked).kind == "wrong"
    assert queries.people(store) == ["Amélie", "Zoé"]
    assert membership.setup_code(project, store) is None
    assert not membership.waits_for_setup(project)


def test_secrets_stay_in_one_file_that_only_its_owner_reads(team, caplog, capfd):
    project, store, _ = team
    with caplog.at_level(logging.DEBUG):
        code = people.invite(*team, "Bruno", "annotator", at=AT)
        tried(project, "Bruno", code)
        people.use_provider(
            project, Provider("https://sso.labo.fr/x", "lexalign", "https://lexalign.labo.fr", "s3cret")
        )
    known = vault.read(project)
    assert vault.path(project).stat().st_mode & 0o777 == 0o600
    hashes = [account.hash for account in known.accounts.values()]
    told = caplog.text + "".join(capfd.readouterr()) + repr(known)
    ledger = json.dumps([str(row) for row in reports.events(store)], ensure_ascii=False)
    for secret in (*hashes, WORDS, code, known.cookie_secret, "s3cret"):
        assert secret not in told
        assert secret not in ledger
        assert secret.encode() not in project.curation.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_that_others_may_read_is_refused(team):
    vault.path(team[0]).chmod(0o640)
    with pytest.raises(WorkspaceError, match=r"mode 640.*expected 600; run `chmod 600"):
        tried(team[0], "Amélie", WORDS)


def test_a_damaged_file_is_named_without_its_text(team):
    vault.path(team[0]).write_text('{"cookie_secret": "s3cret"')
    with pytest.raises(FormatError, match=r"access\.json: not what Lexalign writes") as told:
        vault.read(team[0])
    assert "s3cret" not in str(told.value)


def test_what_is_written_is_what_is_read(project):
    provider = Provider("https://sso.labo.fr/x", "lexalign", "https://lexalign.labo.fr", "s3cret")
    wanted = Vault(
        "c", {"Zoé": vault.Account("h", 1.5)}, {"a@b.fr": "Zoé"}, {"t": vault.Visit("Zoé", 2.5)}, provider, "s"
    )
    vault.change(project, lambda before: wanted)
    vault._known.clear()
    assert vault.read(project) == wanted


def lexalign(project, *arguments, typed=""):
    return CliRunner().invoke(group, list(arguments), obj=project.root, input=typed)


def test_the_command_line_makes_changes_and_lists_accounts(project):
    assert lexalign(project, "add", "Amélie", "--role", "administrator", typed=WORDS + "\n").exit_code == 0
    code = lexalign(project, "add", "Bruno", "--code").stdout.strip()
    assert lexalign(project, "allow", "Zoe@labo.fr", "--name", "Zoé", "--role", "reader").exit_code == 0
    assert tried(project, "Bruno", code).kind == "choose"
    assert lexalign(project, "password", "bruno", typed="toux grasse\n").exit_code == 0
    assert tried(project, "Bruno", "toux grasse").kind == "in"
    assert lexalign(project, "remove", "Amélie").exit_code == 0
    assert lexalign(project, "list").stdout.splitlines() == [
        "Amélie\tformer\t-",
        "Bruno\tannotator\tpassword",
        "Zoé\treader\tzoe@labo.fr",
    ]


def test_the_command_line_says_what_is_missing(project):
    assert isinstance(lexalign(project, "add", "Amélie").exception, InputError)
    assert "expected one of nobody yet" in str(lexalign(project, "password", "Zoé", typed="x\n").exception)
    with open_store(project.curation) as store:
        assert queries.people(store) == []


def test_nobody_is_invited_in_local_mode(project, store):
    with pytest.raises(Refused, match="expected team mode; start it with `lexalign app --team`"):
        people.invite(project, store, "Amélie", "Bruno", "annotator", at=AT)
    assert not vault.there(project)
