"""`lexalign`: the group of all commands, exit codes and how errors are told.

Exit codes: 0 done, 1 an error that says what to do, 2 wrong usage, 130 interrupted, 143 ended. Data goes to stdout,
talk to stderr.
"""

import os
import signal
import sys
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import click

from pipeline import __version__
from pipeline.errors import LexalignError

COMMANDS = {
    "init": "pipeline.cli.sources:init",
    "ingest": "pipeline.cli.sources:ingest",
    "report": "pipeline.cli.sources:report",
    "translate": "pipeline.cli.translate:translate",
    "align": "pipeline.cli.align:align",
    "candidates": "pipeline.cli.align:candidates",
    "encode": "pipeline.cli.encode:encode",
    "encoders": "pipeline.cli.encoders:encoders",
    "evaluate": "pipeline.cli.evaluate:evaluate",
    "doctor": "pipeline.cli.doctor:doctor",
}
PLUGINS = "lexalign.commands"
"""Entry points of the layers above the pipeline (the application, the curation store), which it may not import."""


class Commands(click.Group):
    """Commands are imported when they are called, so that `lexalign --help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*COMMANDS, *(point.name for point in entry_points(group=PLUGINS))])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module, name = COMMANDS[cmd_name].split(":")
            return getattr(import_module(module), name)
        found = entry_points(group=PLUGINS, name=cmd_name)
        return next(iter(found)).load() if found else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="lexalign")
@click.option(
    "-w",
    "--workspace",
    "root",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    envvar="LEXALIGN_WORKSPACE",
    metavar="DIR",
    help="The project's folder.",
)
@click.pass_context
def cli(ctx: click.Context, root: Path) -> None:
    """Align a French layman medical lexicon with UMLS concepts, and curate the alignment.

    \b
    Examples:
      lexalign demo                                     the sample project in the browser
      lexalign init mon-lexique
      lexalign -w mon-lexique ingest lexicon lexique.txt
      lexalign -w mon-lexique ingest umls 2026AA/META
      lexalign -w mon-lexique align
      lexalign -w mon-lexique app

    Completion for bash: eval "$(_LEXALIGN_COMPLETE=bash_source lexalign)"
    """
    ctx.obj = root


def main() -> None:
    signal.signal(signal.SIGTERM, _end)  # whoever is asked to stop takes half-made folders along
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo(
            "lexalign: interrupted; what was finished is kept, the same command goes on from there", err=True
        )
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:  # whoever read stdout has enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except LexalignError as error:
        click.echo(f"lexalign: {error}", err=True)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _end(number: int, frame: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
