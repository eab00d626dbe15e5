"""The curve of a training, drawn: loss, and what was measured on the way."""

import json
from pathlib import Path

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from pipeline.encoders.train.loop import CURVE
from pipeline.files import whole


def points(folder: Path) -> list[dict[str, float]]:
    """Of a run, also while it runs; a last line that is being written is left for the next time."""
    path = folder / CURVE
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def figure(folder: Path) -> go.Figure:
    """Losses against steps on the left axis, accuracies on the right."""
    found = points(folder)
    drawn = make_subplots(specs=[[{"secondary_y": True}]])
    drawn.add_scatter(x=[p["step"] for p in found], y=[p["loss"] for p in found], name="loss", mode="lines")
    for name in sorted({name for point in found for name in point} - {"step", "loss"}):
        some = [point for point in found if name in point]
        drawn.add_trace(
            go.Scatter(x=[p["step"] for p in some], y=[p[name] for p in some], name=name, mode="lines+markers"),
            secondary_y=not name.endswith("loss"),
        )
    drawn.update_xaxes(title="step")
    drawn.update_yaxes(title="loss", secondary_y=False)
    drawn.update_yaxes(title="accuracy", tickformat=".0%", range=[0, 1], secondary_y=True)
    return drawn


def draw(folder: Path) -> Path:
    """curve.html beside the curve."""
    path = folder / "curve.html"
    with whole(path) as part:
        figure(folder).write_html(str(part))
    return path
