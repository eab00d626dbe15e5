"""A server on this machine that speaks each service's protocol, and misbehaves as told."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    body: str
    headers: dict[str, str]

    @property
    def text(self) -> str:
        if self.path.startswith("/m"):
            return self.query["q"]
        if self.path.startswith("/v2/"):
            return self.form["text"]
        if "api-version" in self.query:
            return json.loads(self.body)[0]["text"]
        return self.form["q"]


@dataclass
class Server:
    """`replies` are given first, one a request; then `speak` translates a text as the service would."""

    url: str = ""
    speak: Callable[[str], str] = str.upper
    replies: list[Reply | Callable[[Received], Reply]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def answer(self, request: Received) -> Reply:
        self.received.append(request)
        if self.replies:
            reply = self.replies.pop(0)
            return reply(request) if callable(reply) else reply
        return in_form_of(request, self.speak(request.text))


def in_form_of(request: Received, text: str) -> Reply:
    """The answer in the shape of the service that was asked."""
    if request.path.startswith("/m"):
        page = f'<html><body><div class="result-container">{text}</div></body></html>'
        return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()
    if request.path.startswith("/v2/"):
        shape = {"translations": [{"detected_source_language": "FR", "text": text}]}
    elif "api-version" in request.query:
        shape = [{"translations": [{"text": text, "to": "en"}]}]
    else:
        shape = {"translatedText": text}
    return 200, {"Content-Type": "application/json"}, json.dumps(shape).encode()


def status(code: int, body: str = "{}", **headers: str) -> Reply:
    return code, {name.replace("_", "-"): value for name, value in headers.items()}, body.encode()


def late(seconds: float) -> Callable[[Received], Reply]:
    def reply(request: Received) -> Reply:
        time.sleep(seconds)
        return in_form_of(request, "late")

    return reply


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        request = Received(self.command, parts.path, _flat(parts.query), _flat(body), body, dict(self.headers))
        code, headers, content = self.server.mine.answer(request)
        self.send_response(code)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """The tests' output stays clean."""


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that gave up waiting closed the connection: that is what the test is about."""


def _flat(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query).items()}
