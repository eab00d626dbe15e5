"""`lexalign encoders add` and `quantise`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import complete_encoder, progress_of, progress_option, say

PRECISIONS = ("int8", "fp32", "bf16", "fp16", "int8-weights", "int8-static", "int8-tensor")
POOLINGS = ("cls", "mean", "max", "mean-sqrt", "last", "mean-with-padding")
RECIPE = (
    click.option(
        "--precision",
        type=click.Choice(PRECISIONS),
        default="int8",
        show_default=True,
        help="int8 is the fastest invariant INT8 of this machine; int8-tensor is for comparison only.",
    ),
    click.option(
        "--engine",
        type=click.Choice(["auto", "onnxruntime", "openvino"]),
        default="auto",
        show_default=True,
        help="auto chooses by this machine's instruction set.",
    ),
    click.option(
        "--alpha", type=click.FloatRange(0, 1), help="SmoothQuant's α; 0.8 for int8-static if not given."
    ),
    click.option(
        "--group", type=click.IntRange(8), help="Activations a scale, for int8-weights; 32 if not given."
    ),
    click.option(
        "--bits",
        type=click.Choice(["7", "8"]),
        help="Of int8 weights on onnxruntime: 7 run on every CPU, 8 need VNNI; this machine's if not given.",
    ),
    click.option("--exclude", "excluded", multiple=True, metavar="LAYER", help="A linear layer left in fp32."),
    click.option(
        "--texts",
        type=click.Path(path_type=Path),
        help="A text a line, to calibrate and measure with: best your own lexicon. The sample's if not given.",
    ),
)


def recipe_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(RECIPE):
        command = option(command)
    return command


@click.command()
@click.argument("source")
@click.option("--name", help="How Lexalign calls it; the folder's or model's name if not given.")
@recipe_options
@click.option("--pooling", type=click.Choice(POOLINGS), help="Tokens to one vector; the folder's own if it says.")
@click.option("--prefix", help="Before every text, as 'query: '.")
@click.option("--suffix", help="After every text.")
@click.option("--lowercase/--keep-case", default=None, help="Lower-case texts first.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="xx",
    help="A language that it reads, as fr: what is not in fr is given English. What the folder says, else fr and en.",
)
@click.option("--max-length", type=click.IntRange(3), help="Tokens a text, special ones included.")
@click.option("--licence", help="Where neither folder nor hub says it.")
@click.option(
    "--trim",
    is_flag=True,
    help="Keep only the word pieces that the project (-w) and the sample use; covered texts keep their vectors.",
)
@click.option("--revision", help="A hub's commit, branch or tag; the newest if not given.")
@click.option("--mirror", help="A hub's address; HF_ENDPOINT if set.")
@click.option(
    "--token", envvar="HF_TOKEN", help="For gated models; better in HF_TOKEN than in the shell's history."
)
@click.option("--yes", is_flag=True, help="Fetch without asking.")
@progress_option
@click.pass_obj
def add(root: Path, source: str, **given: Any) -> None:
    """Make SOURCE an encoder of Lexalign: a transformers or sentence-transformers folder, a name that `lexalign
    encoders known` lists, or OWNER/MODEL of a hub. Prints the names of what was registered.

    The fp32 export is kept as NAME-fp32: the others are made from it.

    \b
    Examples:
      lexalign encoders add ./my-sentence-transformer
      lexalign encoders add sapbert-large --trim --texts lexique.txt
      lexalign encoders add intfloat/multilingual-e5-base --prefix "query: " --engine openvino
    """
    from pipeline.encoders import add as workshop
    from pipeline.encoders.recipe import recipe

    recipe_ = _recipe(recipe, given)
    texts = _texts(given["texts"])
    name = given["name"] or _name(source)
    fields = ("pooling", "prefix", "suffix", "lowercase", "max_length", "licence")
    choices = workshop.choices_of(
        source,
        workshop.Choices(**{field: given[field] for field in fields}, languages=given["languages"] or None),
    )
    with progress_of(given["how"]) as progress:
        origin = workshop.fetch(
            source,
            revision=given["revision"],
            mirror=given["mirror"],
            token=given["token"],
            agree=lambda what: given["yes"] or click.confirm(f"Fetch {what}?", err=True),
            progress=progress,
        )
        trim_to = _words(root, texts) if given["trim"] else []
        cards = workshop.add(origin, recipe_, choices, name=name, texts=texts, trim_to=trim_to, progress=progress)
    _tell(cards)


@click.command()
@click.argument("encoder", shell_complete=complete_encoder)
@click.option("--name", required=True, help="Of the new encoder.")
@recipe_options
@progress_option
def quantise(encoder: str, name: str, **given: Any) -> None:
    """Make another encoder from ENCODER, an fp32 export, by a recipe of your own.

    \b
    Example: lexalign encoders quantise e5-fp32 --name e5-static --engine openvino --precision int8-static --alpha 0.9
    """
    from pipeline.encoders import catalogue
    from pipeline.encoders.build import build
    from pipeline.encoders.recipe import recipe

    with progress_of(given["how"]) as progress:
        card = build(
            catalogue.card(encoder),
            _recipe(recipe, given),
            name=name,
            texts=_texts(given["texts"]),
            progress=progress,
        )
    _tell([card])


def _recipe(make: Callable[..., Any], given: dict[str, Any]) -> Any:
    return make(
        given["engine"],
        given["precision"],
        alpha=given["alpha"],
        group=given["group"],
        bits=int(given["bits"] or 0),
        excluded=given["excluded"],
    )


def _texts(path: Path | None) -> list[str]:
    from pipeline.encoders import texts

    return texts.read(path) if path else texts.sample()


def _words(root: Path, texts: list[str]) -> list[str]:
    """All that the project holds, where there is one, and the given texts."""
    from pipeline.encoders import texts as known
    from pipeline.workspace import find

    if not (root / "lexalign.toml").is_file():
        say(f"{root}: no project; the vocabulary keeps what the sample uses (name yours with lexalign -w DIR)")
        return [*texts, *known.sample(most=0)]
    return [*texts, *known.of_project(find(root))]


def _name(source: str) -> str:
    return Path(source).resolve().name if Path(source).is_dir() else source.split("/")[-1]


def _tell(cards: list[Any]) -> None:
    for card in cards:
        measured = card.tags["measured"]
        drift, speed = measured["drift"], measured["speed"]
        near = (
            f", cosine to fp32 {drift['mean_cosine']:.4f}, nearest kept {drift['neighbours']:.1%}" if drift else ""
        )
        say(
            f"{card.name}: {card.precision} on {card.engine}, {card.dimension} dimensions, {card.bytes / 1e6:.1f} MB, "
            f"{card.licence}{near}, {speed['texts_per_second']} texts/s on {speed['threads']} threads "
            f"({speed['instruction_set']})"
        )
        click.echo(card.name)
    if "fr" not in cards[0].languages:
        say(
            f"{cards[-1].name}: reads {', '.join(cards[0].languages)} by its folder's word: French texts are "
            "translated for it first (`lexalign translate`); where it does read French, add it with --language fr"
        )
