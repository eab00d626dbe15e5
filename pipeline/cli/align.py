"""`lexalign align` and `candidates`: a run and what it found."""

import sys
from pathlib import Path

import click

from pipeline.cli.options import complete_encoder, pass_root, progress_of, progress_option, say, workspace_of
from pipeline.errors import InputError
from pipeline.settings import changed


@click.command()
@click.option(
    "--encoder",
    "names",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_encoder,
    help="Use these encoders instead of the project's.",
)
@click.option("--top-k", type=click.IntRange(1), help="Candidates an encoder; the project's if not given.")
@click.option(
    "--entry-text",
    type=click.Choice(["term", "explanation", "both", "mean"]),
    help="Which text of an entry is encoded; the project's if not given.",
)
@click.option("--threads", type=click.IntRange(0), help="0 takes every core.")
@progress_option
@pass_root
def align(
    root: Path, names: tuple[str, ...], top_k: int | None, entry_text: str | None, threads: int | None, how: str
) -> None:
    """Propose concepts for every lexicon entry. Prints the run's folder.

    A run that was stopped goes on where it was when it is started again.

    \b
    Examples:
      lexalign -w mon-lexique align
      lexalign -w mon-lexique align --encoder multilingual-e5-small --top-k 20
    """
    from pipeline import run
    from pipeline.encoders import catalogue
    from pipeline.prepare import Preparation, normaliser
    from pipeline.translate import Memory

    workspace = workspace_of(root)
    settings = changed(
        workspace.settings(), encoders=names or None, top_k=top_k, entry_text=entry_text, threads=threads
    )
    encoders = [
        catalogue.load(name, threads=settings.threads, batch_tokens=settings.batch_tokens)
        for name in settings.encoders
    ]
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
