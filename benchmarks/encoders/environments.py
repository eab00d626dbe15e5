"""The environments that the contenders need, made by venv and pip. Needs the standard library only."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1]
REQUIREMENTS = {
    "main": "requirements.txt",
    "st-onnx": "requirements-st-onnx.txt",
    "st-openvino": "requirements-st-openvino.txt",
}
UNWANTED = {"st-openvino": ["torchvision"]}
"""What an installation pulls in and its import then fails on: its build does not fit torch's CPU build."""
EDITABLE = ("main",)


class NotInstalled(Exception):
    """An environment that could not be made; the message is the last lines of what pip said."""


def python(name: str, cache: Path) -> Path:
    """The interpreter of an environment, installed where it is not yet, brought to its requirements where these
    have changed. The environment that runs this is left as it is. Raises NotInstalled.
    """
    folder = cache.resolve() / "environments" / name
    if Path(sys.prefix) == folder:
        return Path(sys.executable)
    found = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted, stamp = _wanted(name), folder / "requirements.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return found
    print(f"installing the environment {name} into {folder} (minutes, once)", file=sys.stderr, flush=True)
    if not found.exists():
        venv.create(folder, with_pip=True)
    _install(found, name)
    stamp.write_text(wanted)
    return found


def _install(interpreter: Path, name: str) -> None:
    requirements = HERE / REQUIREMENTS[name]
    lines = requirements.read_text(encoding="utf8").splitlines()
    torch = next(line for line in lines if line.startswith("torch=="))
    _pip(interpreter, "install", torch)
    _pip(interpreter, "install", "-r", str(requirements), *(["-e", str(HOME)] if name in EDITABLE else []))
    if name in UNWANTED:
        _pip(interpreter, "uninstall", "--yes", *UNWANTED[name])


def _pip(interpreter: Path, *arguments: str) -> None:
    command = [str(interpreter), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-3:])
        raise NotInstalled(f"pip {' '.join(arguments)} ended with {done.returncode}: {last}")


def _wanted(name: str) -> str:
    made_of = (HERE / REQUIREMENTS[name]).read_bytes()
    if name in EDITABLE:
        made_of += (HOME / "pyproject.toml").read_bytes()
    return hashlib.sha256(made_of).hexdigest()
