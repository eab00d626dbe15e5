"""The application's server as `lexalign app` starts it, and its memory over time."""

import asyncio
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

import psutil

from pipeline.workspace import Workspace

HOME = Path(__file__).resolve().parents[2]
PATIENCE = 60
MEGABYTE = 2**20


class Server:
    """A server on a port; `memory` holds (seconds of the steady clock, MB) of its processes, oldest first."""

    def __init__(self, workspace: Workspace, port: int, cores: int, log: Path) -> None:
        self.port = port
        self.memory: list[tuple[float, float]] = []
        self.cpu_seconds = 0.0
        self._workspace, self._cores, self._log = workspace, cores, log
        self._process: psutil.Popen | None = None

    def start(self) -> None:
        """Raises RuntimeError with the log's end where it does not answer."""
        command = [sys.executable, "-m", "streamlit", "run", str(HOME / "app" / "main.py")]
        command += ["--server.port", str(self.port), "--server.headless", "true"]
        environment = os.environ | {"LEXALIGN_WORKSPACE": str(self._workspace.root.resolve())}
        with self._log.open("ab") as out:
            self._process = self._on_cores(command, environment, out)
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(f"the server did not start: {self._log.read_text(encoding='utf8')[-2000:]}")
            time.sleep(0.2)

    def kill(self) -> None:
        """kill -9: no goodbye, no chance to write."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=PATIENCE)

    async def watch(self, every: float = 1.0) -> None:
        """Note the memory and the CPU time, until cancelled."""
        while True:
            self._note()
            await asyncio.sleep(every)

    def _note(self) -> None:
        assert self._process is not None
        try:
            used, spent = self._process.memory_info().rss, self._process.cpu_times()
        except psutil.NoSuchProcess:  # killed, and not started again yet
            return
        self.memory.append((time.monotonic(), used / MEGABYTE))
        self.cpu_seconds = spent.user + spent.system

    def _on_cores(self, command: list[str], environment: dict[str, str], out: IO[bytes]) -> psutil.Popen:
        """A child takes its parent's cores: lend it the first ones where the system can."""
        if not hasattr(os, "sched_setaffinity"):
            return psutil.Popen(command, cwd=HOME, env=environment, stdout=out, stderr=out)
        own = os.sched_getaffinity(0)
        os.sched_setaffinity(0, sorted(own)[: self._cores])
        try:
            return psutil.Popen(command, cwd=HOME, env=environment, stdout=out, stderr=out)
        finally:
            os.sched_setaffinity(0, own)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=1):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
