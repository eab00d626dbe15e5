"""`lexalign encoders prune`."""

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.encoders.teaching import (
    confirm_start,
    lesson_options,
    lessons_of,
    origin_of,
    pooling_of,
    register,
    run_options,
)
from pipeline.cli.options import progress_of, say

if TYPE_CHECKING:
    from pipeline.encoders.prune.run import Pruned, Pruning
    from pipeline.encoders.train.aligning import SelfAlignment
    from pipeline.encoders.train.lessons import Lesson
    from pipeline.progress import Progress

TUNING = "tuning"
"""The folder of the self-alignment after, within the pruning's."""


@click.command()
@click.argument("source")
@click.option("--name", required=True, help="Of the new encoder.")
@click.option(
    "--sparsity",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.25,
    show_default=True,
    help="The share of the operations of attention heads and FFN neurons that goes.",
)
@click.option(
    "--method",
    type=click.Choice(["fisher", "magnitude", "random"]),
    default="fisher",
    show_default=True,
    help="What a head or neuron is worth; the other two are for comparison.",
)
@click.option(
    "--stages",
    type=click.IntRange(1, 3),
    default=3,
    show_default=True,
    help="1 search, 2 and rearrangement within layers (fisher), 3 and masks by least squares.",
)
@click.option("--pairs", type=click.IntRange(16), default=512, show_default=True, help="Of texts looked at.")
@lesson_options
@click.option(
    "--tune-steps",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Of self-alignment after all stages.",
)
@click.option("--concepts", type=click.IntRange(2), default=64, show_default=True, help="A step of it.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), default=5e-5, show_default=True, help="Of it.")
@run_options
@click.pass_obj
def prune(root: Path, source: str, **given: Any) -> None:
    """Take from SOURCE, a BERT or RoBERTa folder (or a registered encoder, or a name as of `encoders add`), the heads
    and neurons that names of one concept need least, and register what is left, narrower, in fp32 and INT8. Texts are
    fed as `train` feeds them: in lower case, without a prefix. SOURCE stays as it is.

    \b
    Examples:
      lexalign encoders prune ./trained --name smaller --teach hp.obo --sparsity 0.25 --plan
      lexalign -w umls encoders prune ./trained --name smaller --apart gold.tsv --tune-steps 300 --yes
    """
    from pipeline.encoders import catalogue

    folder = given["folder"] or catalogue.own() / "prunings" / given["name"]
    catalogue.free(given["name"])
    with progress_of(given["how"]) as progress:
        origin = origin_of(source, given, progress)
        taught = lessons_of(root, given)
        asked = _asked(origin.folder, taught, given, pooling=pooling_of(source, given))
        _tell_plan(asked, folder, given)
        if given["only_plan"]:
            return
        confirm_start(given)
        pruned = _pruned(asked, folder, progress)
        made = _taught(pruned.folder, asked, folder, given, progress)
        register(origin, made, _how(asked, given), taught, given, progress)


def _asked(folder: Path, taught: "list[Lesson]", given: dict[str, Any], *, pooling: str | None) -> "Pruning":
    from pipeline.encoders.prune.run import Pruning
    from pipeline.encoders.train.device import choose

    return Pruning(
        source=folder,
        lessons=taught,
        device=choose(given["device"])[0],
        pooling=pooling,
        **{name: given[name] for name in ("sparsity", "method", "stages", "pairs", "seed")},
    )


def _tell_plan(asked: "Pruning", folder: Path, given: dict[str, Any]) -> None:
    from pipeline.encoders.prune.plan import plan
    from pipeline.encoders.train.plan import TRIED, fitted

    say(plan(asked, folder).words)
    if given["tune_steps"]:
        tuning = _teaching(asked.source, asked, given)
        # every name that is taught would be encoded to look neighbours up: not to make a plan
        unmined = dataclasses.replace(tuning, mine_from=given["tune_steps"] + TRIED)
        say(f"then {fitted(unmined, folder / TUNING, between=[tuning.mining])[1].words}")


def _pruned(asked: "Pruning", folder: Path, progress: "Progress") -> "Pruned":
    from pipeline.encoders.prune import run

    start = time.monotonic()
    pruned = run.run(asked, folder, progress=progress)
    say(f"{pruned.words}; {time.monotonic() - start:.0f} s")
    return pruned


def _taught(pruned: Path, asked: "Pruning", folder: Path, given: dict[str, Any], progress: "Progress") -> Path:
    """The pruned folder itself where nobody asked for more."""
    from pipeline.encoders.train import run

    if not given["tune_steps"]:
        return pruned
    return run.run(_teaching(pruned, asked, given), folder / TUNING, progress=progress)


def _how(asked: "Pruning", given: dict[str, Any]) -> str:
    stages = "" if asked.stages == 3 else f", {asked.stages} of 3 stages"
    after = f" and tuned {given['tune_steps']} steps" if given["tune_steps"] else ""
    return f"pruned by {asked.sparsity:.0%} ({asked.method}{stages}){after}"


def _teaching(source: Path, asked: "Pruning", given: dict[str, Any]) -> "SelfAlignment":
    """Neighbours are looked up at once: this encoder knows a good deal already."""
    from pipeline.encoders.train.aligning import SelfAlignment
    from pipeline.encoders.train.device import choose
    from pipeline.encoders.train.draws import Drawing
    from pipeline.encoders.train.loop import Schedule

    device, bf16 = choose(given["device"])
    return SelfAlignment(
        source=source,
        lessons=asked.lessons,
        schedule=Schedule(steps=given["tune_steps"], rate=given["rate"], seed=given["seed"]),
        drawing=Drawing(concepts=given["concepts"]),
        mine_from=0,
        pooling=asked.pooling,
        device=device,
        bf16=bf16,
    )
