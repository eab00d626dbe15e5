"""`lexalign encoders train`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.encoders.teaching import FILE, lesson_options, lessons_of, register, run_options
from pipeline.cli.options import progress_of, say

if TYPE_CHECKING:
    from pipeline.encoders.train.aligning import SelfAlignment
    from pipeline.encoders.train.lessons import Lesson
    from pipeline.encoders.train.looking import Look


@click.command()
@click.argument("source")
@click.option("--name", required=True, help="Of the new encoder.")
@lesson_options
@click.option("--measure", type=FILE, multiple=True, help="Right answers to measure it on, on the way.")
@click.option("--measure-every", type=click.IntRange(1), default=500, show_default=True, help="Steps.")
@click.option("--steps", type=click.IntRange(1), default=2000, show_default=True)
@click.option(
    "--minutes", type=click.FloatRange(1), help="Fewer steps where they would take longer than this here."
)
@click.option(
    "--concepts", type=click.IntRange(2), default=64, show_default=True, help="A step, of two texts each."
)
@click.option(
    "--lay-weight",
    type=click.FloatRange(0, min_open=True),
    default=6.0,
    show_default=True,
    help="How often a lay phrase is drawn, against a name.",
)
@click.option("--rate", type=click.FloatRange(0, min_open=True), default=1e-4, show_default=True)
@click.option("--loss", type=click.Choice(["contrast", "multi-similarity"]), default="contrast", show_default=True)
@run_options
@click.pass_obj
def train(root: Path, source: str, **given: Any) -> None:
    """Teach SOURCE, a transformers or sentence-transformers folder (or a name as of `encoders add`), that names of one
    concept are one, and register the result in INT8. A run that was stopped goes on when it is started again.
    A folder that does not say how tokens become one vector is taught with their mean.

    \b
    Examples:
      lexalign encoders train ./e5-small --name mine --teach lay.tsv --teach hp.obo --plan
      lexalign -w umls encoders train biolord-2023-m --name mine --apart gold.tsv --measure gold.tsv --minutes 110 --yes
    """
    from pipeline.encoders import add as workshop
    from pipeline.encoders import catalogue
    from pipeline.encoders.train import run
    from pipeline.encoders.train.plan import fitted

    folder = given["folder"] or catalogue.own() / "trainings" / catalogue.free(given["name"])
    with progress_of(given["how"]) as progress:
        origin = workshop.fetch(
            source, agree=lambda what: given["yes"] or click.confirm(f"Fetch {what}?", err=True), progress=progress
        )
        taught = lessons_of(root, given)
        asked, plan = fitted(_asked(origin.folder, taught, given), folder, minutes=given["minutes"])
        say(plan.words)
        if given["only_plan"]:
            return
        if not given["yes"]:
            click.confirm("Start?", err=True, abort=True)
        trained = run.run(
            asked, folder, look=_look(root, given), look_every=given["measure_every"], progress=progress
        )
        say(f"{folder / 'curve.html'}: how it learned")
        register(origin, trained, "trained", taught, given, progress)


def _asked(folder: Path, taught: "list[Lesson]", given: dict[str, Any]) -> "SelfAlignment":
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
        device=device,
        bf16=bf16,
    )


def _look(root: Path, given: dict[str, Any]) -> "Look | None":
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from pipeline.encoders.train.looking import Look
    from pipeline.workspace import find

    if not given["measure"]:
        return None
    atoms = pq.read_table(find(root).release("umls") / "atoms.parquet", columns=["CUI", "STR", "LAT"])
    return Look(given["measure"], atoms.filter(pc.field("LAT") == "FRE"))
