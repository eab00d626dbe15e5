"""From presses and memory samples to the figures of load.json."""

from collections.abc import Sequence

import numpy as np

from benchmarks.load.rater import Press

QUARTERS = 4


def milliseconds(seconds: Sequence[float]) -> dict[str, float | None]:
    """p50, p95, p99 and max; None where nothing was measured."""
    if not seconds:
        return dict.fromkeys(("p50", "p95", "p99", "max"))
    p50, p95, p99 = np.percentile(seconds, (50, 95, 99))
    return {
        name: round(float(value) * 1000, 1)
        for name, value in (("p50", p50), ("p95", p95), ("p99", p99), ("max", max(seconds)))
    }


def times(presses: Sequence[Press], began: float, seconds: float) -> dict[str, object]:
    """`next_card_ms`: from the press to the last key of the next card; `whole_ms`: to the end of what is drawn. The
    quarters of the time say whether it grows."""
    whole = [(press.sent, press.whole) for press in presses if press.told and press.whole is not None]
    quarters = [
        [took for sent, took in whole if int((sent - began) / seconds * QUARTERS) == quarter]
        for quarter in range(QUARTERS)
    ]
    card = [press.card for press in presses if press.card is not None]
    return {
        "p95_ms": milliseconds([took for _, took in whole])["p95"],
        "whole_ms": milliseconds([took for _, took in whole]),
        "next_card_ms": milliseconds(card),
        "p95_ms_by_quarter": [milliseconds(took)["p95"] for took in quarters],
    }


def memory(samples: Sequence[tuple[float, float]], began: float, seconds: float) -> dict[str, float | None]:
    """The server's resident memory in MB: its peak, and the means of the first and the last quarter of the time."""
    first = [used for at, used in samples if 0 <= at - began < seconds / QUARTERS]
    last = [used for at, used in samples if seconds * (1 - 1 / QUARTERS) <= at - began <= seconds]
    return {
        "peak_mb": round(max((used for _, used in samples), default=0.0), 1),
        "first_quarter_mb": round(float(np.mean(first)), 1) if first else None,
        "last_quarter_mb": round(float(np.mean(last)), 1) if last else None,
    }
