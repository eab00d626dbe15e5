"""`lexalign align` and `candidates`: a run and what it found."""

import sys
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import (
    complete_encoder,
    encoders_of,
    encoding_options,
    pass_root,
    progress_of,
    progress_option,
    say,
    workspace_of,
)
from pipeline.errors import InputError
from pipeline.settings import changed


@click.command()
@encoding_options
@click.option("--top-k", type=click.IntRange(1), help="Candidates an encoder; the project's if not given.")
@progress_option
@pass_root
def align(root: Path, names: tuple[str, ...], how: str, **given: Any) -> None:
    """Propose concepts for every lexicon entry. Prints the run's folder.

    A run that was stopped goes on where it was when it is started again.

    \b
    Examples:
      lexalign -w mon-lexique align
      lexalign -w mon-lexique align --encoder lexalign-e5 --top-k 20
    """
    from pipeline import run
    from pipeline.prepare import Preparation, normaliser
    from pipeline.translate import Memory

    workspace = workspace_of(root)
    settings = changed(workspace.settings(), encoders=names or None, **given)
    encoders = encoders_of(settings)
    with progress_of(how) as progress:
        folder = run.align(
            workspace,
            encoders,
            settings,
            prepare=Preparation(Memory(workspace.translations), normaliser(settings)),
            progress=progress,
        )
    for encoder in encoders:
        if encoder.truncated:
            say(f"{encoder.name}: {encoder.truncated} texts cut at {encoder.card.max_length} tokens")
        if encoder.unknown:
            say(f"{encoder.name}: {encoder.unknown} texts with a piece that its vocabulary does not know")
    click.echo(folder)


@click.command()
@click.option("--format", "form", type=click.Choice(["tsv", "json", "parquet"]), default="tsv", show_default=True)
@click.option(
    "--encoder", metavar="NAME", shell_complete=complete_encoder, help="One encoder's instead of the merged list."
)
@click.option("--run", "name", metavar="RUN", help="A run by name; the latest if not given.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file instead of stdout.")
@pass_root
def candidates(root: Path, form: str, encoder: str | None, name: str | None, output: Path | None) -> None:
    """Print the candidates of a run: entry_id, term, explanation, rank, cui, name, encoders, score, …

    \b
    Examples:
      lexalign -w mon-lexique candidates | head
      lexalign -w mon-lexique candidates --format parquet -o candidates.parquet
    """
    from pipeline.candidates import read_candidates, write

    workspace = workspace_of(root)
    run = workspace.runs / name if name else workspace.latest_run()
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise InputError("parquet is not for a terminal; name a file with -o FILE or pipe it")
    write(read_candidates(workspace, run, encoder), form, output)
