"""`lexalign encode`."""

from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import complete_encoder, device_option, progress_of, progress_option, say
from pipeline.errors import FormatError
from pipeline.settings import Device


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--encoder", "name", required=True, metavar="NAME", shell_complete=complete_encoder)
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path), help="NumPy file, float32 [lines, dim]."
)
@click.option("--batch-tokens", type=click.IntRange(1), default=2048, show_default=True)
@click.option("--threads", type=click.IntRange(0), default=0, help="0 takes every core.")
@device_option
@click.option("--no-cache", is_flag=True, help="Encode everything anew.")
@progress_option
def encode(
    file: Path, name: str, output: Path, no_cache: bool, how: str, device: Device | None, **given: Any
) -> None:
    """Encode FILE, a text a line, into OUTPUT, a vector a row, in the same order.

    \b
    Example: lexalign encode termes.txt --encoder lexalign-e5 --output termes.npy
    """
    import numpy as np
    from platformdirs import user_cache_path

    from pipeline.encode import encode as encode_texts
    from pipeline.encoders import catalogue
    from pipeline.files import whole

    texts = _lines(file)
    encoder = catalogue.load(name, device=device or "auto", **given)
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
