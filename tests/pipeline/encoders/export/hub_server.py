"""A hub on 127.0.0.1: the listing of a model, its files with Range, and the ways in which a hub fails."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

NAME = "clinique/encodeur"
COMMIT = "c0ffee" + "0" * 34
LARGE = 1000  # bytes from which on a file is LFS


@dataclass
class Hub:
    """`status` answers every request with an error, `html` with a web page; `cut` breaks the large file off after
    so many bytes, once; `lists_sizes` False is a mirror that leaves sizes and checksums out of its listing."""

    files: dict[str, bytes]
    tags: list[str] = field(default_factory=lambda: ["license:mit"])
    card: dict[str, object] | None = None
    status: int = 200
    error_code: str | None = None
    html: bool = False
    hangs: bool = False
    cut: int | None = None
    cuts_left: int = 1
    lists_sizes: bool = True
    wrong: str | None = None  # a file that is served with one byte changed
    token: str | None = None
    asked: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)
    commit: str = COMMIT
    address: str = ""
    stop: threading.Event = field(default_factory=threading.Event)

    def listing(self) -> dict[str, object]:
        siblings = [self._sibling(name, content) for name, content in self.files.items()]
        return {"id": NAME, "sha": self.commit, "tags": self.tags, "cardData": self.card, "siblings": siblings}

    def _sibling(self, name: str, content: bytes) -> dict[str, object]:
        if not self.lists_sizes:
            return {"rfilename": name}
        found: dict[str, object] = {"rfilename": name, "size": len(content), "blobId": git_sha1(content)}
        if len(content) >= LARGE:
            found["lfs"] = {"size": len(content), "sha256": sha256(content), "pointerSize": 130}
        return found


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        hub.stop.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_) -> None:
            pass

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            path = unquote(urlsplit(self.path).path)
            asked = (self.command, path, self.headers["Range"], self.headers["Authorization"])
            hub.asked.append(asked)
            if hub.hangs:
                hub.stop.wait()
            elif hub.status != 200:
                self._send(hub.status, b"", {"X-Error-Code": hub.error_code} if hub.error_code else {})
            elif hub.token and self.headers["Authorization"] != f"Bearer {hub.token}":
                self._send(401, b"", {"X-Error-Code": "GatedRepo"})
            elif hub.html:
                self._send(200, b"<html>log in</html>" if body else b"", {"Content-Type": "text/html"})
            elif path in (f"/api/models/{NAME}", f"/api/models/{NAME}/revision/main"):
                self._send(200, json.dumps(hub.listing()).encode(), {"Content-Type": "application/json"})
            elif path.startswith(f"/api/models/{NAME}/revision/"):
                self._send(404, b"", {"X-Error-Code": "RevisionNotFound"})
            elif (name := path.removeprefix(f"/{NAME}/resolve/{COMMIT}/")) in hub.files:
                self._file(name, body)
            else:
                self._send(404, b"", {"X-Error-Code": "RepoNotFound"})

        def _file(self, name: str, body: bool) -> None:
            content = hub.files[name]
            large = len(content) >= LARGE
            headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{git_sha1(content)}"'}
            if large:
                headers |= {"X-Linked-Etag": f'"{sha256(content)}"', "X-Linked-Size": str(len(content))}
            if name == hub.wrong:
                content = bytes([content[0] ^ 1]) + content[1:]
            start = int((self.headers["Range"] or "bytes=0-").removeprefix("bytes=").rstrip("-"))
            part = content[start:]
            self._send(206 if start else 200, part if body else b"", headers, len(part), large)

        def _send(self, status, body, headers, length=None, large=False) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()
            if large and hub.cut is not None and hub.cuts_left:
                hub.cuts_left -= 1
                body = body[: hub.cut]
                self.close_connection = True
            self.wfile.write(body)

    return Handler
