"""The report as a table that a person reads."""

from typing import Any

COLUMNS = f"{'':46} {'strings/s':>9} {'min-max':>15} {'tokens/s':>9} {'peak MB':>8} {'disk MB':>8} "
COLUMNS += f"{'of GEMM':>8} {'cosine':>7} {'least':>7} {'alone':>6} {'shuffled':>8}"


def table(name: str, found: dict[str, Any]) -> str:
    """A shape's contenders, the fastest first, then ratios, products and what failed."""
    about = found["strings"]
    head = f"{name}: {about['count']} strings of {about['mean_tokens']:.1f} tokens on average"
    by_speed = sorted(found["contenders"].values(), key=lambda row: -row["strings_per_second"]["median"])
    lines = [f"{head}, {found['rounds']} rounds", f"weights: {found['shape']['weights']}", COLUMNS]
    lines += [_contender(row, about["mean_tokens"]) for row in by_speed]
    lines += ["", *(_ratio(key, value) for key, value in found["ratios"].items())]
    lines += ["", *(_product(start, factors) for start, factors in found["products"].items() if factors)]
    lines += [f"{contender} is missing: {reason}" for contender, reason in found["errors"].items()]
    peak = ", ".join(f"{kind} {rate / 1e9:.0f}" for kind, rate in found["gemm"]["peak"].items())
    return "\n".join([*lines, f"this machine's own GEMM peak, GOP/s on these cores: {peak}"])


def _contender(row: dict[str, Any], tokens: float) -> str:
    rate, share, same = row["strings_per_second"], row["share_of_gemm_peak"], row["unchanged"]
    cosine = row.get("cosine_to_fp32", {"mean": float("nan"), "min": float("nan")})
    spread = f"{rate['min']:.1f}-{rate['max']:.1f}"
    part = f"{share:8.0%}" if share is not None else f"{'':8}"
    return (
        f"{row['label']:46} {rate['median']:9.1f} {spread:>15} {rate['median'] * tokens:9.0f} {row['peak_mb']:8} "
        f"{row['bytes'] / 1e6:8.0f} {part} {cosine['mean']:7.4f} {cosine['min']:7.4f} {same['alone']:6.2f} "
        f"{same['shuffled']:8.2f}"
    )


def _ratio(key: str, value: dict[str, float] | None) -> str:
    if value is None:
        return f"{key:28} not measured"
    return (
        f"{key:28} {value['of_medians']:6.2f}  (median of rounds {value['median_of_rounds']:.2f}, "
        f"{value['min']:.2f}-{value['max']:.2f})"
    )


def _product(start: str, factors: dict[str, float]) -> str:
    parts = " × ".join(f"{name} {value:.2f}" for name, value in factors.items() if name != "total")
    return f"{start} -> Lexalign int8: {factors['total']:.1f} = {parts}"
