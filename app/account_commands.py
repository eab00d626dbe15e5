"""`lexalign accounts`: the ways into a project in team mode, from the machine that serves it."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from app.services import accounts, people, vault
from app.services.vault import Provider
from curation_db import commands, queries
from curation_db.access import ROLES, Role
from curation_db.people import appointing
from curation_db.store import open_store
from pipeline.cli.options import pass_root, say, workspace_of
from pipeline.errors import InputError

role_option = click.option("--role", type=click.Choice(ROLES), default="annotator", show_default=True)


@click.group("accounts")
def group() -> None:
    """People of a project in team mode: passwords, one-time codes, addresses that single sign-on lets in.

    The first account puts the project in team mode. Close the application first, or use its page "People".
    """


@group.command()
@click.argument("name")
@role_option
@click.option("--code", is_flag=True, help="Print a one-time code, which becomes a password at the first sign-in.")
@pass_root
def add(root: Path, name: str, role: Role, code: bool) -> None:
    """Make a password account for NAME, who joins the project where they are new.

    The password is asked for without echo, or read from stdin.

    \b
    Examples:
      lexalign -w mon-lexique accounts add "Amélie" --role administrator
      lexalign -w mon-lexique accounts add "Bruno" --code
    """
    workspace = workspace_of(root)
    password = None if code else _asked("Password")
    with open_store(workspace.curation) as store:
        name = appointing.appoint(store, name, role, at=datetime.now(UTC))
    if password is None:
        click.echo(accounts.give_code(workspace, name, at=datetime.now(UTC)))
        say(f"{name}: hand over this one-time code, good for {accounts.CODE_DAYS} days")
    else:
        accounts.give_password(workspace, name, password)
        say(f"{name}: has an account, as {role}")


@group.command()
@click.argument("name")
@pass_root
def remove(root: Path, name: str) -> None:
    """Take every way in of NAME away, and their rights; what they did stays."""
    workspace = workspace_of(root)
    with open_store(workspace.curation) as store:
        name = _known(queries.people(store), name)
        appointing.appoint(store, name, "former", at=datetime.now(UTC))
    if vault.there(workspace):
        accounts.remove(workspace, name)
    say(f"{name}: may nothing any more")


@group.command()
@click.argument("name")
@pass_root
def password(root: Path, name: str) -> None:
    """Set the password of NAME, who has an account; their browsers are signed out."""
    workspace = workspace_of(root)
    names = list(vault.read(workspace).accounts) if vault.there(workspace) else []
    name = _known(names, name)
    accounts.give_password(workspace, name, _asked("New password"))
    say(f"{name}: has a new password")


@group.command("list")
@pass_root
def show(root: Path) -> None:
    """Print everybody: name, role, ways in."""
    workspace = workspace_of(root)
    with open_store(workspace.curation) as store:
        members = people.known_members(workspace, store)
    for one in members:
        ways = [*one.allowed, *(["password"] if one.password else []), *(["code"] if one.code_until else [])]
        click.echo("\t".join((one.name, one.role, ", ".join(ways) or "-")))


@group.command()
@click.argument("identity")
@click.option("--name", required=True, help="Under which name they rate.")
@role_option
@pass_root
def allow(root: Path, identity: str, name: str, role: Role) -> None:
    """Let in whom single sign-on knows as IDENTITY: an e-mail address, or sub:SUBJECT."""
    workspace, identity = workspace_of(root), people.known_as(identity)
    with open_store(workspace.curation) as store:
        name = appointing.appoint(store, name, role, at=datetime.now(UTC))
    people.let_in(workspace, identity, name)
    say(f"{identity}: comes in as {name}, {role}")


@group.command()
@click.option("--metadata", required=True, metavar="URL", help="…/.well-known/openid-configuration")
@click.option("--client-id", required=True)
@click.option(
    "--address", required=True, metavar="URL", help="Where people open Lexalign: https://lexalign.lab.fr"
)
@pass_root
def provider(root: Path, metadata: str, client_id: str, address: str) -> None:
    """Use an OpenID Connect provider from the next start on; its client secret is asked for, or read from stdin.

    Register ADDRESS/oauth2callback there as the redirect address.
    """
    workspace = workspace_of(root)
    people.use_provider(workspace, Provider(metadata, client_id, address, _asked("Client secret")))
    say(f"{metadata}: is asked from the next start on; redirect address {address.rstrip('/')}/oauth2callback")


def _asked(what: str) -> str:
    if sys.stdin.isatty():
        return click.prompt(what, hide_input=True, confirmation_prompt=True, err=True)
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise InputError(f"{what.lower()}: found nothing on stdin, expected one line; type it, or pipe it in")
    return line


def _known(names: list[str], name: str) -> str:
    for one in names:
        if commands.folded(one) == commands.folded(name.strip()):
            return one
    raise InputError(f"{name!r}: nobody of this name, expected one of {', '.join(names) or 'nobody yet'}")
