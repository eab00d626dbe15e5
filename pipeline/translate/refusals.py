"""What went wrong with a request, in words; and whether the same request may pass later."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests

from pipeline.errors import ServiceError

REASONS = {
    "NameResolutionError": "no such host was found",
    "NewConnectionError": "it refuses connections",
    "ConnectTimeoutError": "it does not answer",
}


class Unusable(ServiceError):
    """No text can pass as things are set up (key refused, quota spent, wrong URL): asking on is pointless."""


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """The wait of a Retry-After header, in seconds or as an HTTP date (RFC 9110, 10.2.3); None if unreadable."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - now).total_seconds())
    except (ValueError, TypeError):  # TypeError: a date without a zone
        return None


def shown(text: str) -> str:
    if title := re.search(r"<title[^>]*>(.*?)</title", text, re.IGNORECASE | re.DOTALL):
        return f"an HTML page titled “{' '.join(title[1].split())[:80]}”"
    kind = "an HTML page" if "<html" in text.lower() else "the text"
    return f"{kind} “{' '.join(text.split())[:80]}”"


def of_request(
    error: requests.RequestException, name: str, host: str, timeout: tuple[float, float]
) -> ServiceError:
    where = f"{name} at {host}"
    if isinstance(error, requests.exceptions.SSLError):
        return Unusable(f"{where}: its certificate was not accepted; check the clock, the proxy and the URL")
    if isinstance(error, requests.Timeout):
        return ServiceError(f"{where}: no answer within {timeout[1]:g} s; try again later", passing=True)
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return ServiceError(f"{where}: the answer was cut short; try again later", passing=True)
    if isinstance(error, requests.ConnectionError):
        reason = getattr(error.args[0], "reason", error.args[0]) if error.args else error
        why = REASONS.get(type(reason).__name__, "the connection broke off")
        return ServiceError(f"{where}: {why}; is the network up and the URL right?", passing=True)
    return Unusable(f"{where}: no request can be made ({type(error).__name__}); check url")
