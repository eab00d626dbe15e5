"""The student as it begins, in the training's folder."""

import dataclasses
import hashlib
from pathlib import Path

from pipeline.encoders.distil import shrink, teacher
from pipeline.encoders.distil.styles import Style
from pipeline.encoders.distil.teacher import Teacher
from pipeline.encoders.export import source
from pipeline.files import sha256


def start(whole: Path, folder: Path, layers: int, taught_by: Teacher, style: Style) -> Path:
    """As `cut`. Raises EncoderError, before anything is written, where it cannot be taught so, too."""
    about = source.read(whole)
    shrink.check(about, layers)
    teacher.check(dataclasses.replace(about, layers=layers), taught_by, style)
    return cut(whole, folder, layers)


def cut(whole: Path, folder: Path, layers: int) -> Path:
    """A folder within `folder`, named by what it was cut from, so that a run that goes on finds it again.

    Raises EncoderError, before anything is written, where `whole` has not so many layers.
    """
    weights = hashlib.sha256("".join(sha256(file) for file in source.read(whole).weights).encode()).hexdigest()
    begun = folder / f"start-{layers}-{weights[:12]}"
    return begun if begun.exists() else shrink.shrink(whole, begun, layers)
