"""A server on this machine in the place of each service, and keys for it."""

import threading
from collections.abc import Iterator

import pytest

from tests.pipeline.translate.speaking import Handler, Quiet, Server


@pytest.fixture
def server() -> Iterator[Server]:
    http = Quiet(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    http.block_on_close = False
    http.mine = Server(url=f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield http.mine
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> str:
    """A key for every service; a test may look for it where it must not be."""
    key = "s3cret-of-the-user"
    for name in ("DEEPL", "MICROSOFT", "LIBRETRANSLATE"):
        monkeypatch.setenv(f"LEXALIGN_{name}_KEY", key)
    return key
