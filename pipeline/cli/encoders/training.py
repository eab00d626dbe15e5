"""`lexalign encoders train`."""

import dataclasses
import tempfile
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
@click.option(
    "--misspelt",
    type=click.FloatRange(0, 1),
    default=0.15,
    show_default=True,
    help="The share of first texts that are misspelt.",
)
@click.option(
    "--layers",
    type=click.IntRange(1),
    help="Of SOURCE, that are kept, evenly apart, first and last included; all if not given.",
)
@click.option(
    "--learn-words", is_flag=True, help="Teach the word table too: for a start that hardly knows French."
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
      lexalign encoders train ./e5-small --name small --layers 6 --teach lay.tsv --teach hp.obo --rate 2e-4 --yes
    """
    from pipeline.encoders import catalogue
    from pipeline.encoders.distil.plan import with_start
    from pipeline.encoders.train import run
    from pipeline.encoders.train.plan import fitted

    name = catalogue.free(given["name"])
    folder = given["folder"] or catalogue.own() / "trainings" / name
    with progress_of(given["how"]) as progress:
        origin = origin_of(source, given, progress)
        taught = lessons_of(root, given)
        with tempfile.TemporaryDirectory() as scratch:
            asked = _asked(_begun(origin.folder, Path(scratch), given), taught, source, given)
            asked, plan = fitted(asked, folder, minutes=given["minutes"], between=[asked.mining])
            plan = with_start(plan, asked.source) if given["layers"] else plan
        say(plan.words)
        if given["only_plan"]:
            return
        confirm_start(given)
        asked = dataclasses.replace(asked, source=_begun(origin.folder, folder, given))
        trained = run.run(
            asked, folder, look=_look(root, given), look_every=given["measure_every"], progress=progress
        )
        say(f"{folder / 'curve.html'}: how it learned")
        how = f"cut to {given['layers']} layers and trained" if given["layers"] else "trained"
        register(origin, trained, how, taught, given, progress)


def _begun(whole: Path, folder: Path, given: dict[str, Any]) -> Path:
    """What learns, as it begins: `whole`, or in `folder` what is left of its layers."""
    from pipeline.encoders.distil.start import cut

    return cut(whole, folder, given["layers"]) if given["layers"] else whole


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
        drawing=Drawing(
            concepts=given["concepts"],
            noise=given["misspelt"],
            weights={**WEIGHTS, "lay": given["lay_weight"]},
        ),
        loss=given["loss"],
        words=given["learn_words"],
        pooling=pooling_of(source, given),
        device=device,
        bf16=bf16,
    )


def _look(root: Path, given: dict[str, Any]) -> "Look | None":
    from pipeline.encoders.train.looking import Look

    return Look(given["measure"], french_atoms(root)) if given["measure"] else None
