"""Lexalign: an encoder added by the command line, loaded through the catalogue."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.encoders.peers import Encode

EXPORT, QUANTISED = "fp32", "encoder"
CALIBRATION = 1000  # texts


def make(source: Path, out: Path, texts: list[str], *, engine: str = "", precision: str = "") -> None:
    """Without a precision, the fp32 export of a folder; with one, the encoder that is made from such an export.

    No `engine` takes Lexalign's default one on this machine.
    """
    (out / "texts.txt").write_text("\n".join(texts[:CALIBRATION]), encoding="utf8")
    if not precision:
        command = ["add", str(source), "--name", EXPORT, "--engine", "onnxruntime", "--precision", "fp32"]
        _lexalign(out, *command)
        return
    shutil.copytree(source / EXPORT, out / EXPORT, copy_function=os.link)
    command = ["quantise", EXPORT, "--name", QUANTISED, "--precision", precision]
    _lexalign(out, *command, *(["--engine", engine] if engine else []))
    shutil.rmtree(out / EXPORT)


def load(model: Path, *, threads: int) -> Encode:
    return loaded(model, threads=threads).encode


def loaded(model: Path, *, threads: int) -> Any:
    """The encoder itself, a pipeline.contracts.Encoder."""
    from pipeline.encoders import catalogue

    os.environ["LEXALIGN_ENCODERS"] = str(model)
    return catalogue.load(QUANTISED if (model / QUANTISED).exists() else EXPORT, threads=threads)


def _lexalign(encoders: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "pipeline.cli.main", "encoders", *arguments]
    command += ["--texts", str(encoders / "texts.txt"), "--progress", "none"]
    given = os.environ | {"LEXALIGN_ENCODERS": str(encoders)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=given)
    if done.returncode:
        sys.exit(done.stderr.strip().splitlines()[-1])  # a refusal in a line, without a traceback
