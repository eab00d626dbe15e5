"""`lexalign encoders harden`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.encoders.teaching import (
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
from pipeline.cli.evaluate import NOISES
from pipeline.cli.options import complete_encoder, progress_of, say

if TYPE_CHECKING:
    from pipeline.encoders.harden.hardening import Hardening
    from pipeline.encoders.harden.looking import NoisyLook
    from pipeline.encoders.train.lessons import Lesson


@click.command()
@click.argument("source")
@click.option("--name", required=True, help="Of the new encoder.")
@click.option(
    "--index",
    required=True,
    shell_complete=complete_encoder,
    metavar="NAME",
    help="The registered encoder, made of SOURCE, whose vectors of a target the new one will ask.",
)
@lesson_options
@step_options(steps=400, every=100, rate=1.5e-4)
@click.option("--queries", type=click.IntRange(2), default=128, show_default=True, help="A step.")
@click.option(
    "--alignment",
    type=click.FloatRange(0),
    default=1,
    show_default=True,
    help="Weight of the loss that brings a misspelt query to the one that is spelt well.",
)
@click.option(
    "--anchor",
    type=click.FloatRange(0),
    default=2,
    show_default=True,
    help="Weight of the loss that keeps a well spelt query where it was.",
)
@click.option(
    "--noise",
    "noises",
    multiple=True,
    type=click.Choice(NOISES),
    help="Misspell so only; in every way if not given.",
)
@run_options
@click.pass_obj
def harden(root: Path, source: str, **given: Any) -> None:
    """Teach a copy of SOURCE, a transformers or sentence-transformers folder (or a registered encoder, or a name as of
    `encoders add`), that misspelt French queries lie where the well spelt ones lie (CAPOT), and register it as the
    query side of --index, whose vectors stay as they are.

    \b
    Examples:
      lexalign encoders harden ./mine --name mine-hard --index mine --teach lay.tsv --teach hp.obo --plan
      lexalign -w umls encoders harden ./mine --name mine-hard --index mine --apart gold.tsv --measure gold.tsv --yes
    """
    from pipeline.encoders import catalogue
    from pipeline.encoders.harden.queries import misspelt_too
    from pipeline.encoders.train import run
    from pipeline.encoders.train.plan import fitted

    name = catalogue.free(given["name"])
    folder = given["folder"] or catalogue.own() / "trainings" / name
    with progress_of(given["how"]) as progress:
        origin = origin_of(source, given, progress)
        taught = lessons_of(root, given)
        asked = _asked(origin.folder, taught, source, given)
        say(f"cosine of {given['index']} to {source}: {_checked(asked, given['index']):.4f} in the mean")
        asked, plan = fitted(asked, folder, minutes=given["minutes"])
        say(plan.words)
        if given["only_plan"]:
            return
        confirm_start(given)
        look = _look(root, asked, given)
        hardened = run.run(asked, folder, look=look, look_every=given["measure_every"], progress=progress)
        say(f"{folder / 'curve.html'}: how it learned")
        spelt = misspelt_too(taught, noises=asked.noises, seed=given["seed"])
        register(origin, hardened, "hardened", spelt, given, progress, index=given["index"])


def _asked(folder: Path, taught: "list[Lesson]", source: str, given: dict[str, Any]) -> "Hardening":
    from pipeline.encoders.harden.hardening import Hardening, Weights
    from pipeline.encoders.train.device import choose
    from pipeline.encoders.train.loop import Schedule

    device, bf16 = choose(given["device"])
    return Hardening(
        source=folder,
        lessons=taught,
        schedule=Schedule(steps=given["steps"], rate=given["rate"], seed=given["seed"]),
        queries=given["queries"],
        noises=given["noises"] or NOISES,
        weights=Weights(alignment=given["alignment"], anchor=given["anchor"]),
        pooling=pooling_of(source, given),
        device=device,
        bf16=bf16,
    )


def _checked(asked: "Hardening", index: str) -> float:
    """Before anything is begun."""
    from pipeline.encoders import catalogue
    from pipeline.encoders.distil.query_side import check_index
    from pipeline.encoders.harden.queries import french
    from pipeline.encoders.harden.space import check_space

    check_index(catalogue.card(index))
    texts = [one.text for texts in french(asked.lessons) for one in texts]
    return check_space(catalogue.load(index), asked.frozen().encode, texts)


def _look(root: Path, asked: "Hardening", given: dict[str, Any]) -> "NoisyLook | None":
    from pipeline.encoders.harden.looking import NoisyLook

    return NoisyLook(given["measure"], french_atoms(root), asked.frozen().encode) if given["measure"] else None
