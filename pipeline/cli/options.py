"""Options and small things that several commands share."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from pipeline.progress import Progress, bar, json_lines, silent
from pipeline.settings import Device, EntryText, Settings
from pipeline.workspace import Workspace, find

if TYPE_CHECKING:
    from pipeline.encoders.encoder import FolderEncoder

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


def device_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--device",
        type=click.Choice(get_args(Device)),
        help="auto takes a GPU where there is one and the encoder is in fp32 or fp16.",
    )(command)


def encoding_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a run may set besides its project: encoders, texts, what is asked beside the names, threads, device."""
    for option in (
        device_option,
        click.option(
            "--wordings/--no-wordings",
            default=None,
            help="Also ask French compounds by what their parts say; the project's if not given.",
        ),
        click.option(
            "--definitions/--no-definitions",
            default=None,
            help="Also ask concepts by the first sentence of their definitions; the project's if not given.",
        ),
        click.option(
            "--gathered/--no-gathered",
            default=None,
            help="Draw a concept's names toward what they have in common; the project's if not given.",
        ),
        click.option("--threads", type=click.IntRange(0), help="0 takes every core."),
        click.option(
            "--entry-text",
            type=click.Choice(get_args(EntryText)),
            help="Which text of an entry is encoded; the project's if not given.",
        ),
        click.option(
            "--encoder",
            "names",
            multiple=True,
            metavar="NAME",
            shell_complete=complete_encoder,
            help="Use these encoders instead of the project's.",
        ),
    ):
        command = option(command)
    return command


def encoders_of(settings: Settings) -> "list[FolderEncoder]":
    from pipeline.encoders import catalogue

    return [
        catalogue.load(name, threads=settings.threads, batch_tokens=settings.batch_tokens, device=settings.device)
        for name in settings.encoders
    ]
