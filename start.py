#!/usr/bin/env python3
"""Set Lexalign up and start it. Needs Python 3.11 or later and nothing else; run it again at any time.

python3 start.py                the sample project, aligned, in the browser
python3 start.py test           every check: style, types, tests, a real browser
python3 start.py workshop       encoders and translators of your own (torch, OpenVINO, Optuna, CTranslate2); tests too
python3 start.py lexalign ...   any command of Lexalign, for example: python3 start.py lexalign doctor
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent
VENV = HOME / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
TORCH = "torch==2.13.0"
CHECKS = (
    ("style", ["-m", "ruff", "format", "--check", "."]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("types", ["-m", "mypy"]),
    ("tests", ["-m", "pytest", "--numprocesses", "auto", "--dist", "loadfile"]),
)


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python runs this file too
        return stop(f"found Python {sys.version.split()[0]}, Lexalign needs 3.11 or later")
    if not arguments:
        install("requirements.txt")
        return call([str(BIN / "lexalign"), "demo"])
    if arguments == ["test"]:
        install("requirements-test.txt")
        browser()
        return max(check(name, command) for name, command in CHECKS)
    if arguments == ["workshop"]:
        install("requirements.txt")
        return workshop()
    if arguments[0] == "lexalign":
        install("requirements.txt")
        return call([str(BIN / "lexalign"), *arguments[1:]])
    print(__doc__)
    return 2


def install(lock: str) -> None:
    """Bring .venv to what the lock says; a stamp of the lock's content makes the second time free."""
    lock_file, project = HOME / lock, HOME / "pyproject.toml"
    wanted = hashlib.sha256(lock_file.read_bytes() + project.read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.sha256"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        make_environment()
    print(f"Installing what {lock} lists into .venv (a minute or two, once)", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(lock_file)])
    run([*pip, "--no-deps", "--editable", str(HOME)])
    stamp.write_text(wanted)


def workshop() -> int:
    """The extras, with the lock's versions of what both name. torch goes first: where its CPU build is already in
    .venv, or where the index offers that one, nothing of CUDA comes along."""
    print("Installing torch, OpenVINO, Optuna and CTranslate2 into .venv (some minutes, once)", flush=True)
    lock = (HOME / "requirements.txt").read_text().splitlines()
    pinned = [line.removesuffix("\\").strip() for line in lock if line[:1].isalnum()]  # markers stay, hashes go
    constraints = VENV / "constraints.txt"
    constraints.write_text("\n".join(pinned) + "\n")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(constraints)]
    run([*pip, TORCH])
    run([*pip, TORCH, "--editable", f"{HOME}[models,openvino,search,energy,translate-local]"])
    return 0


def make_environment() -> None:
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        apt_get("python3-venv", why="this Python has no ensurepip, which makes environments")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def browser() -> None:
    """A Chromium for the browser tests; without one they are skipped and say so."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if any(map(shutil.which, names)):
        return
    if shutil.which("apt-get"):
        apt_get("chromium", why="the browser tests drive it")
    elif call([str(PYTHON), "-m", "playwright", "install", "chromium"]):
        print("No Chromium could be had: the browser tests will be skipped", file=sys.stderr)


def apt_get(package: str, *, why: str) -> None:
    sudo = [] if os.name == "nt" or os.geteuid() == 0 else ["sudo"]
    command = [*sudo, "apt-get", "install", "--yes", "--quiet", package]
    if not shutil.which("apt-get"):
        sys.exit(stop(f"{package} is missing ({why}); install it with your system's package manager"))
    print(f"Installing {package}: {why}", flush=True)
    if call([*sudo, "apt-get", "update", "--quiet"]) or call(command):
        sys.exit(stop(f"{package} could not be installed; run: {' '.join(command)}"))


def check(name: str, command: list[str]) -> int:
    print(f"== {name}", flush=True)
    return call([str(PYTHON), *command])


def run(command: list[str]) -> None:
    if code := call(command):
        sys.exit(stop(f"`{' '.join(command)}` ended with {code}; what it said stands above"))


def call(command: list[str]) -> int:
    try:
        return subprocess.run(command, cwd=HOME, check=False).returncode
    except KeyboardInterrupt:
        return 130


def stop(message: str) -> int:
    print(f"start.py: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
