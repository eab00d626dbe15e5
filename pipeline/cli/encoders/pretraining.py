"""`lexalign encoders pretrain`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.encoders.starting import begin_options
from pipeline.cli.encoders.teaching import confirm_start
from pipeline.cli.options import progress_of, say

if TYPE_CHECKING:
    from pipeline.encoders.pretrain.pretraining import Pretraining
    from pipeline.encoders.pretrain.starts import Continued, Scratch, Shape
    from pipeline.progress import Progress

FROM_SCRATCH = {"layers": 6, "hidden": 384, "vocabulary": 16_000}
RATE, RATE_ON = 5e-4, 1e-4
UNBOUND = 10_000_000
"""Steps, before it is known how many fit the minutes."""


@click.command()
@click.option(
    "--text",
    "texts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="UTF-8, a text a line, or a headword, a tab and its senses joined by ' | '; .gz is unpacked.",
)
@click.option(
    "--folder", type=click.Path(path_type=Path), required=True, help="Of checkpoint, curve and the made model."
)
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Go on from this BERT, RoBERTa or XLM-R folder, with its vocabulary, instead of from scratch.",
)
@click.option("--layers", type=click.IntRange(1), help="From scratch; 6 if not given.")
@click.option("--hidden", type=click.IntRange(1), help="Width, from scratch, a multiple of 32; 384 if not given.")
@click.option("--vocabulary", type=click.IntRange(1), help="Word pieces, from scratch; 16000 if not given.")
@click.option("--length", type=click.IntRange(4, 512), default=64, show_default=True, help="Tokens of a row.")
@click.option("--batch", type=click.IntRange(1), default=64, show_default=True, help="Rows a step.")
@click.option(
    "--masked",
    type=click.FloatRange(0, 0.9, min_open=True),
    default=0.15,
    show_default=True,
    help="Share of the pieces that is guessed.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(1),
    help="The budget: as many steps as fit here, measurements counted in.",
)
@click.option("--steps", type=click.IntRange(1), help="The budget; with --minutes the smaller of the two.")
@click.option(
    "--rate",
    type=click.FloatRange(0, min_open=True),
    help="0.0005 from scratch, 0.0001 with --from, if not given.",
)
@click.option("--measure-every", type=click.IntRange(1), help="Steps; twenty times in all if not given.")
@begin_options
def pretrain(texts: tuple[Path, ...], folder: Path, **given: Any) -> None:
    """Make a small French masked language model of the text at hand, within a budget of minutes or steps, and print
    its folder, of the kind that transformers reads. One line in 200 is held out and measured on. It is no encoder of
    meanings yet: `lexalign encoders train` makes one of it. A run that was stopped goes on when it is started again.

    \b
    Examples:
      lexalign encoders pretrain --text notes.txt --text glosses.txt.gz --folder french --minutes 600 --plan
      lexalign encoders pretrain --text notes.txt --folder french --layers 4 --hidden 256 --minutes 120 --yes
      lexalign encoders pretrain --text notes.txt --folder further --from ./e5-small --steps 2000 --yes
      lexalign encoders train french/trained --name mine --pooling mean --teach lay.tsv --teach hp.obo
    """
    from pipeline.encoders.pretrain.looking import HeldOut
    from pipeline.encoders.train import run
    from pipeline.encoders.train.plan import Looks, fitted

    _check(given)
    with progress_of(given["how"]) as progress:
        asked = _asked(texts, given, progress)
        looks = Looks(look=HeldOut(asked), every=given["measure_every"])
        asked, plan = fitted(asked, folder, minutes=given["minutes"], between=[looks])
        say(plan.words)
        if given["only_plan"]:
            return
        confirm_start(given)
        every = looks.every_of(asked.schedule.steps)
        made = run.learn(asked, folder, look=looks.look, look_every=every, progress=progress)
    _tell(folder, made)


def _check(given: dict[str, Any]) -> None:
    """Raises click.UsageError for options that say against each other, or no budget."""
    if given["minutes"] is None and given["steps"] is None:
        raise click.UsageError("found no budget, expected --minutes or --steps; give one of them")
    shaped = [f"--{name}" for name in FROM_SCRATCH if given[name] is not None]
    if given["source"] and shaped:
        raise click.UsageError(
            f"found --from with {', '.join(shaped)}, expected one or the other: what goes on keeps its shape and its "
            f"vocabulary; leave out --from, or {', '.join(shaped)}"
        )


def _asked(texts: tuple[Path, ...], given: dict[str, Any], progress: "Progress") -> "Pretraining":
    from pipeline.encoders.pretrain import corpus, text
    from pipeline.encoders.pretrain.pretraining import Pretraining
    from pipeline.encoders.pretrain.starts import Shape
    from pipeline.encoders.train.device import choose
    from pipeline.encoders.train.loop import Schedule

    device, bf16 = choose(given["device"])
    rate = given["rate"] or (RATE_ON if given["source"] else RATE)
    begun = _begun(given)  # before any text is read
    lines = text.read(texts, progress=progress)
    start = _scratch(lines, begun, given, progress) if isinstance(begun, Shape) else begun
    return Pretraining(
        start=start,
        corpus=corpus.corpus(
            lines, start.tokenizer(), length=given["length"], seed=given["seed"], progress=progress
        ),
        schedule=Schedule(steps=given["steps"] or UNBOUND, rate=rate, seed=given["seed"]),
        batch=given["batch"],
        masked=given["masked"],
        device=device,
        bf16=bf16,
    )


def _begun(given: dict[str, Any]) -> "Continued | Shape":
    from pipeline.encoders.pretrain.starts import Continued, Shape

    if given["source"]:
        return Continued(folder=given["source"], length=given["length"])
    return Shape(**{name: given[name] or FROM_SCRATCH[name] for name in ("layers", "hidden")})


def _scratch(lines: list[str], shape: "Shape", given: dict[str, Any], progress: "Progress") -> "Scratch":
    from pipeline.encoders.pretrain import vocabulary
    from pipeline.encoders.pretrain.starts import Scratch

    pieces = given["vocabulary"] or FROM_SCRATCH["vocabulary"]
    progress(0, None, "learning word pieces")
    learnt = vocabulary.learn(lines, pieces)
    return Scratch(vocabulary=learnt, pieces=pieces, shape=shape, length=given["length"])


def _tell(folder: Path, made: Path) -> None:
    from pipeline.encoders.pretrain.looking import ACCURACY
    from pipeline.encoders.train import curve

    if measured := [point for point in curve.points(folder) if ACCURACY in point]:
        last = measured[-1]
        say(f"step {last['step']:,}: {last[ACCURACY]:.1%} of the hidden pieces of held-out lines guessed right")
    say(f"{folder / 'curve.html'}: how it learned")
    say(
        "no encoder yet: teach it which names are one with "
        f"`lexalign encoders train {made} --name NAME --pooling mean --teach FILE`"
    )
    click.echo(made)
