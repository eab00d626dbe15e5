"""A real server on a free port, and a real Chromium where there is one."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.workspace import Workspace
from tests.app import fixture_workspace

HOME = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)), None) or playwright.chromium.executable_path
        if not Path(path).exists():
            absent = pytest.fail if os.environ.get("LEXALIGN_REQUIRE_BROWSER") else pytest.skip
            absent(f"no browser: none of {', '.join(NAMES)} on the path, nor playwright's own")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return fixture_workspace.make(tmp_path_factory.mktemp("browser") / "essai")


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def address(project: Workspace, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("server") / "log"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(HOME / "app" / "server.py"),
        "--server.port",
        str(port),
    ]
    environment = os.environ | {"LEXALIGN_WORKSPACE": str(project.root)}
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=HOME, env=environment, stdout=out, stderr=out)
    try:
        wait(f"http://127.0.0.1:{port}/_stcore/health", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=15)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def wait(url: str, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 40
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"the server did not start: {log.read_text(encoding='utf8')}")
