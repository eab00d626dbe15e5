"""Who teaches a student: an encoder's folder, which can be looked into, or a registered encoder, by its vectors."""

import dataclasses
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from pipeline.contracts import Encoder
from pipeline.encode import StoredRows, VectorCache, stored
from pipeline.encoders.distil import shrink
from pipeline.encoders.distil.styles import Style
from pipeline.encoders.export import source
from pipeline.encoders.export.extra import models_extra, quiet
from pipeline.encoders.train.student import LONGEST, Student
from pipeline.errors import EncoderError
from pipeline.files import sha256
from pipeline.progress import Progress, silent

if TYPE_CHECKING:
    from pipeline.encoders.distil.view import View

VECTORS = "teacher"
"""Within a training's folder: the vectors that are kept."""
TRIED = 64
"""Texts that are encoded to tell how long all will take."""


class Teacher(Protocol):
    """`layers` and `width` are 0 where it cannot be looked into."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def layers(self) -> int: ...

    @property
    def width(self) -> int: ...

    def view(self, texts: Sequence[str], *, inside: bool) -> "View":
        """Without gradients; with states and attention where `inside` is asked for."""

    def keep(self, texts: Iterable[str], folder: Path | None = None, *, progress: Progress = silent) -> "Teacher":
        """The same, ready to be asked about `texts`; what takes long is kept in `folder`, else in memory."""

    def to_json(self) -> dict[str, Any]:
        """What makes its vectors its."""


class FolderTeacher:
    """A transformers or sentence-transformers folder, asked at every step; it reads texts as the student does,
    lower-cased and without a prefix. Raises EncoderError where the folder is no encoder."""

    def __init__(
        self, folder: Path, *, pooling: str | None = None, device: str = "cpu", bf16: bool = False
    ) -> None:
        self.about = source.read(folder)
        self.name = folder.name
        self.dimension, self.layers, self.width = self.about.dimension, self.about.layers, self.about.hidden
        self.encoder = Student(folder, pooling=pooling, device=device, bf16=bf16)
        self._sha256 = [sha256(file) for file in self.about.weights]

    def view(self, texts: Sequence[str], *, inside: bool) -> "View":
        import torch

        from pipeline.encoders.distil.view import View, view

        with torch.no_grad():
            return view(self.encoder, texts) if inside else View(self.encoder.vectors(texts))

    def keep(
        self, texts: Iterable[str], folder: Path | None = None, *, progress: Progress = silent
    ) -> "FolderTeacher":
        """Its states are too many to be kept."""
        return self

    def to_json(self) -> dict[str, Any]:
        return {"folder": str(self.about.folder.resolve()), "weights_sha256": self._sha256}


@dataclasses.dataclass(frozen=True)
class RegisteredTeacher:
    """`rows` and `places` (text -> row) are the vectors that are kept; without them it encodes at every step."""

    encoder: Encoder
    device: str = "cpu"
    rows: StoredRows | np.ndarray | None = None
    places: dict[str, int] = dataclasses.field(default_factory=dict)
    layers: int = 0
    width: int = 0

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def dimension(self) -> int:
        return self.encoder.dimension

    def view(self, texts: Sequence[str], *, inside: bool) -> "View":
        """Of vectors only, for the styles that `check` lets it teach."""
        import torch

        from pipeline.encoders.distil.view import View

        if self.rows is None:
            found = self.encoder.encode(texts)
        else:
            found = self.rows[np.array([self.places[text] for text in texts])]
        return View(torch.from_numpy(found).to(self.device))

    def keep(
        self, texts: Iterable[str], folder: Path | None = None, *, progress: Progress = silent
    ) -> "RegisteredTeacher":
        """Vectors that are in `folder` are not encoded again."""
        distinct = list(dict.fromkeys(texts))
        rows = stored(distinct, self.encoder, cache=folder, label="teacher's vectors", progress=progress)
        return dataclasses.replace(self, rows=rows, places={text: place for place, text in enumerate(distinct)})

    def seconds(self, texts: Iterable[str], folder: Path) -> float:
        """That `keep` will take, by a few of the texts that are not there yet."""
        kept = VectorCache(folder, self.encoder)
        missing = [text for text in dict.fromkeys(texts) if text not in kept]
        tried = missing[:: max(1, len(missing) // TRIED)][:TRIED]
        start = time.perf_counter()
        if tried:
            self.encoder.encode(tried)
        return (time.perf_counter() - start) * len(missing) / max(1, len(tried))

    def to_json(self) -> dict[str, Any]:
        return {"encoder": self.encoder.name, "fingerprint": self.encoder.fingerprint}


def check(student: source.Source, teacher: Teacher, style: Style) -> None:
    """Raises EncoderError where `teacher` cannot teach `student` so."""
    if style.needs_one_dimension and student.dimension != teacher.dimension:
        raise EncoderError(
            f"{teacher.name}: vectors of {teacher.dimension} dimensions, the student's have {student.dimension}; "
            "expected as many to compare them; take --style relations, or another --teacher"
        )
    if not style.looks_inside:
        return
    if not isinstance(teacher, FolderTeacher):
        raise EncoderError(
            f"{teacher.name}: a registered encoder gives vectors only, and this style compares states or attention; "
            "take --style vectors, or give the --teacher's transformers folder"
        )
    shrink.check(teacher.about, student.layers)
    if student.transformer != teacher.about.transformer:
        _check_tokens(student, teacher.about)


def _check_tokens(student: source.Source, teacher: source.Source) -> None:
    """States are compared token by token."""
    if _tokens(student) != _tokens(teacher):
        raise EncoderError(
            f"{teacher.folder}: another vocabulary or greatest length than the student's, expected the same to "
            "compare states token by token; take --style vectors with that teacher registered"
        )


def _tokens(about: source.Source) -> tuple[int, dict[str, int]]:
    """How many of a text are read, and their ids."""
    with models_extra(), quiet():
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(about.transformer, local_files_only=True)
    return min(LONGEST, about.max_length), tokenizer.get_vocab()
