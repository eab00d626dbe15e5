"""Options of every run of the workshop that learns: seed and machine, and whether it starts."""

from collections.abc import Callable
from typing import Any

import click

from pipeline.cli.options import progress_option

MACHINE = (
    click.option("--seed", type=int, default=2025, show_default=True),
    click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True),
)
BEGIN = (
    click.option("--plan", "only_plan", is_flag=True, help="Tell time, memory and disk, and stop."),
    click.option("--yes", is_flag=True, help="Start without asking."),
    progress_option,
)


def begin_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Seed and machine of a run, and whether it starts."""
    return together((*MACHINE, *BEGIN), command)


def together(options: tuple[Callable[..., Any], ...], command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the options, in their order."""
    for option in reversed(options):
        command = option(command)
    return command
