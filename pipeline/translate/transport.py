"""HTTP under deep-translator: time-outs, no redirects, no key in a URL, errors that say what came back.

deep-translator calls `requests.get` and `requests.post` bare: it waits for ever, follows redirects to other hosts
and puts keys and texts into URLs. A Transport stands where that module stood, for our own instances only.
"""

import ipaddress
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import requests

from pipeline.errors import ServiceError
from pipeline.translate.refusals import Unusable, of_request, seconds_of, shown

LARGEST_ANSWER = 4 << 20


@dataclass
class Outgoing:
    """A request before it is dressed: `params` go into the URL, `data` into a form, `json` into the body."""

    method: str
    url: str
    params: dict[str, str]
    data: dict[str, str] | None = None
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The part of requests.Response that deep-translator reads."""

    status_code: int
    text: str

    def json(self) -> Any:
        return json.loads(self.text)

    def close(self) -> None:
        """The connection went back to its pool when the body was read."""


class Transport:
    """Stands in for the module `requests`: `get`, `post` and `exceptions` are all that is called.

    `dress(request, key)` puts a request into the shape that the service wants today; `key()` is read from the
    environment at each request, so that no object holds it. Safe to share between threads.
    """

    exceptions = requests.exceptions

    def __init__(
        self,
        name: str,
        *,
        dress: Callable[[Outgoing, str], None],
        key: Callable[[], str],
        key_name: str,
        expects: Literal["json", "html"],
        timeout: tuple[float, float],
    ) -> None:
        self._name, self._dress, self._key, self._key_name = name, dress, key, key_name
        self._expects, self._timeout = expects, timeout
        self._local = threading.local()

    def get(self, url: str, *, params: dict[str, str], **_: Any) -> Answer:
        return self._send(Outgoing("GET", url, params))

    def post(self, url: str, *, params: dict[str, str], json: Any = None, **_: Any) -> Answer:
        return self._send(Outgoing("POST", url, params, json=json))

    def _send(self, request: Outgoing) -> Answer:
        host = urlsplit(request.url).hostname or request.url
        self._dress(request, self._key())
        try:
            with self._session(host).request(
                request.method,
                request.url,
                params=request.params,
                data=request.data,
                json=request.json,
                headers=request.headers,
                auth=lambda prepared: prepared,  # else a ~/.netrc entry would replace the Authorization header
                timeout=self._timeout,
                stream=True,
                allow_redirects=False,  # `sends` promised one host
            ) as response:
                answer = Answer(response.status_code, self._body(response, host))
                self._check(answer, response.headers, host)
        except requests.RequestException as error:
            # `from None`: the exceptions of requests print the URL, which holds the text
            raise of_request(error, self._name, host, self._timeout) from None
        return answer

    def _session(self, host: str) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = not is_loopback(host)  # no proxy between a machine and itself
        return self._local.session

    def _body(self, response: requests.Response, host: str) -> str:
        body = bytearray()
        for chunk in response.iter_content(1 << 16):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise ServiceError(
                    f"{self._name} at {host}: an answer of over {LARGEST_ANSWER >> 20} MB, expected a "
                    "translation; is the URL that of the service?"
                )
        return body.decode("utf8", errors="replace")

    def _check(self, answer: Answer, headers: Any, host: str) -> None:
        where = f"{self._name} at {host}"
        if not 200 <= answer.status_code < 300:
            self._refuse(answer, headers, where)
        text = answer.text.strip()
        if not text:
            raise ServiceError(f"{where}: an empty answer, expected a translation; try again later", passing=True)
        if self._expects == "html":
            if "</html" not in text.lower():
                raise ServiceError(f"{where}: the page was cut short; try again later", passing=True)
        elif text[0] not in "[{":
            raise ServiceError(
                f"{where}: {shown(text)} where JSON was due; does a proxy or a sign-in page stand between, "
                "or is the URL another's?"
            )
        elif not _is_json(text):
            raise ServiceError(f"{where}: the JSON was cut short; try again later", passing=True)

    def _refuse(self, answer: Answer, headers: Any, where: str) -> None:
        status, found = answer.status_code, f"{where}: status {answer.status_code}"
        if status == 429 or status == 408 or status >= 500:
            wait = seconds_of(headers.get("Retry-After"), datetime.now(UTC))
            asked = f" and asks to wait {wait:.0f} s" if wait is not None else ""
            raise ServiceError(f"{found}{asked}; try again later", passing=True, retry_after=wait)
        if 300 <= status < 400:
            target = urlsplit(headers.get("Location", "")).hostname or "elsewhere"
            raise Unusable(f"{found}, a redirect to {target}; texts are sent to no other host than the one shown")
        if status in (401, 403):
            raise Unusable(f"{found}, the key was refused; check the environment variable {self._key_name}")
        if status == 456:
            raise Unusable(f"{found}, the quota of this key is spent; wait for the next period or change the plan")
        if status in (404, 405):
            raise Unusable(f"{found}, expected the service's own address; check url")
        if status in (413, 414):
            raise ServiceError(f"{found}, the text is too long for the service; shorten it")
        detail = shown(answer.text.replace(self._key() or "\0", "…"))
        raise ServiceError(f"{found}, {detail}; the service refuses this request")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
