"""`lexalign backup`, `restore` and `archive`: what keeps a project safe, without the application."""

from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.cli.options import pass_root, progress_of, progress_option, say, workspace_of


@click.command()
@pass_root
def backup(root: Path) -> None:
    """Copy the ratings into backups/, and check the copy.

    One process has the ratings at a time: while the application is open it takes backups by itself.

    \b
    Example: lexalign -w mon-lexique backup
    """
    from app.services import keeper
    from curation_db.safety import backups
    from curation_db.store import open_store

    with open_store(workspace_of(root).curation) as store:
        done = backups.take(store, keeper.folder(store), "hand", at=datetime.now(UTC))
    say(f"{done.path}: {done.bytes / 1e6:.1f} MB, {done.last_event} events")


@click.command()
@click.argument("backup", type=click.Path(path_type=Path), required=False)
@pass_root
def restore(root: Path, backup: Path | None) -> None:
    """Put BACKUP in the place of the ratings; without one, list the backups there are.

    The present file is put aside, never deleted. Close the application first, or restore there.

    \b
    Example: lexalign -w mon-lexique restore backups/curation-20260302T093000Z-schedule.duckdb
    """
    from curation_db.safety import backups, restoring

    workspace = workspace_of(root)
    if backup is None:
        for one in backups.found(workspace.root / "backups"):
            click.echo(f"{one.path}  {one.why}  {one.last_event} events")
        return
    aside = restoring.restore_file(workspace.curation, backup, at=datetime.now(UTC))
    say(f"{workspace.curation}: is {backup} now" + (f"; what was there is {aside}" if aside else ""))


@click.group()
def archive() -> None:
    """The whole project as one file, and back again."""


@archive.command("export")
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--with-embeddings", is_flag=True, help="Take the vectors along; they can be computed again.")
@progress_option
@pass_root
def export_archive(root: Path, output: Path, with_embeddings: bool, how: str) -> None:
    """Write the project to OUTPUT (.zip): sources, runs, translations, exports, ratings and settings.

    Accounts and other secrets stay behind.

    \b
    Example: lexalign -w mon-lexique archive export mon-lexique.zip
    """
    from app.services.archive import pack
    from curation_db.store import open_store

    workspace = workspace_of(root)
    with progress_of(how) as progress, open_store(workspace.curation) as store:
        pack(workspace, store, output, at=datetime.now(UTC), embeddings=with_embeddings, progress=progress)
    say(f"{output}: {output.stat().st_size / 1e6:.1f} MB")


@archive.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@progress_option
def import_archive(source: Path, folder: Path, how: str) -> None:
    """Make the project that SOURCE holds in FOLDER, which must be new or empty.

    Every file is checked first; an archive that is cut or was changed leaves nothing behind.

    \b
    Example: lexalign archive import mon-lexique.zip mon-lexique
    """
    from app.services.archive import unpack

    with progress_of(how) as progress:
        workspace = unpack(source, folder, progress=progress)
    say(f"{workspace.root}: open it with lexalign -w {workspace.root} app")
