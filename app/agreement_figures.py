"""Plotly figures of agreement, in the look of `app.figures`."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from app.figures import COLOURS, blank, cycle, faint
from pipeline.evaluate.people import Spread, Window
from pipeline.evaluate.resampling import Estimate

SHADES = ((0.0, "#f1f5f6"), (0.5, "#8fb3ba"), (1.0, "#1f6473"))
"""From nothing to much, in lightness alone, for those who see no colours."""


def heat(
    names: Sequence[str], values: Sequence[Sequence[float | None]], told: Sequence[Sequence[str]], *, written: bool
) -> go.Figure:
    """A square of 0 to 1 by two names, `told` over each cell; `written` puts the values in, where there is room."""
    figure = blank("", "", max(360, 90 + 30 * len(names)))
    figure.add_heatmap(
        x=list(names),
        y=list(names),
        z=[list(row) for row in values],
        zmin=0,
        zmax=1,
        colorscale=[list(step) for step in SHADES],
        xgap=2,
        ygap=2,
        customdata=[list(row) for row in told],
        texttemplate="%{z:.2f}" if written else None,
        hovertemplate="%{customdata}<extra></extra>",
        hoverongaps=False,
        colorbar={"thickness": 10, "outlinewidth": 0},
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, **_labels(names, 18))
    return figure.update_xaxes(tickangle=-40, **_labels(names, 18))


def confusion(table: Sequence[Sequence[int]], first: str, second: str) -> go.Figure:
    """Counts of two people's ratings 0-5, each written in its cell: the first's down, the second's across."""
    ratings = [str(rating) for rating in range(len(table))]
    figure = blank(_short(second), _short(first), 360)
    figure.add_heatmap(
        x=ratings,
        y=ratings,
        z=[list(row) for row in table],
        colorscale=[list(step) for step in SHADES],
        xgap=2,
        ygap=2,
        texttemplate="%{z}",
        hovertemplate=f"{first} %{{y}}, {second} %{{x}} : %{{z}}<extra></extra>",
        showscale=False,
    )
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure.update_xaxes(type="category", side="top")


def dots(estimates: Mapping[str, Estimate], told: Sequence[str], x: str) -> go.Figure:
    """A dot a name with its interval, the first on top, from 0 (or less) to 1; `told` when pointed at."""
    names = list(estimates)
    least = min(0.0, *(end for one in estimates.values() for end in (one.low, one.value) if end is not None))
    figure = blank(x, "", 26 * len(names) + 70).update_layout(margin_t=4)
    figure.add_scatter(
        x=[one.value for one in estimates.values()],
        y=names,
        error_x=_bars(list(estimates.values())),
        mode="markers",
        marker={"color": COLOURS[0], "size": 9},
        customdata=list(told),
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", **_labels(names, 34))
    return figure.update_xaxes(showgrid=True, range=[least - 0.05, 1.05])


def drift(windows: Mapping[str, Sequence[Window]], x: str, y: str) -> go.Figure:
    """A line a person over their ratings, in their order, with the interval of each window as a band."""
    figure = blank(x, y, 320)
    figure.add_hline(0, line={"color": COLOURS[-1], "width": 1, "dash": "dot"})
    for (name, every), colour in zip(windows.items(), cycle(len(windows)), strict=True):
        known = [one for one in every if one.deviation.value is not None]
        figure.add_scatter(
            x=[(one.first + one.last) / 2 for one in known],
            y=[one.deviation.value for one in known],
            error_y=_bars([one.deviation for one in known], faint(colour, 0.45)),
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            customdata=[[one.first, one.last] for one in known],
            hovertemplate="%{customdata[0]}–%{customdata[1]} : %{y:+.2f}",
        )
    return figure


def medians(windows: Mapping[str, Sequence[Window]], x: str, y: str) -> go.Figure:
    """A line a person: the median seconds of a rating, window by window."""
    figure = blank(x, y, 320)
    for (name, every), colour in zip(windows.items(), cycle(len(windows)), strict=True):
        known = [(one, one.seconds) for one in every if one.seconds is not None]
        figure.add_scatter(
            x=[(one.first + one.last) / 2 for one, _ in known],
            y=[seconds.median for _, seconds in known],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            customdata=[[one.first, one.last] for one, _ in known],
            hovertemplate="%{customdata[0]}–%{customdata[1]} : %{y:.1f}",
        )
    return figure.update_yaxes(rangemode="tozero")


def spreads(people: Mapping[str, Spread], y: str) -> go.Figure:
    """A box a person: quartiles and median, whiskers at a tenth from either end."""
    figure = blank("", y, 320)
    for (name, one), colour in zip(people.items(), cycle(len(people)), strict=True):
        figure.add_box(
            x=[name],
            lowerfence=[one.tenth],
            q1=[one.lower],
            median=[one.median],
            q3=[one.upper],
            upperfence=[one.ninetieth],
            name=name,
            marker_color=colour,
            showlegend=False,
        )
    return figure.update_yaxes(rangemode="tozero")


def _bars(estimates: Sequence[Estimate], colour: str = "#8fb3ba") -> dict:
    """Error bars to the ends of the intervals; none where there is no interval."""
    up = [0.0 if one.high is None or one.value is None else one.high - one.value for one in estimates]
    down = [0.0 if one.low is None or one.value is None else one.value - one.low for one in estimates]
    return {"type": "data", "array": up, "arrayminus": down, "color": colour, "thickness": 1.5, "width": 3}


def _labels(names: Sequence[str], longest: int) -> dict:
    """An axis of names, long ones cut on it only: two of them may begin alike."""
    return {"type": "category", "tickvals": list(names), "ticktext": [_short(name, longest) for name in names]}


def _short(name: str, longest: int = 34) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"
