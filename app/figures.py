"""Plotly figures, all in one look; what a figure says is given, never computed here."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app.services.distributions import Series
from app.session import t

COLOURS = ("#1f6473", "#c26a2d", "#5d6fb0", "#8a5a83", "#6b8e4e", "#7a7f85")
RATINGS = ("#b4543c", "#cf8f5a", "#d9bf77", "#a9c29a", "#5f9f95", "#1f6473")
"""Ratings 0 to 5, from far to near; apart in lightness too, for those who see no red or green."""
CHANGES = ("#1f6473", "#8fb3ba", "#b4543c", "#5d6fb0", "#d5dde1")
"""A rated pair by another encoder: same rank, another, lost, gained, proposed by neither."""
DAY = pd.Timedelta(days=1)
INK, RULE = "#1d2a33", "#e3e8eb"
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"]}


def densities(series: Sequence[Series], x: str, y: str) -> go.Figure:
    """A curve a series, a thin line at its median."""
    figure = blank(x, y, 340)
    for one, colour in zip(series, cycle(len(series)), strict=True):
        figure.add_scatter(
            x=one.curve.x,
            y=one.curve.density,
            name=one.label,
            line={"color": colour, "width": 2},
            fill="tozeroy",
            fillcolor=faint(colour),
            hovertemplate="%{x:.3f} : %{y:.2f}",
        )
        figure.add_vline(one.median, line={"color": colour, "width": 1, "dash": "dot"})
    return figure


def histograms(series: Sequence[Series], x: str, y: str) -> go.Figure:
    figure = blank(x, y, 280)
    for one, colour in zip(series, cycle(len(series)), strict=True):
        middles = (one.bins[:-1] + one.bins[1:]) / 2
        figure.add_bar(x=middles, y=one.counts, name=one.label, marker_color=colour, opacity=0.6)
    return figure.update_layout(barmode="overlay", bargap=0.05)


def bars(names: Sequence[str], counts: Sequence[int], x: str, y: str) -> go.Figure:
    figure = blank(x, y, 240)
    figure.add_bar(
        x=list(names), y=list(counts), marker_color=COLOURS[0], hovertemplate="%{x} : %{y:,}<extra></extra>"
    )
    return figure.update_xaxes(type="category").update_layout(bargap=0.25)


def ranking(counts: dict[str, int], x: str) -> go.Figure:
    """Horizontal bars, the largest on top."""
    names = list(counts)[::-1]
    figure = blank(x, "", max(150, 26 * len(names) + 60))
    figure.add_bar(
        y=[name if len(name) < 34 else name[:33] + "…" for name in names],
        x=[counts[name] for name in names],
        orientation="h",
        marker_color=COLOURS[0],
        hovertemplate="%{y} : %{x:,}<extra></extra>",
    )
    return figure.update_yaxes(type="category", showgrid=False).update_xaxes(showgrid=True)


def scores_by_rating(rows: pd.DataFrame, x: str, y: str) -> go.Figure:
    """A box a rating, and its points where they are few enough to be seen."""
    figure = blank(x, y, 340)
    for rating in range(6):
        values = rows.loc[rows["rating"] == rating, "score"]
        figure.add_box(
            x=[str(rating)] * len(values),
            y=values,
            name=str(rating),
            marker_color=RATINGS[rating],
            boxpoints="all" if len(rows) < 400 else False,
            jitter=0.4,
            pointpos=0,
            showlegend=False,
        )
    return figure.update_xaxes(type="category", categoryarray=list("012345"), range=[-0.5, 5.5])


def rating_counts(counts: pd.DataFrame, x: str) -> go.Figure:
    """A bar an encoder, stacked by rating."""
    names = list(dict.fromkeys(counts["encoder"]))
    by_rating = {
        str(rating): counts[counts["rating"] == rating].set_index("encoder")["count"] for rating in range(6)
    }
    return stacked(
        names, {key: [int(rows[name]) for name in names] for key, rows in by_rating.items()}, RATINGS, x
    )


def stacked(
    names: Sequence[str], parts: dict[str, list[int]], colours: Sequence[str], x: str, y: str = ""
) -> go.Figure:
    """Horizontal bars, the first on top; a part is label -> its count in each bar."""
    figure = blank(x, y, 52 * len(names) + 90)
    for (label, counts), colour in zip(parts.items(), colours, strict=True):
        figure.add_bar(
            y=list(names)[::-1],
            x=counts[::-1],
            name=label,
            orientation="h",
            marker_color=colour,
            hovertemplate=f"{label} : %{{x:,}}<extra>%{{y}}</extra>",
        )
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    return figure.update_yaxes(type="category", showgrid=False)


def by_day(rows: pd.DataFrame, x: str, y: str) -> go.Figure:
    """Bars a day, stacked by person; days without any keep their place."""
    figure = blank(x, y, 280)
    people, days = sorted(set(rows["person"])), pd.to_datetime(rows["day"])
    for person, colour in zip(people, cycle(len(people)), strict=True):
        mine = rows["person"] == person
        figure.add_bar(
            x=days[mine],
            y=rows.loc[mine, "count"],
            name=person,
            marker_color=colour,
            width=0.7 * DAY.total_seconds() * 1000,
            hovertemplate=f"%{{x|{t('number.day')}}} : %{{y:,}}",
        )
    first, last = days.min(), days.max()
    step = max(1, -(-(last - first).days // 4))
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    return figure.update_xaxes(
        type="date",
        tickformat=t("number.day"),
        tick0=first,
        dtick=step * DAY.total_seconds() * 1000,
        range=[first - 0.8 * DAY, last + 0.8 * DAY],
    )


def show(figure: go.Figure, key: str) -> None:
    """Draw it, with numbers as the person's language writes them."""
    figure.update_layout(separators=t("number.separators"))
    st.plotly_chart(figure, key=key, config=CONFIG)


def blank(x: str, y: str, height: int) -> go.Figure:
    """A figure without data, in the look that all have; `x` and `y` are the axes' titles."""
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        font={"color": INK, "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": None},
    )
    figure.update_xaxes(title=x, gridcolor=RULE, zeroline=False, showgrid=False, automargin=True)
    figure.update_yaxes(title=y, gridcolor=RULE, zeroline=False, automargin=True)
    return figure


def cycle(count: int) -> list[str]:
    """So many of COLOURS, from the first again where they end."""
    return [COLOURS[place % len(COLOURS)] for place in range(count)]


def faint(colour: str, share: float = 0.08) -> str:
    """The colour (#rrggbb), so far from transparent."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
