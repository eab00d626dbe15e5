"""`lexalign encoders inspect`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import complete_encoder, progress_of, progress_option

if TYPE_CHECKING:
    from pipeline.encoders.card import Card


@click.command()
@click.argument("encoder", shell_complete=complete_encoder)
@click.option(
    "--against",
    shell_complete=complete_encoder,
    metavar="NAME",
    help="The fp32 export that it was made from; found by its card if not given.",
)
@click.option(
    "--texts",
    type=click.Path(path_type=Path),
    help="A text a line, to look and measure with; the sample's if not.",
)
@click.option(
    "--gold", type=click.Path(path_type=Path), help="Right answers in the project's UMLS (-w), for accuracy@1."
)
@click.option(
    "--alpha", type=click.FloatRange(0, 1), help="SmoothQuant's α; the encoder's own, or 0.5, if not given."
)
@click.option("--layer", default="", help="Whose activations are drawn; the most uneven one's if not given.")
@click.option(
    "--end-to-end/--no-end-to-end", default=True, help="Also what a sentence's vector loses by each layer alone."
)
@click.option("--energy/--no-energy", default=True, help="Also energy and CO2, by codecarbon.")
@click.option("--country", default="FRA", show_default=True, help="Whose electricity, three letters (ISO 3166-1).")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="A folder for the report.")
@progress_option
@click.pass_obj
def inspect(root: Path, encoder: str, output: Path, **given: Any) -> None:
    """Look inside ENCODER: error of each layer, activations before and after smoothing, and what it costs before and
    after: latency, speed, size, energy, CO2. Prints the folder: report.md, report.html, inspection.json.

    \b
    Examples:
      lexalign encoders inspect my-encoder -o look
      lexalign -w mon-lexique encoders inspect e5-static --gold gold.tsv --alpha 0.9 -o look
    """
    from pipeline.encoders import catalogue, texts
    from pipeline.encoders.export.extra import models_extra
    from pipeline.encoders.recipe import ALPHA
    from pipeline.encoders.search.sample import from_gold
    from pipeline.workspace import find

    card = catalogue.card(encoder)
    original = catalogue.card(given["against"]) if given["against"] else _original(card)
    alpha = given["alpha"]
    if alpha is None:
        alpha = card.tags.get("recipe", {}).get("alpha", ALPHA)
    with progress_of(given["how"]) as progress, models_extra():
        from pipeline.encoders.inspect import inspection, report

        project = find(root) if given["gold"] else None
        found = inspection.inspect(
            card,
            original,
            texts.read(given["texts"]) if given["texts"] else texts.sample(),
            sample=from_gold(given["gold"], project, pool=0) if project else None,
            cache=project.embeddings if project else None,
            alpha=alpha,
            layer=given["layer"],
            end_to_end=given["end_to_end"],
            country=given["country"] if given["energy"] else None,
            progress=progress,
        )
        report.write(found, output)
    click.echo(output)


def _original(card: "Card") -> "Card":
    """The encoder that the card says it was made from; itself where it is fp32. Of several exports of the same bytes,
    which may differ in what goes in, the one of its name."""
    from pipeline.encoders import catalogue
    from pipeline.errors import EncoderError

    wanted = card.tags.get("made_from", card.model_sha256)
    found = [
        other
        for other in map(catalogue.card, catalogue.folders())
        if other.model_sha256 == wanted and (other.engine, other.precision) == ("onnxruntime", "fp32")
    ]
    if found:
        return min(found, key=lambda other: other.name not in (card.name, f"{card.name}-fp32"))
    raise EncoderError(
        f"{card.name}: the fp32 export that it was made from is not installed, expected one; name it with --against, "
        "or add the encoder again"
    )
