"""`lexalign encoders distil`."""

import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.encoders.teaching import (
    CONCEPTS,
    agreed,
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
from pipeline.cli.options import complete_encoder, progress_of, say

if TYPE_CHECKING:
    from pipeline.encoders.distil.distilling import Distillation
    from pipeline.encoders.distil.looking import IndexLook
    from pipeline.encoders.distil.styles import Style
    from pipeline.encoders.distil.teacher import FolderTeacher, RegisteredTeacher
    from pipeline.encoders.train.lessons import Lesson
    from pipeline.encoders.train.looking import Look
    from pipeline.progress import Progress


@click.command()
@click.argument("source")
@click.option("--name", required=True, help="Of the new encoder.")
@click.option(
    "--layers", type=click.IntRange(1), required=True, help="That are kept, evenly apart, first and last included."
)
@click.option(
    "--style",
    type=click.Choice(["distil", "tiny", "compact", "vectors", "relations"]),
    help="What is compared: vectors and last states; all states and attention; all of these; vectors alone; how "
    "near each text is to others, of a teacher of any dimension. compact if not given.",
)
@click.option(
    "--query-side",
    is_flag=True,
    help="Make it ask the index of --teacher, which stays as it is (KALE), instead of an encoder by itself.",
)
@click.option(
    "--teacher",
    shell_complete=complete_encoder,
    metavar="NAME|FOLDER",
    help="A registered encoder (for --style vectors, relations and --query-side), or a folder; SOURCE if not given.",
)
@click.option(
    "--contrast",
    type=click.FloatRange(0),
    help="Weight of the loss on names of one concept, where the published methods guess masked words; the style's "
    "own if not given.",
)
@lesson_options
@step_options(steps=2000, every=500, rate=1e-4)
@CONCEPTS
@run_options
@click.pass_obj
def distil(root: Path, source: str, **given: Any) -> None:
    """Cut SOURCE, a BERT, RoBERTa or XLM-R folder (or a registered encoder, or a name as of `encoders add`), down to
    fewer layers, teach it to do as it did whole, or as --teacher does, and register it. A run that was stopped goes on
    when it is started again. A query side is measured against the index, and at the end too.

    \b
    Examples:
      lexalign encoders distil ./mine --name mine-6 --layers 6 --style compact --teach lay.tsv --teach hp.obo --plan
      lexalign encoders distil ./mine --name mine-q3 --layers 3 --query-side --teacher mine --teach hp.obo --yes
    """
    from pipeline.encoders import catalogue
    from pipeline.encoders.distil.plan import planned
    from pipeline.encoders.distil.start import start
    from pipeline.encoders.distil.teacher import VECTORS
    from pipeline.encoders.train import run

    style = _style(given)
    folder = given["folder"] or catalogue.own() / "trainings" / given["name"]
    catalogue.free(given["name"])
    with progress_of(given["how"]) as progress:
        origin = origin_of(source, given, progress)
        taught = lessons_of(root, given)
        teacher = _teacher(origin.folder, source, given, progress)
        with tempfile.TemporaryDirectory() as scratch:
            begun = start(origin.folder, Path(scratch), given["layers"], teacher, style)
            asked = _asked(begun, taught, teacher, style, source, given)
            asked, plan = planned(asked, folder, minutes=given["minutes"])
        say(plan)
        if given["only_plan"]:
            return
        confirm_start(given)
        begun = start(origin.folder, folder, given["layers"], teacher, style)
        teacher = teacher.keep(asked.texts, folder / VECTORS, progress=progress)
        asked = dataclasses.replace(asked, source=begun, teacher=teacher)
        look = _look(root, teacher, given, progress)
        distilled = run.run(asked, folder, look=look, look_every=given["measure_every"], progress=progress)
        say(f"{folder / 'curve.html'}: how it learned")
        how = f"distilled to {given['layers']} layers ({_manner(given)}) by {teacher.name}"
        index = teacher.name if given["query_side"] else None
        register(origin, distilled, how, taught, given, progress, index=index)
    if given["query_side"]:
        _tell_kept(look, given["name"])


def _style(given: dict[str, Any]) -> "Style":
    """Raises click.UsageError for options that say against each other, EncoderError for an index of another's."""
    from pipeline.encoders import catalogue
    from pipeline.encoders.distil.query_side import check_index
    from pipeline.encoders.distil.styles import KALE, STYLES

    if given["query_side"]:
        if given["style"]:
            raise click.UsageError("--query-side has a loss of its own: leave --style out")
        if given["teacher"] not in catalogue.folders():
            raise click.UsageError(
                f"--query-side asks the index of a registered encoder; found --teacher {given['teacher']}, expected "
                f"one of {', '.join(catalogue.folders())}"
            )
        check_index(catalogue.card(given["teacher"]))
    style = KALE if given["query_side"] else STYLES[_manner(given)]
    return style if given["contrast"] is None else dataclasses.replace(style, contrast=given["contrast"])


def _manner(given: dict[str, Any]) -> str:
    return "KALE" if given["query_side"] else given["style"] or "compact"


def _teacher(
    whole: Path, source: str, given: dict[str, Any], progress: "Progress"
) -> "FolderTeacher | RegisteredTeacher":
    from pipeline.encoders import add as workshop
    from pipeline.encoders import catalogue
    from pipeline.encoders.distil.teacher import FolderTeacher, RegisteredTeacher
    from pipeline.encoders.train.device import choose

    device, bf16 = choose(given["device"])
    wanted = given["teacher"]
    if wanted in catalogue.folders():
        return RegisteredTeacher(catalogue.load(wanted), device=device)
    folder = workshop.fetch(wanted, agree=agreed(given), progress=progress).folder if wanted else whole
    return FolderTeacher(folder, pooling=pooling_of(wanted or source, given), device=device, bf16=bf16)


def _asked(
    begun: Path,
    taught: "list[Lesson]",
    teacher: "FolderTeacher | RegisteredTeacher",
    style: "Style",
    source: str,
    given: dict[str, Any],
) -> "Distillation":
    from pipeline.encoders.distil.distilling import Distillation
    from pipeline.encoders.train.device import choose
    from pipeline.encoders.train.draws import Drawing
    from pipeline.encoders.train.loop import Schedule

    device, bf16 = choose(given["device"])
    return Distillation(
        source=begun,
        lessons=taught,
        schedule=Schedule(steps=given["steps"], rate=given["rate"], seed=given["seed"]),
        teacher=teacher,
        style=style,
        drawing=Drawing(concepts=given["concepts"], noise=0),
        pooling=pooling_of(source, given),
        device=device,
        bf16=bf16,
    )


def _look(
    root: Path, teacher: "FolderTeacher | RegisteredTeacher", given: dict[str, Any], progress: "Progress"
) -> "Look | IndexLook | None":
    from pipeline.encoders.distil.looking import IndexLook
    from pipeline.encoders.distil.teacher import RegisteredTeacher
    from pipeline.encoders.train.looking import Look
    from pipeline.workspace import find

    if not given["measure"]:
        return None
    atoms = french_atoms(root)
    if given["query_side"] and isinstance(teacher, RegisteredTeacher):
        return IndexLook(given["measure"], atoms, teacher.encoder, cache=find(root).embeddings, progress=progress)
    return Look(given["measure"], atoms)


def _tell_kept(look: "Look | IndexLook | None", name: str) -> None:
    from pipeline.encoders import catalogue
    from pipeline.encoders.distil.looking import IndexLook

    if isinstance(look, IndexLook):
        say(look.kept(catalogue.load(name)))
