"""`lexalign encoders` and `encode`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import complete_encoder, json_option, print_json, progress_of, progress_option, say
from pipeline.errors import FormatError

if TYPE_CHECKING:
    from pipeline.encoders.card import Card


@click.group()
def encoders() -> None:
    """The encoders that are installed."""


@encoders.command("list")
@click.option("--names", is_flag=True, help="Names only, one a line.")
@json_option
def list_encoders(names: bool, as_json: bool) -> None:
    """List the encoders: those in the box and those in your own folder.

    \b
    Example: lexalign encoders list --names
    """
    from pipeline.encoders import catalogue

    cards = [catalogue.card(name) for name in catalogue.folders()]
    if names:
        click.echo("\n".join(card.name for card in cards))
        return
    if as_json:
        print_json([_row(card) for card in cards])
    for row in [] if as_json else map(_row, cards):
        click.echo(
            f"{row['name']:28} {row['dimension']:5} {','.join(row['languages']):8} {row['precision']:6} "
            f"{row['megabytes']:6} MB  {row['licence']}"
        )
    say(f"your own encoders' folder: {catalogue.own()}")


def _row(card: "Card") -> dict[str, Any]:
    return {
        "name": card.name,
        "dimension": card.dimension,
        "languages": list(card.languages),
        "precision": card.precision,
        "megabytes": round((card.folder / "model.onnx").stat().st_size / 1e6, 1),
        "licence": card.licence,
        "folder": str(card.folder),
    }


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--encoder", "name", required=True, metavar="NAME", shell_complete=complete_encoder)
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path), help="NumPy file, float32 [lines, dim]."
)
@click.option("--batch-tokens", type=click.IntRange(1), default=2048, show_default=True)
@click.option("--threads", type=click.IntRange(0), default=0, help="0 takes every core.")
@click.option("--no-cache", is_flag=True, help="Encode everything anew.")
@progress_option
def encode(file: Path, name: str, output: Path, batch_tokens: int, threads: int, no_cache: bool, how: str) -> None:
    """Encode FILE, a text a line, into OUTPUT, a vector a row, in the same order.

    \b
    Example: lexalign encode termes.txt --encoder multilingual-e5-small --output termes.npy
    """
    import numpy as np
    from platformdirs import user_cache_path

    from pipeline.encode import encode as encode_texts
    from pipeline.encoders import catalogue
    from pipeline.files import whole

    texts = _lines(file)
    encoder = catalogue.load(name, threads=threads, batch_tokens=batch_tokens)
    cache = None if no_cache else user_cache_path("lexalign") / "embeddings"
    with progress_of(how) as progress:
        vectors = encode_texts(texts, encoder, cache=cache, progress=progress)
    with whole(output) as part, part.open("wb") as stream:
        np.save(stream, vectors)
    say(f"{output}: {vectors.shape[0]} vectors of {vectors.shape[1]}")


def _lines(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{file}: {error}; expected a text a line in UTF-8") from error
    lines = text.split("\n")
    return [line.removesuffix("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]
