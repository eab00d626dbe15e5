"""What the commands that learn from names of one concept share: options, lessons, the registered result."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.encoders.starting import BEGIN, MACHINE, together
from pipeline.cli.options import say

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.encoders.add import Origin
    from pipeline.encoders.card import Card
    from pipeline.encoders.train.lessons import Lesson
    from pipeline.progress import Progress


FILE = click.Path(exists=True, path_type=Path)
LESSONS = (
    click.option(
        "--teach",
        type=FILE,
        multiple=True,
        help="A file or folder of concepts' texts: OBO, Babelon, SSSOM, glosses, mentions, right answers, lay "
        "phrases.",
    ),
    click.option(
        "--project/--no-project", default=True, help="Teach what the project's own UMLS release (-w) holds, too."
    ),
    click.option(
        "--paraphrases/--no-paraphrases", default=True, help="Teach what the parts of compound names say, too."
    ),
    click.option(
        "--apart",
        type=FILE,
        multiple=True,
        help="Right answers (TSV as of `evaluate linking`) whose concepts are kept out of all that is taught.",
    ),
)
RUN = (
    click.option(
        "--pooling",
        type=click.Choice(["cls", "max", "mean"]),
        help="Tokens to one vector, where the folder does not say so.",
    ),
    *MACHINE,
    click.option(
        "--trim-to", type=FILE, help="UTF-8, a text a line: words that the vocabulary keeps beside those taught."
    ),
    click.option("--licence", help="Of the made encoder, where its folder does not say it."),
    click.option("--folder", type=click.Path(path_type=Path), help="Of checkpoint, curve and the made model."),
    *BEGIN,
)


CONCEPTS = click.option(
    "--concepts", type=click.IntRange(2), default=64, show_default=True, help="A step, of two texts each."
)


def step_options(*, steps: int, every: int, rate: float) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """How long, how fast, and what is measured on the way."""
    options = (
        click.option("--measure", type=FILE, multiple=True, help="Right answers to measure it on, on the way."),
        click.option("--measure-every", type=click.IntRange(1), default=every, show_default=True, help="Steps."),
        click.option("--steps", type=click.IntRange(1), default=steps, show_default=True),
        click.option(
            "--minutes",
            type=click.FloatRange(1),
            help="Fewer steps where they would take longer than this here; --measure comes on top.",
        ),
        click.option("--rate", type=click.FloatRange(0, min_open=True), default=rate, show_default=True),
    )
    return lambda command: together(options, command)


def lesson_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What `lessons_of` reads."""
    return together(LESSONS, command)


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Where and how a run is made."""
    return together(RUN, command)


def lessons_of(root: Path, given: dict[str, Any]) -> "list[Lesson]":
    """Raises click.UsageError where there is nothing to teach."""
    from pipeline.encoders.train import apart, compounded, lessons, sources
    from pipeline.encoders.train.sources import release
    from pipeline.workspace import find

    taught = sources.read(given["teach"])
    if given["project"] and (root / "lexalign.toml").is_file():
        taught += release.read(find(root))
    if given["paraphrases"]:
        taught += list(compounded.paraphrased(taught))
    kept_apart = apart.read_apart(given["apart"])
    found = lessons.lessons(apart.without(taught, kept_apart))
    if not found:
        raise click.UsageError("nothing to teach: give --teach, or name a project with UMLS (lexalign -w DIR)")
    return found


def origin_of(source: str, given: dict[str, Any], progress: "Progress") -> "Origin":
    """The folder that SOURCE stands for: one, what a registered encoder was made from, or as of `encoders add`."""
    from pipeline.encoders import add as workshop

    if card := _registered(source):
        origin = workshop.made_from(card)
        if origin.source != card.source:
            say(
                f"{source}: what it was made from is not here, or holds other files now; starts from {origin.folder}"
            )
            say(f"which is {origin.source}")
        return origin
    return workshop.fetch(source, agree=agreed(given), progress=progress)


def pooling_of(source: str, given: dict[str, Any]) -> str | None:
    """What the user says, else what is known of a registered or named encoder; None leaves it to the folder."""
    from pipeline.encoders import add as workshop

    if not given["pooling"] and (card := _registered(source)):
        return card.pooling
    return workshop.choices_of(source, workshop.Choices(pooling=given["pooling"])).pooling


def _registered(source: str) -> "Card | None":
    """The card of the encoder that SOURCE names, unless it is a folder's name too."""
    from pipeline.encoders import catalogue

    return catalogue.card(source) if not Path(source).is_dir() and source in catalogue.folders() else None


def agreed(given: dict[str, Any]) -> Callable[[str], bool]:
    """Whether what a name of a hub stands for may be fetched: --yes, or asked."""
    return lambda what: given["yes"] or click.confirm(f"Fetch {what}?", err=True)


def confirm_start(given: dict[str, Any]) -> None:
    """Raises click.Abort where the answer is no."""
    if not given["yes"]:
        click.confirm("Start?", err=True, abort=True)


def french_atoms(root: Path) -> "pa.Table":
    """Of the project's UMLS: what encoders are measured among on the way."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from pipeline.workspace import find

    return pq.read_table(find(root).release("umls") / "atoms.parquet", filters=pc.field("LAT") == "FRE")


def register(
    origin: "Origin",
    made: Path,
    how: str,
    taught: "list[Lesson]",
    given: dict[str, Any],
    progress: "Progress",
    *,
    index: str | None = None,
) -> None:
    """Print the names of the encoders made of the folder `made`, in fp32 and in INT8 for every CPU; `how` says what
    was done to the origin; `index` is the registered encoder whose vectors of a target they ask, None where they have
    their own. The vocabulary is cut down to what was taught and the sample; texts are fed as `train` fed them."""
    from pipeline.encoders import add as workshop
    from pipeline.encoders import texts
    from pipeline.encoders.distil import query_side
    from pipeline.encoders.recipe import PORTABLE

    words = [one.text for lesson in taught for one in lesson.texts] + texts.sample(most=0)
    if given["trim_to"]:
        words += given["trim_to"].read_text("utf-8").splitlines()
    licence = given["licence"] or origin.licence
    choices = workshop.Choices(prefix="", lowercase=True, languages=("fr", "en"), licence=licence)
    source = workshop.Origin(
        folder=made,
        source=f"{origin.source}, {how} as {given['name']}",
        tags=query_side.tags(index) if index else {},
    )
    for card in workshop.add(
        source, PORTABLE, choices, name=given["name"], texts=texts.sample(), trim_to=words, progress=progress
    ):
        click.echo(card.name)
