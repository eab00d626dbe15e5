"""Distillation: names of concepts drawn, looked at by student and teacher, the losses of a step."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.encoders.distil import losses
from pipeline.encoders.distil.maps import Maps
from pipeline.encoders.distil.shrink import spread
from pipeline.encoders.distil.styles import Style
from pipeline.encoders.distil.teacher import Teacher, check
from pipeline.encoders.export import source
from pipeline.encoders.train.aligning import lessons_sha256
from pipeline.encoders.train.draws import Draw, Drawing
from pipeline.encoders.train.lessons import Lesson
from pipeline.encoders.train.loop import Schedule
from pipeline.encoders.train.losses import contrast
from pipeline.encoders.train.student import Student

if TYPE_CHECKING:
    from torch import Tensor

    from pipeline.encoders.distil.view import View


@dataclasses.dataclass(frozen=True, kw_only=True)
class Distillation:
    """A `run.Training`. `source` is the student as it begins, with as many layers as it shall have. Nothing is
    misspelt, so that a text has one vector of the teacher."""

    source: Path
    lessons: Sequence[Lesson]
    schedule: Schedule
    teacher: Teacher
    style: Style
    drawing: Drawing = dataclasses.field(default_factory=lambda: Drawing(noise=0))
    pooling: str | None = None
    device: str = "cpu"
    bf16: bool = False

    @property
    def texts(self) -> list[str]:
        """All that a step may draw."""
        return [one.text for lesson in self.lessons for one in lesson.texts]

    @property
    def about(self) -> str:
        return f"{len(self.lessons):,} concepts, {len(self.texts):,} texts, taught by {self.teacher.name}"

    def learner(self) -> Student:
        return Student(self.source, pooling=self.pooling, device=self.device, bf16=self.bf16)

    def task(self) -> "Distilling":
        return Distilling(self)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "distillation",
            "source": str(self.source.resolve()),
            "lessons": len(self.lessons),
            "lessons_sha256": lessons_sha256(self.lessons),
            "schedule": dataclasses.asdict(self.schedule),
            "drawing": dataclasses.asdict(self.drawing),
            "teacher": self.teacher.to_json(),
            "style": dataclasses.asdict(self.style),
            "pooling": self.pooling,
            "device": self.device,
            "bf16": self.bf16,
        }


class Distilling:
    """The task (see `loop.Task`). Raises EncoderError where the teacher cannot teach this student."""

    def __init__(self, asked: Distillation) -> None:
        student = source.read(asked.source)
        check(student, asked.teacher, asked.style)
        self._asked = asked
        self._draw = Draw(asked.lessons, asked.drawing, seed=asked.schedule.seed)
        self._pairs = matched(student.layers, asked.teacher.layers) if asked.style.looks_inside else []
        if not asked.style.every_layer:
            self._pairs = self._pairs[-1:]
        widths = (student.hidden, asked.teacher.width)
        mapped = asked.style.hidden and widths[0] != widths[1]
        self._maps = Maps(student.layers, widths, asked.schedule, device=asked.device) if mapped else None

    def loss(self, student: Student, step: int) -> "Tensor":
        if self._maps:
            self._maps.begin(step)
        batch = self._draw(step)
        seen = self._look(student, batch.texts)
        right = self._asked.teacher.view(batch.texts, inside=self._asked.style.looks_inside)
        return sum(self._terms(seen, right, batch.lessons))  # type: ignore[return-value]

    def state(self) -> dict[str, np.ndarray]:
        return self._maps.state() if self._maps else {}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        if self._maps:
            self._maps.restore(state)

    def _look(self, student: Student, texts: Sequence[str]) -> "View":
        from pipeline.encoders.distil.view import View, view

        if not self._asked.style.looks_inside:
            return View(student.vectors(texts))
        return view(student, texts)

    def _terms(self, seen: "View", right: "View", lessons: np.ndarray) -> "Iterator[Tensor]":
        import torch

        style = self._asked.style
        for name in ("hidden", "attention"):
            if weight := getattr(style, name):
                yield weight * self._inside(name, seen, right)
        for name in ("embedding", "similarity", "alignment"):
            if weight := getattr(style, name):
                yield weight * getattr(losses, name)(seen.vectors, right.vectors)
        if style.contrast:
            numbers = torch.from_numpy(lessons).to(seen.vectors.device)
            yield style.contrast * contrast(seen.vectors, numbers)

    def _inside(self, name: str, seen: "View", right: "View") -> "Tensor":
        """Mean over the tokens of all chunks, and over the compared layers."""
        compare: Callable[..., Tensor] = getattr(losses, name)
        parts = []
        for mine, theirs in zip(seen.chunks, right.chunks, strict=True):
            for layer, its in self._pairs:
                states = getattr(mine, name)[layer]
                if self._maps and name == "hidden":
                    states = self._maps(states, layer)
                parts.append(mine.mask.sum() * compare(states, getattr(theirs, name)[its], mine.mask))
        tokens = sum(int(chunk.mask.sum()) for chunk in seen.chunks)
        return sum(parts) / (tokens * len(self._pairs))  # type: ignore[return-value]


def matched(student: int, teacher: int) -> list[tuple[int, int]]:
    """(a student's layer, the teacher's that it is compared with) of so many layers each: those that a student cut
    from this teacher began as, and last with last where the student has one layer only."""
    its = spread(teacher, student) if student > 1 else (teacher - 1,)
    return list(enumerate(its))
