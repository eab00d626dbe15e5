"""`lexalign encoders list`, `show`, `known` and `remove`."""

from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import complete_encoder, json_option, print_json, say
from pipeline.errors import LexalignError

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.encoders.card import Card


@click.command("list")
@click.option("--names", is_flag=True, help="Names only, one a line.")
@json_option
def list_encoders(names: bool, as_json: bool) -> None:
    """List the encoders: those in the box and those in your own folder.

    \b
    Example: lexalign encoders list --names
    """
    from pipeline.encoders import catalogue

    if names:
        click.echo("\n".join(catalogue.folders()))
        return
    cards = _whole(catalogue.folders())
    if as_json:
        print_json([_row(card) for card in cards])
    for row in [] if as_json else map(_row, cards):
        click.echo(
            f"{row['name']:32} {row['dimension']:5} {','.join(row['languages'])[:12]:12} {row['engine']:11} "
            f"{row['precision']:12} {row['megabytes']:7} MB  {row['licence']}"
        )
    say(f"your own encoders' folder: {catalogue.own()}")


@click.command()
@click.argument("name", shell_complete=complete_encoder)
def show(name: str) -> None:
    """Print an encoder's card as JSON: source, recipe, drift, speed.

    \b
    Example: lexalign encoders show lexalign-e5
    """
    from pipeline.encoders import catalogue
    from pipeline.encoders.card import to_json

    card = catalogue.card(name)
    print_json(to_json(card) | {"bytes": card.bytes, "folder": str(card.folder)})


@click.command()
@json_option
def known(as_json: bool) -> None:
    """List the encoders that `add` knows by name; their weights come from a model hub.

    \b
    Example: lexalign encoders known
    """
    from pipeline.encoders.add import named

    entries = list(named().values())
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        click.echo(f"{entry['name']:20} {entry['source']}\n{'':20} {entry['licence']}; {entry['note']}")


@click.command()
@click.argument("name", shell_complete=complete_encoder)
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Delete an encoder of your own. Ratings, runs and cached vectors stay.

    \b
    Example: lexalign encoders remove my-encoder --yes
    """
    from pipeline.encoders import catalogue

    if not yes:
        click.confirm(f"Delete {catalogue.card(name).folder}?", abort=True, err=True)
    say(f"{catalogue.remove(name)}: deleted")


def _whole(folders: "dict[str, Path]") -> "list[Card]":
    """The cards that can be read; of the others, what is wrong."""
    from pipeline.encoders.card import read_card

    cards = []
    for folder in folders.values():
        try:
            cards.append(read_card(folder))
        except LexalignError as error:
            say(f"{error} (lexalign encoders remove {folder.name} takes it away)")
    return cards


def _row(card: "Card") -> dict[str, Any]:
    return {
        "name": card.name,
        "dimension": card.dimension,
        "languages": list(card.languages),
        "engine": card.engine,
        "precision": card.precision,
        "megabytes": round(card.bytes / 1e6, 1),
        "licence": card.licence,
        "folder": str(card.folder),
    }
