"""An integrity report as text for a terminal."""

from typing import Any

TOP = 10
BAR = 30


def as_text(report: dict[str, Any]) -> str:
    """Aligned lines, a paragraph a measure; examples cut to what fits."""
    paragraphs = []
    for name, value in report.items():
        title = name.replace("_", " ")
        if not isinstance(value, dict):
            paragraphs.append(f"{title}: {_shown(value)}")
        elif value:
            paragraphs.append("\n".join([title, *_lines(name, value)]))
    return "\n\n".join(paragraphs) + "\n"


def _lines(name: str, value: dict[str, Any]) -> list[str]:
    if name == "read":
        return [line for table, counts in value.items() for line in _read(table, counts)]
    if name.endswith("outliers"):
        return _outliers(value)
    if name.endswith("length"):
        return _lengths(value)
    return _table(value)


def _read(table: str, counts: dict[str, Any]) -> list[str]:
    numbers = {key: value for key, value in counts.items() if isinstance(value, int)}
    return [f"  {table}", *("  " + line for line in _table(numbers))]


def _table(counts: dict[str, Any]) -> list[str]:
    shown = list(counts.items())[:TOP] if len(counts) > TOP + 10 else list(counts.items())
    width = min(40, max((len(str(key)) for key, _ in shown), default=0))
    lines = [
        f"  {(str(key) or '(empty)')[:40].replace('_', ' '):<{width}}  {_shown(value):>12}" for key, value in shown
    ]
    left = len(counts) - len(shown)
    return [*lines, f"  … and {left} more"] if left else lines


def _lengths(value: dict[str, Any]) -> list[str]:
    if not value["texts"]:
        return ["  no text"]
    quantiles = "  ".join(f"{float(share):.0%}: {length}" for share, length in value["quantiles"].items())
    most = max(value["histogram"].values())
    bars = [
        f"  {bin_:>9}  {_shown(count):>12}  {'█' * round(BAR * count / most)}".rstrip()
        for bin_, count in value["histogram"].items()
        if count
    ]
    return [f"  {quantiles}", *bars]


def _outliers(value: dict[str, Any]) -> list[str]:
    lines = []
    for kind, found in value.items():
        lines.append(f"  {kind.replace('_', ' '):<20}{_shown(found['count']):>12}")
        lines += [f"    {key}  {text!r}"[:100] for key, text in found["examples"][:3]]
    return lines


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
