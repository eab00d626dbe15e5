"""What was found inside, drawn."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from pipeline.encoders.inspect.layers import LayerError
from pipeline.encoders.inspect.maps import Maps

COLOURS = {"rows": "#1f6473", "smoothed_rows": "#5f9f95", "tensor": "#b4543c", "smoothed_tensor": "#d9bf77"}
SAID = {
    "rows": "a scale a row",
    "smoothed_rows": "a scale a row, smoothed",
    "tensor": "one scale",
    "smoothed_tensor": "one scale, smoothed",
}


def layers(errors: Sequence[LayerError]) -> go.Figure:
    """A row a layer, the worst on top; the relative error of its outputs, four ways of quantising."""
    figure = go.Figure()
    ordered = list(errors)[::-1]
    for kind, colour in COLOURS.items():
        figure.add_scatter(
            x=[100 * getattr(error, kind) for error in ordered],
            y=[error.name for error in ordered],
            mode="markers",
            name=SAID[kind],
            marker={"color": colour, "size": 7},
            hovertemplate="%{y}: %{x:.2f} %<extra>" + SAID[kind] + "</extra>",
        )
    return figure.update_layout(
        height=max(360, 16 * len(ordered) + 140),
        xaxis={"title": "error of the layer's own outputs, % of their length", "type": "log"},
        yaxis={"automargin": True, "dtick": 1},
        plot_bgcolor="white",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0},
    )


def surfaces(maps: Maps) -> go.Figure:
    """|activation| by token and channel, before and after smoothing."""
    titles = [f"{maps.layer}: as it is", f"smoothed, α = {maps.alpha:g}"]
    kinds = [[{"type": "surface"}, {"type": "surface"}]]
    figure = make_subplots(rows=1, cols=2, specs=kinds, subplot_titles=titles, horizontal_spacing=0.02)
    for column, values in enumerate((maps.before, maps.after), 1):
        figure.add_surface(z=values.round(3), colorscale="Viridis", showscale=False, row=1, col=column)
    axes = {"xaxis_title": "channel", "yaxis_title": "token", "zaxis_title": "|x|"}
    return figure.update_scenes(**axes, aspectratio={"x": 1.6, "y": 0.9, "z": 0.7}).update_layout(height=520)


def channels(maps: Maps) -> go.Figure:
    """The largest |x| and |w| of each channel, before and after: what smoothing moves from one to the other."""
    drawn = {
        "activations": (maps.before.max(axis=0), "#b4543c", "solid"),
        "activations, smoothed": (maps.after.max(axis=0), "#b4543c", "dot"),
        "weights": (maps.weights_before, "#1f6473", "solid"),
        "weights, smoothed": (maps.weights_after, "#1f6473", "dot"),
    }
    figure = go.Figure()
    for name, (values, colour, dash) in drawn.items():
        figure.add_scatter(y=values, name=name, mode="lines", line={"color": colour, "dash": dash, "width": 1})
    return figure.update_layout(
        height=360,
        plot_bgcolor="white",
        xaxis_title="channel",
        yaxis={"title": "largest |value|", "type": "log"},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02},
    )
