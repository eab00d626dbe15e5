"""An inspection as report.md, report.html with its figures, and inspection.json."""

import dataclasses
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from pipeline.encoders.engines.cpu import instruction_set, model_name
from pipeline.encoders.inspect import figures
from pipeline.encoders.inspect.cost import Cost
from pipeline.encoders.inspect.inspection import Inspection
from pipeline.files import write_json

Table = list[list[str]]
"""Rows of cells; the first row is the head."""


def write(found: Inspection, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "inspection.json", to_json(found))
    (folder / "report.md").write_text(_document(found, _markdown, "{}\n\n", "## {}\n\n"), "utf-8")
    figured = _document(found, _html, "<p>{}</p>\n", "<h2>{}</h2>\n", drawn=True)
    (folder / "report.html").write_text(f'<meta charset="utf-8">\n{STYLE}\n{figured}', "utf-8")


def to_json(found: Inspection) -> dict[str, Any]:
    """All but the maps' values, which are drawn in report.html."""
    values = dataclasses.asdict(dataclasses.replace(found, maps=None))  # type: ignore[arg-type]
    return values | {"maps": {"layer": found.maps.layer, "alpha": found.maps.alpha}}


def table_of_costs(found: Inspection) -> Table:
    """Before and after: performance, latency, throughput, size, energy, CO2."""
    before, after = found.costs
    rows = [["", before.name, after.name, "after / before"], *_performance(found)]
    rows += [_row(f"latency of one text, {word}, ms", before, after, key) for word, key in LATENCIES.items()]
    rows.append(_row("texts a second", before, after, lambda cost: cost.texts_per_second, ".1f"))
    rows.append(_row("size, MB", before, after, lambda cost: cost.bytes / 1e6, ".1f"))
    if before.energy and after.energy:
        sign = " (estimate)" if before.energy.estimated else ""
        rows.append(_row(f"energy, Wh a 1,000 texts{sign}", before, after, lambda c: c.energy.watt_hours, ".4g"))
        rows.append(_row(f"CO2, g a 1,000 texts{sign}", before, after, lambda c: c.energy.grams, ".4g"))
    return rows


LATENCIES: dict[str, Callable[[Any], float]] = {
    "average": lambda cost: cost.latency.average,
    "maximum": lambda cost: cost.latency.most,
    "minimum": lambda cost: cost.latency.least,
}
STYLE = (
    "<style>body{font:15px/1.5 system-ui;max-width:1100px;margin:2em auto;color:#1d2a33}"
    "td,th{padding:2px 12px;text-align:right;border-bottom:1px solid #e3e8eb}td:first-child,th:first-child"
    "{text-align:left}table{border-collapse:collapse}</style>"
)


def _performance(found: Inspection) -> Table:
    if found.quality is None:
        return [
            ["mean cosine to fp32", "1", f"{found.drift.mean_cosine:.5f}", ""],
            ["nearest text kept", "100.0%", f"{found.drift.neighbours:.1%}", ""],
        ]
    loss = found.quality.first
    before, after = loss.right / loss.n, (loss.right - loss.lost + loss.won) / loss.n
    interval = f"{100 * loss.low:+.2f} to {100 * loss.high:+.2f} points lost"
    return [
        ["accuracy@1", f"{before:.2%}", f"{after:.2%}", interval],
        ["fp32's ten concepts kept", "100.0%", f"{found.quality.agreement.value:.1%}", ""],
    ]


def _row(label: str, before: Cost, after: Cost, of: Callable[[Any], float], form: str = ".2f") -> list[str]:
    a, b = of(before), of(after)
    return [label, format(a, form), format(b, form), f"{b / a:.2f}" if a else ""]


def table_of_layers(found: Inspection) -> Table:
    head = ["layer", "shape", "row scales", "smoothed", "one scale", "smoothed"]
    rows = [
        [
            error.name,
            f"{error.inputs} × {error.outputs}",
            *(f"{value:.2%}" for value in (error.rows, error.smoothed_rows, error.tensor, error.smoothed_tensor)),
            *([f"{found.alone[error.name]:.2e}"] if found.alone else []),
        ]
        for error in found.layers
    ]
    return [[*head, *(["cosine lost, alone"] if found.alone else [])], *rows]


def _document(
    found: Inspection, table: Callable[[Table], str], paragraph: str, heading: str, *, drawn: bool = False
) -> str:
    after = found.costs[1]
    parts = [
        heading.format(f"{after.name} against {found.costs[0].name}"),
        paragraph.format(f"{model_name()}, {instruction_set()}; sample: {found.sample}."),
        table(table_of_costs(found)),
        *([paragraph.format(f"Energy: {after.energy.how}.")] if after.energy else []),
        heading.format("Activations before and after smoothing"),
        paragraph.format(f"Layer {found.maps.layer}, α = {found.maps.alpha:g}. {_smoothed(found)}"),
        *(_drawn([figures.surfaces(found.maps), figures.channels(found.maps)]) if drawn else []),
        heading.format("Error of each linear layer, the worst first"),
        paragraph.format(
            "How far a layer's own outputs move, of their length, when its inputs and weights alone become eight "
            "bits: a scale for each row of inputs, or one scale for all."
        ),
        *(_drawn([figures.layers(found.layers)], first=False) if drawn else []),
        table(table_of_layers(found)),
    ]
    return "".join(parts)


def _smoothed(found: Inspection) -> str:
    maps = found.maps
    ratios = [float(values.max() / values.max(axis=0).mean()) for values in (maps.before, maps.after)]
    return f"The largest activation is {ratios[0]:.1f} times a channel's mean largest; smoothed, {ratios[1]:.1f} times."


def _drawn(drawn: Sequence[Any], *, first: bool = True) -> list[str]:
    """The library is written once, in the page, which needs no network."""
    return [
        figure.to_html(full_html=False, include_plotlyjs=first and number == 0)
        for number, figure in enumerate(drawn)
    ]


def _markdown(table: Table) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in table]
    return "\n".join([lines[0], "|" + "---|" * len(table[0]), *lines[1:]]) + "\n\n"


def _html(table: Table) -> str:
    rows = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in table[1:]]
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table[0])
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>\n"
