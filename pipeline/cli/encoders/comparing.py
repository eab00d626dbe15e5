"""`lexalign encoders compare`."""

import dataclasses
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import (
    complete_encoder,
    encoders_of,
    json_option,
    print_json,
    progress_of,
    progress_option,
    workspace_of,
)


@click.command()
@click.argument("before", shell_complete=complete_encoder)
@click.argument("after", shell_complete=complete_encoder)
@click.option(
    "--ratings",
    type=click.Path(path_type=Path),
    help="Ratings as `lexalign export ratings-csv` (-tsv, -parquet) writes them: what changes for rated pairs.",
)
@click.option("--threads", type=click.IntRange(0), help="0 takes every core; the project's if not given.")
@json_option
@progress_option
@click.pass_obj
def compare(
    root: Path, before: str, after: str, ratings: Path | None, threads: int | None, as_json: bool, how: str
) -> None:
    """Compare two encoders on the project: agreement of their candidates, drift of their vectors where these can be
    compared, and with --ratings what the second changes for the pairs that people rated.

    Ratings and the run that people rate stay as they are. What is encoded is kept for the next run.

    \b
    Example: lexalign -w mon-lexique encoders compare my-encoder-fp32 my-encoder --ratings ratings.csv
    """
    from pipeline import comparison
    from pipeline.encoders.compare import same_space
    from pipeline.errors import InputError
    from pipeline.prepare import Preparation, normaliser
    from pipeline.settings import changed
    from pipeline.translate import Memory

    if before == after:
        raise InputError(f"{before} twice: expected two encoders; name another one")
    workspace = workspace_of(root)
    given = _ratings(ratings) if ratings else {}
    settings = changed(workspace.settings(), encoders=(before, after), threads=threads)
    encoders = encoders_of(settings)
    with progress_of(how) as progress:
        folder = comparison.make(
            workspace,
            encoders,
            settings,
            prepare=Preparation(Memory(workspace.translations), normaliser(settings)),
            same_space=same_space(encoders[0].card, encoders[1].card),
            progress=progress,
        )
    report = _report(comparison.read(folder, before, after), given)
    if as_json:
        print_json(report)
    else:
        _tell(report)


def _ratings(path: Path) -> dict[tuple[str, str], int]:
    from pipeline.encoders.ratings_file import read

    return read(path)


def _report(sides: Any, ratings: dict[tuple[str, str], int]) -> dict[str, Any]:
    from pipeline.encoders import compare as between

    before, after = between.ranked(sides.before), between.ranked(sides.after)
    pairs = between.judged(before, after, ratings)
    agreement = between.agreement(before, after)
    return {
        "comparison": str(sides.origin),
        "encoders": sides.manifest["encoders"],
        "run": sides.manifest["run"],
        "agreement": dataclasses.asdict(agreement) if agreement else None,
        "drift": sides.drift,
        "rated": between.counts(pairs) if ratings else None,
        "unrated_firsts": between.unrated_firsts(before, after, ratings) if ratings else None,
        "changes": [dataclasses.asdict(pair) | {"change": pair.change} for pair in pairs if pair.change != "same"],
    }


def _tell(report: dict[str, Any]) -> None:
    names = [about["name"] for about in report["encoders"]]
    source = f"run {report['run']}" if report["run"] else "encoded now"
    click.echo(f"{names[0]} -> {names[1]} ({source}; {report['comparison']})")
    if agreement := report["agreement"]:
        shared = ", ".join(f"overlap@{depth} {share:.1%}" for depth, share in agreement["overlap"].items())
        click.echo(f"{agreement['entries']} entries: {shared}, rank-biased overlap {agreement['rank_biased']:.3f}")
        click.echo(f"another first candidate in {agreement['first']}")
    if drift := report["drift"]:
        click.echo(
            f"vectors of {drift['texts']} terms: cosine {drift['mean_cosine']:.4f} in the mean, "
            f"{drift['least_cosine']:.4f} at the least, nearest kept {drift['neighbours']:.1%}"
        )
    else:
        click.echo("vectors: of different models, so that a cosine between them means nothing")
    if report["rated"]:
        _tell_rated(report)


def _tell_rated(report: dict[str, Any]) -> None:
    from pipeline.encoders.compare import CHANGES

    click.echo("\t".join(["rating", *CHANGES]))
    for rating, found in report["rated"].items():
        click.echo("\t".join(map(str, [rating, *found.values()])))
    click.echo(f"new first candidates without a rating: {report['unrated_firsts']}")
    for pair in report["changes"]:
        ranks = "\t".join(str(pair[side] or "-") for side in ("before", "after"))
        click.echo(f"{pair['entry_id']}\t{pair['cui']}\t{pair['rating']}\t{ranks}\t{pair['change']}")
