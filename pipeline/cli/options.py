"""Options and small things that several commands share."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from pipeline.progress import Progress, bar, json_lines, silent
from pipeline.workspace import Workspace, find

pass_root = click.make_pass_decorator(Path)

progress_option = click.option(
    "--progress",
    "how",
    type=click.Choice(["bar", "json", "none"]),
    default="bar",
    show_default=True,
    help="On stderr: bars, one JSON object a line, or nothing.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")


@contextmanager
def progress_of(how: str) -> Iterator[Progress]:
    if how == "bar":
        with bar() as shown:
            yield shown
    else:
        yield json_lines(sys.stderr) if how == "json" else silent


def workspace_of(root: Path) -> Workspace:
    return find(root)


def say(text: str) -> None:
    """Talk, on stderr."""
    click.echo(text, err=True)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def complete_encoder(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from pipeline.encoders import catalogue

    return [name for name in catalogue.folders() if name.startswith(incomplete)]
