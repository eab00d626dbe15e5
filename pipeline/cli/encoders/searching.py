"""`lexalign encoders search` and `register`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import complete_encoder, progress_of, progress_option, say
from pipeline.encoders.search.wording import LANGUAGES

if TYPE_CHECKING:
    from pipeline.encoders.card import Card
    from pipeline.encoders.search.sample import Sample
    from pipeline.encoders.search.study import Study


@click.command()
@click.argument("encoder", shell_complete=complete_encoder)
@click.option(
    "--trials", type=click.IntRange(1), default=40, show_default=True, help="In all, those done before included."
)
@click.option("--minutes", type=click.FloatRange(0, min_open=True), help="Stop after the trial that passes them.")
@click.option(
    "--gold",
    type=click.Path(path_type=Path),
    help="Right answers (TSV as of `evaluate linking`) in the project's UMLS; names of concepts if not given.",
)
@click.option(
    "--queries",
    type=click.IntRange(30),
    default=2000,
    show_default=True,
    help="Names taken out of the target as queries, where no --gold is given.",
)
@click.option(
    "--pool",
    type=click.IntRange(0),
    default=10_000,
    show_default=True,
    help="Strings of the target that queries are looked for among; 0 takes all.",
)
@click.option(
    "--texts", type=click.Path(path_type=Path), help="A text a line, to calibrate with; the target's if not given."
)
@click.option(
    "--most-loss",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Of accuracy@1. Without it: a loss that the sample cannot tell from zero.",
)
@click.option(
    "--least-agreement",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Of fp32's ten concepts that stay; not asked for if not given.",
)
@click.option(
    "--least-gain",
    type=click.FloatRange(0),
    default=20,
    show_default=True,
    metavar="PERCENT",
    help="In speed over fp32 on ONNX Runtime.",
)
@click.option(
    "--engine", "engines", multiple=True, type=click.Choice(["onnxruntime", "openvino"]), help="All if not given."
)
@click.option("--study", "folder", type=click.Path(path_type=Path), help="Where the trials are kept.")
@click.option("--register", "name", metavar="NAME", help="Register the winner under this name.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Of report.md and pareto.html.",
)
@progress_option
@click.pass_obj
def search(root: Path, encoder: str, **given: Any) -> None:
    """Search the fastest recipe for ENCODER, an fp32 export, that keeps what you ask. Prints the study's folder, with
    report.md, pareto.html, pareto.json and trials.json.

    A search that was stopped, however, goes on when it is started again.

    \b
    Examples:
      lexalign encoders search my-encoder-fp32 --trials 60 --register my-encoder-fast
      lexalign -w mon-lexique encoders search e5-fp32 --gold gold.tsv --minutes 90
      lexalign encoders search e5-fp32 --most-loss 0.5 --least-gain 100 --engine openvino
    """
    from pipeline.encoders import catalogue, texts
    from pipeline.encoders.export.extra import models_extra
    from pipeline.encoders.search import run, study
    from pipeline.encoders.search.trial import Constraint

    source = catalogue.card(encoder)
    folder = given["folder"] or study.default_folder(encoder)
    sample = _sample(root, source, given)
    if given["name"]:
        catalogue.free(given["name"])
    constraint = Constraint(
        most_loss=_share(given["most_loss"]),
        least_gain=given["least_gain"] / 100,
        least_agreement=_share(given["least_agreement"]),
    )
    with progress_of(given["how"]) as progress, models_extra():
        found = run.search(
            source,
            sample,
            folder,
            texts=texts.read(given["texts"]) if given["texts"] else sample.strings[: texts.MOST],
            constraint=constraint,
            engines=given["engines"],
            trials=given["trials"],
            minutes=given["minutes"] or 0,
            language=given["language"],
            progress=progress,
        )
    _tell(found, folder)
    if given["name"]:
        _register(root, folder, "best", given["name"], given["how"])
    click.echo(folder)


@click.command()
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--trial", default="best", show_default=True, metavar="best|NUMBER", help="A number of trials.json.")
@click.option("--name", required=True, help="Of the new encoder.")
@progress_option
@click.pass_obj
def register(root: Path, study: Path, trial: str, name: str, how: str) -> None:
    """Register the winner of STUDY, the folder that `search` printed, or another of its trials, as an encoder.

    \b
    Examples:
      lexalign encoders register studies/e5-fp32 --name e5-fast
      lexalign encoders register studies/e5-fp32 --trial 12 --name e5-near
    """
    click.echo(_register(root, study, trial, name, how).name)


def _register(root: Path, folder: Path, which: str, name: str, how: str) -> "Card":
    from pipeline.encoders.search.register import register as make

    with progress_of(how) as progress:
        card = make(folder, which, name=name, progress=progress)
    say(
        f"{card.name}: {card.precision} on {card.engine}, {card.bytes / 1e6:.1f} MB, "
        f"{card.tags['searched']['speed_ratio']:.2f} times as fast as fp32 with {card.batch_tokens} tokens a call, "
        "which its card keeps"
    )
    _tell_what_overrides(root, card)
    return card


def _tell_what_overrides(root: Path, card: "Card") -> None:
    """A project that names a number of its own runs every encoder with it."""
    from pipeline.workspace import find

    if not (root / "lexalign.toml").is_file():
        return
    own = find(root).settings().batch_tokens
    if own not in (0, card.batch_tokens):
        say(f"lexalign.toml: batch_tokens = {own} goes before the card's {card.batch_tokens}; 0 takes the card's")


def _sample(root: Path, source: "Card", given: dict[str, Any]) -> "Sample":
    """Gold in the project, else names of concepts: the project's, or the sample's where there is no project."""
    import pyarrow.parquet as pq

    from pipeline.encoders.search import sample
    from pipeline.workspace import find

    if given["gold"]:
        return sample.from_gold(given["gold"], find(root), pool=given["pool"])
    asked = {"queries": given["queries"], "pool": given["pool"]}
    project = find(root) if (root / "lexalign.toml").is_file() else None
    if project is not None and project.has_release("umls"):
        atoms = pq.read_table(project.release("umls") / "atoms.parquet")
        return sample.from_synonyms(atoms, source.languages, of="project", **asked)
    say("no project with UMLS (lexalign -w DIR): the sample's small target is searched instead")
    return sample.from_synonyms(sample.sample_atoms(), source.languages, of="sample", **asked)


def _tell(found: "Study", folder: Path) -> None:
    best = found.best
    if best is None:
        say(f"no trial of {len(found.trials)} keeps {found.constraint.words()}; see {folder / 'report.md'}")
        return
    say(
        f"best of {len(found.trials)}: {best.label()}; {best.ratio:.2f} times as fast as fp32, "
        f"{100 * best.loss.value:+.2f} points of accuracy@1 lost "
        f"[{100 * best.loss.low:+.2f}, {100 * best.loss.high:+.2f}], "
        f"{best.done.bytes / found.about['fp32_bytes']:.2f} of its bytes\n"
        f"register it with: lexalign encoders register {folder} --name NAME"
    )


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100
