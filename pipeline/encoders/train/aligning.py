"""Self-alignment: pairs of names drawn, neighbours looked up, the loss of a step."""

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.encoders.train.draws import Draw, Drawing
from pipeline.encoders.train.lessons import Lesson
from pipeline.encoders.train.loop import Schedule
from pipeline.encoders.train.losses import LOSSES
from pipeline.encoders.train.mining import Mining, neighbours
from pipeline.encoders.train.student import Student

if TYPE_CHECKING:
    from torch import Tensor


@dataclasses.dataclass(frozen=True, kw_only=True)
class SelfAlignment:
    """A `run.Training`. Neighbours are looked up at step `mine_from` and every `mine_every` after, with the encoder
    as it is then; `words`: the word table learns too."""

    source: Path
    lessons: Sequence[Lesson]
    schedule: Schedule
    drawing: Drawing = dataclasses.field(default_factory=Drawing)
    loss: str = "contrast"
    mine_from: int = 300
    mine_every: int = 600
    words: bool = False
    pooling: str | None = None
    device: str = "cpu"
    bf16: bool = False

    @property
    def about(self) -> str:
        return f"{len(self.lessons):,} concepts, {sum(len(lesson.texts) for lesson in self.lessons):,} texts"

    @property
    def mining(self) -> Mining:
        return Mining(self.lessons, self.mine_from, self.mine_every)

    def learner(self) -> Student:
        return Student(self.source, pooling=self.pooling, device=self.device, bf16=self.bf16, words=self.words)

    def task(self) -> "Aligning":
        return Aligning(self)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "self-alignment",
            "source": str(self.source.resolve()),
            "lessons": len(self.lessons),
            "lessons_sha256": lessons_sha256(self.lessons),
            "schedule": dataclasses.asdict(self.schedule),
            "drawing": dataclasses.asdict(self.drawing),
            "loss": self.loss,
            "mining": [self.mine_from, self.mine_every],
            "words": self.words,
            "pooling": self.pooling,
            "device": self.device,
            "bf16": self.bf16,
        }


def lessons_sha256(lessons: Sequence[Lesson]) -> str:
    lines = (f"{lesson.concepts} {one.kind} {one.text}" for lesson in lessons for one in lesson.texts)
    return hashlib.sha256("\0".join(lines).encode("utf8", "replace")).hexdigest()


class Aligning:
    """The task (see `loop.Task`)."""

    def __init__(self, asked: SelfAlignment) -> None:
        self._asked = asked
        self._draw = Draw(asked.lessons, asked.drawing, seed=asked.schedule.seed)
        self._loss = LOSSES[asked.loss]

    def loss(self, student: Student, step: int) -> "Tensor":
        import torch

        if self._asked.mining.due(step):
            self._draw.neighbours = neighbours(self._asked.lessons, student.encode)
        batch = self._draw(step)
        vectors = student.vectors(batch.texts)
        return self._loss(vectors, torch.from_numpy(batch.lessons).to(vectors.device))

    def state(self) -> dict[str, np.ndarray]:
        return {} if self._draw.neighbours is None else {"neighbours": self._draw.neighbours}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        self._draw.neighbours = state.get("neighbours")
