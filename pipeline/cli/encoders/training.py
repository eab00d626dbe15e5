"""`lexalign encoders train`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.encoders.teaching import (
    CONCEPTS,
    confirm_start,
    french_atoms,
    lesson_options,
    lessons_of,
    origin_of,
    pooling_of,
    register,
    run_options,
    step_options,
)
from pipeline.cli.options import progress_of, say

if TYPE_CHECKING:
    from pipeline.encoders.train.aligning import SelfAlignment
    from pipeline.encoders.train.lessons import Lesson
    from pipeline.encoders.train.looking import Look


@click.command()
@click.argument("source")
@click.option("--name", required=True, help="Of the new encoder.")
@lesson_options
@step_options(steps=2000, every=500, rate=1e-4)
@CONCEPTS
@click.option(
    "--lay-weight",
    type=click.FloatRange(0, min_open=True),
    default=6.0,
    show_default=True,
    help="How often a lay phrase is drawn, against a name.",
)
@click.option("--loss", type=click.Choice(["contrast", "multi-similarity"]), default="contrast", show_default=True)
@run_options
@click.pass_obj
def train(root: Path, source: str, **given: Any) -> None:
    """Teach SOURCE, a transformers or sentence-transformers folder (or a registered encoder, or a name as of `encoders
    add`), that names of one concept are one, and register the result in INT8. A run that was stopped goes on when it
    is started again.

    \b
    Examples:
      lexalign encoders train ./e5-small --name mine --teach lay.tsv --teach hp.obo --plan
      lexalign -w umls encoders train biolord-2023-m --name mine --apart gold.tsv --measure gold.tsv --minutes 110 --yes
    """
    from pipeline.encoders import catalogue
    from pipeline.encoders.train import run
    from pipeline.encoders.train.plan import fitted

    name = catalogue.free(given["name"])
    folder = given["folder"] or catalogue.own() / "trainings" / name
    with progress_of(given["how"]) as progress:
        origin = origin_of(source, given, progress)
        taught = lessons_of(root, given)
        asked, plan = fitted(_asked(origin.folder, taught, source, given), folder, minutes=given["minutes"])
        say(plan.words)
        if given["only_plan"]:
            return
        confirm_start(given)
        trained = run.run(
            asked, folder, look=_look(root, given), look_every=given["measure_every"], progress=progress
        )
        say(f"{folder / 'curve.html'}: how it learned")
        register(origin, trained, "trained", taught, given, progress)


def _asked(folder: Path, taught: "list[Lesson]", source: str, given: dict[str, Any]) -> "SelfAlignment":
    from pipeline.encoders.train.aligning import SelfAlignment
    from pipeline.encoders.train.device import choose
    from pipeline.encoders.train.draws import WEIGHTS, Drawing
    from pipeline.encoders.train.loop import Schedule

    device, bf16 = choose(given["device"])
    return SelfAlignment(
        source=folder,
        lessons=taught,
        schedule=Schedule(steps=given["steps"], rate=given["rate"], seed=given["seed"]),
        drawing=Drawing(concepts=given["concepts"], weights={**WEIGHTS, "lay": given["lay_weight"]}),
        loss=given["loss"],
        pooling=pooling_of(source, given),
        device=device,
        bf16=bf16,
    )


def _look(root: Path, given: dict[str, Any]) -> "Look | None":
    from pipeline.encoders.train.looking import Look

    return Look(given["measure"], french_atoms(root)) if given["measure"] else None
