"""The trials drawn: speed against loss, with the front and what the constraint allows."""

from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go

from pipeline.encoders.search.study import Study
from pipeline.encoders.search.trial import Trial
from pipeline.encoders.search.wording import say

COLOURS = ("#1f6473", "#c26a2d", "#5d6fb0", "#8a5a83", "#6b8e4e", "#7a7f85")
INK, RULE = "#1d2a33", "#e3e8eb"
NAME = "pareto.html"


def pareto(found: Study, language: str = "en") -> go.Figure:
    """Each trial a point: how many times as fast as fp32, and points of accuracy@1 lost with their interval."""
    figure = go.Figure()
    done = [trial for trial in found.trials if trial.measured]
    paths = list(dict.fromkeys(_path(trial) for trial in done))
    for path, colour in zip(paths, COLOURS, strict=False):
        _points(figure, [trial for trial in done if _path(trial) == path], path, colour, language)
    _line(figure, found.front, language)
    if found.best:
        _star(figure, found.best, language)
    return _dressed(figure, found, language)


def write(found: Study, folder: Path, *, language: str = "en") -> Path:
    """One file that needs no network."""
    pareto(found, language).write_html(folder / NAME, include_plotlyjs=True, config={"displaylogo": False})
    return folder / NAME


def _points(figure: go.Figure, trials: Sequence[Trial], name: str, colour: str, language: str) -> None:
    losses = [trial.loss for trial in trials]
    figure.add_scatter(
        x=[trial.ratio for trial in trials],
        y=[100 * loss.value for loss in losses],
        error_y={
            "array": [100 * (loss.high - loss.value) for loss in losses],
            "arrayminus": [100 * (loss.value - loss.low) for loss in losses],
            "thickness": 0.6,
            "width": 2,
        },
        mode="markers",
        name=name,
        marker={"color": colour, "size": 9},
        text=[_said(trial, language) for trial in trials],
        hovertemplate="%{text}<extra></extra>",
    )


def _line(figure: go.Figure, front: Sequence[Trial], language: str) -> None:
    figure.add_scatter(
        x=[trial.ratio for trial in front],
        y=[100 * trial.loss.value for trial in front],
        mode="lines",
        name=say(language, "front"),
        line={"color": INK, "width": 1, "shape": "vh"},
        hoverinfo="skip",
    )


def _star(figure: go.Figure, best: Trial, language: str) -> None:
    figure.add_scatter(
        x=[best.ratio],
        y=[100 * best.loss.value],
        mode="markers",
        name=say(language, "best", number=best.number),
        marker={"symbol": "star", "size": 16, "color": "#d9a400", "line": {"color": INK, "width": 1}},
        hoverinfo="skip",
    )


def _dressed(figure: go.Figure, found: Study, language: str) -> go.Figure:
    figure.add_vline(
        1 + found.constraint.least_gain,
        line={"color": INK, "width": 1, "dash": "dot"},
        annotation={"text": say(language, "axis_gain"), "textangle": -90, "font": {"size": 11}},
        annotation_position="bottom left",
    )
    figure.add_hline(0, line={"color": RULE, "width": 1})
    axis = {"gridcolor": RULE, "zeroline": False}
    return figure.update_layout(
        xaxis={"title": say(language, "axis_speed"), **axis},
        yaxis={"title": say(language, "axis_loss"), **axis},
        plot_bgcolor="white",
        font={"color": INK},
        height=480,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02},
        margin={"l": 60, "r": 20, "t": 90, "b": 50},
    )


def _said(trial: Trial, language: str) -> str:
    return say(
        language,
        "point",
        number=trial.number,
        label=trial.label(language),
        ratio=trial.ratio,
        **trial.loss.points,
        kept=trial.done.quality.agreement.value,
        size=trial.done.bytes / 1e6,
    )


def _path(trial: Trial) -> str:
    return f"{trial.recipe.engine} {trial.recipe.precision}"
