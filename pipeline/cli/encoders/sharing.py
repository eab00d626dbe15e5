"""`lexalign encoders share`."""

from pathlib import Path

import click

from pipeline.cli.options import complete_encoder


@click.command()
@click.argument("name", shell_complete=complete_encoder)
@click.argument("folder", type=click.Path(path_type=Path))
def share(name: str, folder: Path) -> None:
    """Write the encoder NAME as FOLDER, to hand on: without paths and timings of this machine. Prints the folder.

    Who receives it puts it into the folder that `lexalign encoders list` names.

    \b
    Example: lexalign encoders share mine ./mine
    """
    from pipeline.encoders import catalogue
    from pipeline.encoders.share import share as write

    click.echo(write(catalogue.card(name), folder))
