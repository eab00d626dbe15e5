"""How the pages of agreement write a figure."""

from app.session import n, t
from pipeline.evaluate.compared import Why
from pipeline.evaluate.resampling import Estimate


def interval(estimate: Estimate, *, digits: int = 3, signed: bool = False) -> str | None:
    """None where entries are too few for one."""
    if estimate.low is None or estimate.high is None:
        return None
    low, high = (figure(end, digits=digits, signed=signed) for end in (estimate.low, estimate.high))
    return t("agreement.interval", low=low, high=high)


def in_full(estimate: Estimate, why: Why | None = None, *, signed: bool = False) -> str:
    """The value to two places and its interval, or why there is none."""
    if why:
        return t(f"agreement.why_{why}")
    span = interval(estimate, digits=2, signed=signed)
    return figure(estimate.value, digits=2, signed=signed) + (f" ({span})" if span else "")


def figure(value: float | None, *, digits: int, signed: bool = False) -> str:
    """With the sign of a minus, which a hyphen is not; `signed` also with a plus."""
    if value is None:
        return "–"
    sign = "−" if round(value, digits) < 0 else "+" if signed and round(value, digits) > 0 else ""
    return sign + n(abs(value), digits)


def percent(share: float | None) -> str:
    return "–" if share is None else t("encoders.percent", share=n(100 * share, 1))


def percents(estimate: Estimate) -> str | None:
    """As `interval`, of a share."""
    if estimate.low is None or estimate.high is None:
        return None
    return t("agreement.interval", low=n(100 * estimate.low, 1), high=percent(estimate.high))
