"""Hardening: queries drawn and misspelt, vectors of the encoder before, the loss of a step."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.encoders.export import source
from pipeline.encoders.harden.losses import alignment, anchor
from pipeline.encoders.harden.queries import Draw
from pipeline.encoders.noise import NOISES
from pipeline.encoders.train.aligning import lessons_sha256
from pipeline.encoders.train.lessons import Lesson
from pipeline.encoders.train.loop import Schedule
from pipeline.encoders.train.losses import TEMPERATURE
from pipeline.encoders.train.student import Student
from pipeline.files import sha256

if TYPE_CHECKING:
    from torch import Tensor


@dataclasses.dataclass(frozen=True, kw_only=True)
class Weights:
    """Of the losses in a step's, and the temperature of the alignment."""

    alignment: float = 1.0
    anchor: float = 2.0
    temperature: float = TEMPERATURE


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hardening:
    """A `run.Training`. `source` is the encoder as it begins, and the frozen one; it is read only. `queries` a
    step."""

    source: Path
    lessons: Sequence[Lesson]
    schedule: Schedule
    queries: int = 128
    noises: tuple[str, ...] = tuple(NOISES)
    weights: Weights = dataclasses.field(default_factory=Weights)
    pooling: str | None = None
    device: str = "cpu"
    bf16: bool = False

    @property
    def about(self) -> str:
        french = sum(one.language == "fr" for lesson in self.lessons for one in lesson.texts)
        return f"{len(self.lessons):,} concepts, {french:,} French texts, misspelt by {', '.join(self.noises)}"

    def learner(self) -> Student:
        return Student(self.source, pooling=self.pooling, device=self.device, bf16=self.bf16)

    def task(self) -> "Hardens":
        return Hardens(self)

    def frozen(self) -> Student:
        """The encoder that is not to change."""
        return self.learner()

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "hardening",
            "source": str(self.source.resolve()),
            "source_sha256": [sha256(file) for file in source.read(self.source).weights],
            "lessons": len(self.lessons),
            "lessons_sha256": lessons_sha256(self.lessons),
            "schedule": dataclasses.asdict(self.schedule),
            "queries": self.queries,
            "noises": list(self.noises),
            "weights": dataclasses.asdict(self.weights),
            "pooling": self.pooling,
            "device": self.device,
            "bf16": self.bf16,
        }


class Hardens:
    """The task (see `loop.Task`)."""

    def __init__(self, asked: Hardening) -> None:
        self._weights = asked.weights
        self._draw = Draw(asked.lessons, queries=asked.queries, noises=asked.noises, seed=asked.schedule.seed)
        self._frozen = asked.frozen()

    def loss(self, student: Student, step: int) -> "Tensor":
        import torch

        batch = self._draw(step)
        vectors = student.vectors(batch.clean + batch.noisy)
        clean, noisy = vectors.tensor_split(2)
        frozen = torch.from_numpy(self._frozen.encode(batch.clean)).to(vectors.device)
        weights = self._weights
        aligned = alignment(noisy, clean, temperature=weights.temperature)
        return weights.alignment * aligned + weights.anchor * anchor(clean, frozen)

    def state(self) -> dict[str, np.ndarray]:
        return {}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Nothing is remembered but seed and step."""
