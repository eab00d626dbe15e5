"""`lexalign app`, `demo` and `export`: the commands that need the application's layers.

They are entry points of the group `lexalign.commands`, so that the pipeline need not import what stands above it.
"""

import subprocess
import sys
from pathlib import Path

import click

from app.services import vault
from app.serving import serve
from pipeline.cli.options import pass_root, progress_of, progress_option, say, workspace_of
from pipeline.errors import WorkspaceError
from pipeline.workspace import Workspace, create

SAMPLE = Path(__file__).parents[1] / "assets" / "sample"

port_option = click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
address_option = click.option(
    "--address", default="127.0.0.1", show_default=True, metavar="A", help="Address to listen on."
)
headless_option = click.option("--no-browser", is_flag=True, help="Do not open a browser.")
team_option = click.option("--team", is_flag=True, help="People sign in; from then on always, for this project.")


@click.command()
@port_option
@address_option
@headless_option
@team_option
@pass_root
def app(root: Path, port: int, address: str, no_browser: bool, team: bool) -> None:
    """Open the application on the project.

    Without --team everybody chooses a name, without a password, on this machine only. In team mode people sign in;
    where no administrator can yet, a set-up code for the first one is printed here.

    \b
    Examples:
      lexalign -w mon-lexique app --port 8600
      lexalign -w mon-lexique app --team --address 0.0.0.0
    """
    workspace = workspace_of(root)
    if team:
        vault.change(workspace, lambda before: before)
    serve(workspace, port, address, no_browser)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("lexalign-demo"))
@click.option("--prepare-only", is_flag=True, help="Align the sample, but do not open the application.")
@port_option
@address_option
@headless_option
@progress_option
def demo(folder: Path, prepare_only: bool, port: int, address: str, no_browser: bool, how: str) -> None:
    """Make the sample project in FOLDER, align it, and open it in the browser. Needs no network.

    A second call opens the same project again, ratings kept.

    \b
    Example: lexalign demo
    """
    workspace = Workspace(folder)
    if not workspace.toml.exists():
        create(folder)
    prepare(workspace, how)
    if not prepare_only:
        serve(workspace, port, address, no_browser)


def _complete_format(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from pipeline.interchange import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


@click.command()
@click.argument("format", metavar="FORMAT", shell_complete=_complete_format)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
@click.option("--minimum-rating", type=click.IntRange(0, 5), default=3, show_default=True)
@click.option("--with-restricted", is_flag=True, help="Write names of sources with restrictions (SRL not 0) too.")
@click.option("--include-proposals", is_flag=True, help="Add candidates that nobody rated, without a rating.")
@click.option("--license", "licence", metavar="URL", help="Licence of the mapping, for the header of SSSOM.")
@pass_root
def export(
    root: Path,
    format: str,
    output: Path,
    minimum_rating: int,
    with_restricted: bool,
    include_proposals: bool,
    licence: str | None,
) -> None:
    """Write the curated mapping: what people rated, by the lower median of their ratings.

    FORMAT is main, extensive, final, ratings, verdicts or table4 with -csv, -tsv, -xlsx or -parquet (or by the
    name of the output), or sssom. One process has the ratings at a time: close the application first, or export
    there.

    \b
    Examples:
      lexalign -w mon-lexique export final-xlsx -o mapping.xlsx
      lexalign -w mon-lexique export sssom -o mapping.sssom.tsv --license https://creativecommons.org/licenses/by/4.0/
    """
    import dataclasses
    from datetime import UTC, datetime

    from app.services.export import curation
    from curation_db.commands import load_run
    from curation_db.queries import current_run
    from curation_db.store import open_store
    from pipeline import interchange
    from pipeline.files import read_json

    workspace = workspace_of(root)
    interchange.find(format, output)
    with open_store(workspace.curation) as store:
        if current_run(store) is None:
            run = workspace.latest_run()
            lexicon = workspace.sources / read_json(run / "manifest.json")["lexicon"]
            load_run(store, run, lexicon, at=datetime.now(UTC))
        what = curation(workspace, store)
    if licence:
        what = dataclasses.replace(what, license=licence)
    done = interchange.export(
        what,
        format,
        output,
        minimum_rating=minimum_rating,
        withhold_restricted=not with_restricted,
        include_proposals=include_proposals,
    )
    say(f"{done.path}: {done.rows} rows ({done.format})")
    if done.left_out:
        say(f"{done.left_out} rated pairs are left out: their entries are no longer in the lexicon")


def prepare(workspace: Workspace, how: str) -> None:
    """Bring the sample project to a finished run; what is there already is kept."""
    from pipeline.ingest.lexicon import ingest_lexicon
    from pipeline.ingest.rrf import ingest_umls

    with progress_of(how) as progress:
        if not workspace.has_release("lexicon"):
            ingest_lexicon([SAMPLE / "lexicon.txt"], workspace, progress=progress)
        if not workspace.has_release("umls"):
            ingest_umls(SAMPLE / "umls", workspace, progress=progress)
    if not workspace.finished_runs():
        say("Aligning the sample lexicon (about a minute, once)")
        command = [
            sys.executable,
            "-m",
            "pipeline.cli.main",
            "-w",
            str(workspace.root),
            "align",
            "--progress",
            how,
        ]
        if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
            raise WorkspaceError(f"{workspace.root}: the sample could not be aligned; the reason stands above")
    say(f"{workspace.root}: the sample project is ready")
