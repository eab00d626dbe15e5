"""`lexalign init`, `ingest` and `report`: a project and what it is made from."""

from pathlib import Path

import click

from pipeline import workspace as workspaces
from pipeline.cli.options import (
    json_option,
    pass_root,
    print_json,
    progress_of,
    progress_option,
    say,
    workspace_of,
)
from pipeline.files import read_json

rejects_option = click.option(
    "--allow-rejects", is_flag=True, help="Go on where rows cannot be read; they are kept in rejects.parquet."
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a new, empty project in FOLDER.

    \b
    Example: lexalign init mon-lexique
    """
    workspaces.create(folder)
    say(f"{folder}: project made; next: lexalign -w {folder} ingest lexicon FILE")


@click.group()
def ingest() -> None:
    """Read a lexicon or a UMLS release into the project."""


@ingest.command("lexicon")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@rejects_option
@progress_option
@json_option
@pass_root
def ingest_lexicon_command(
    root: Path, files: tuple[Path, ...], allow_rejects: bool, how: str, as_json: bool
) -> None:
    """Read the layman lexicon: columns Terme, Explication au grand public, …; tab, semicolon or comma.

    \b
    Example: lexalign -w mon-lexique ingest lexicon lexique.txt
    """
    from pipeline.ingest.lexicon import ingest_lexicon

    with progress_of(how) as progress:
        folder = ingest_lexicon(files, workspace_of(root), allow_rejects=allow_rejects, progress=progress)
    _show(folder, as_json)


@ingest.command("umls")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--language", "languages", multiple=True, metavar="LAT", help="Keep these languages; FRE and ENG if none."
)
@click.option("--source", "sources", multiple=True, metavar="SAB", help="Keep these sources; all if none.")
@click.option(
    "--term-type", "term_types", multiple=True, metavar="TTY", help="Keep these term types; all if none."
)
@click.option("--include-suppressed", is_flag=True, help="Keep atoms with SUPPRESS O, E or Y too.")
@rejects_option
@progress_option
@json_option
@pass_root
def ingest_umls_command(
    root: Path,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    sources: tuple[str, ...],
    term_types: tuple[str, ...],
    include_suppressed: bool,
    allow_rejects: bool,
    how: str,
    as_json: bool,
) -> None:
    """Read MRCONSO.RRF, whole, .gz or in parts, from a folder or by name; MRSTY and MRDEF beside it come along.

    \b
    Examples:
      lexalign -w mon-lexique ingest umls 2026AA/META
      lexalign -w mon-lexique ingest umls MRCONSO.RRF.aa.gz MRCONSO.RRF.ab.gz --language FRE --source MSHFRE
    """
    from pipeline.ingest.rrf import ingest_umls

    workspace = workspace_of(root)
    with progress_of(how) as progress:
        folder = ingest_umls(
            paths[0] if len(paths) == 1 else paths,
            workspace,
            languages=languages or workspace.settings().languages,
            sources=sources,
            term_types=term_types,
            include_suppressed=include_suppressed,
            allow_rejects=allow_rejects,
            progress=progress,
        )
    _show(folder, as_json)


@click.command()
@click.argument("kind", type=click.Choice(workspaces.KINDS))
@json_option
@pass_root
def report(root: Path, kind: str, as_json: bool) -> None:
    """Show the integrity report of the current lexicon or UMLS release.

    \b
    Example: lexalign -w mon-lexique report umls --json
    """
    _show(workspace_of(root).release(kind), as_json)


def _show(folder: Path, as_json: bool) -> None:
    from pipeline.ingest.report import as_text

    found = read_json(folder / "report.json")
    if as_json:
        print_json(found)
    else:
        click.echo(as_text(found))
    say(f"{folder}: current")
