"""`lexalign evaluate agreement`: how far the people of an exported ratings table agree."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import json_option, progress_of, progress_option

if TYPE_CHECKING:
    from pipeline.evaluate.agreement import Report
    from pipeline.evaluate.compared import Compared
    from pipeline.evaluate.resampling import Estimate

WHY = {
    "one_person": "not defined: one person rated them",
    "no_overlap": "not defined: no pair has two ratings",
    "no_variation": "not defined: all ratings are the same",
    None: "",
}


@click.command()
@click.argument("ratings", type=click.Path(path_type=Path))
@click.option(
    "--types",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="semantic_types.parquet of a release: figures by semantic type, too.",
)
@progress_option
@json_option
def agreement(ratings: Path, types: Path | None, how: str, as_json: bool) -> None:
    """Krippendorff's ordinal alpha and weighted kappa of RATINGS, as `lexalign export ratings-csv` writes them.

    Ratings that were not given blind are left out. Intervals are of 95 %, by drawing entries. The application's page
    "Agreement" adds stages, second passes and decisions, which such a file does not have.

    \b
    Examples:
      lexalign -w mon-lexique export ratings-parquet -o ratings.parquet
      lexalign evaluate agreement ratings.parquet --json
    """
    from pipeline.evaluate.agreement import report
    from pipeline.evaluate.flat import as_json as json_of
    from pipeline.evaluate.ratings_table import read
    from pipeline.evaluate.types_table import types_of

    table = read(ratings)
    with progress_of(how) as progress:
        found = report(table, types_of(types, table) if types else {}, progress=progress)
    click.echo(json_of(found) if as_json else _text(found))


def _text(report: "Report") -> str:
    lines = [f"{'ratings':28} {'pairs':>7} {'people':>6} {'alpha':>6} {'95 %':>13} {'same %':>6}"]
    for name, group in {"all": report.overall, **report.encoders, **report.types}.items():
        same = "" if group.same.value is None else f"{100 * group.same.value:6.1f}"
        lines.append(
            f"{name[:28]:28} {group.pairs:7} {group.people:6} {_cells(group.alpha)} {same} {WHY[group.why]}"
        )
    lines += ["", f"{'two people':28} {'pairs':>7} {'linear':>6} {'95 %':>13} {'quadr.':>6} {'95 %':>13}"]
    lines += [_compared(f"{couple.first}, {couple.second}", couple.compared) for couple in report.couples]
    return "\n".join(line.rstrip() for line in lines)


def _compared(names: str, found: "Compared") -> str:
    return f"{names[:28]:28} {found.pairs:7} {_cells(found.linear)} {_cells(found.quadratic)} {WHY[found.why]}"


def _cells(estimate: "Estimate") -> str:
    value = "" if estimate.value is None else f"{estimate.value:.3f}"
    span = "" if estimate.low is None else f"{estimate.low:.3f}–{estimate.high:.3f}"
    return f"{value:>6} {span:>13}"
