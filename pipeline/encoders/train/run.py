"""A training's folder, from what is asked to the trained encoder."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from pipeline.encoders.train import checkpoint, curve, loop
from pipeline.encoders.train.loop import Schedule, Task
from pipeline.encoders.train.student import Student
from pipeline.errors import EncoderError
from pipeline.files import read_json, whole_folder, write_json
from pipeline.locks import alone
from pipeline.progress import Progress, silent

ASKED, TRAINED = "training.json", "trained"
Encode = Callable[[Sequence[str]], np.ndarray]


class Training(Protocol):
    """What is asked of a run, a frozen dataclass: the folder that it starts from, its schedule, where it is made.

    `to_json` is what makes a run this run: with any of it another, its checkpoint is of no use. `about` tells people
    what is learnt from.
    """

    @property
    def source(self) -> Path: ...

    @property
    def schedule(self) -> Schedule: ...

    @property
    def pooling(self) -> str | None: ...

    @property
    def device(self) -> str: ...

    @property
    def bf16(self) -> bool: ...

    @property
    def about(self) -> str: ...

    def task(self) -> Task: ...

    def to_json(self) -> dict[str, Any]: ...


def run(
    asked: Training,
    folder: Path,
    *,
    look: Callable[[Encode], dict[str, float]] | None = None,
    look_every: int = 0,
    progress: Progress = silent,
) -> Path:
    """The trained encoder's folder, within `folder`; a run that was stopped goes on, one that ended is as it was.

    Raises EncoderError where `folder` holds another run, WorkspaceError where another process trains in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder / ".lock", f"{folder}: another training runs there; wait for it, or name another --folder"):
        _begin(asked, folder)
        if (folder / TRAINED).exists():
            return folder / TRAINED
        learner = student(asked)
        loop.train(
            learner,
            asked.task(),
            asked.schedule,
            folder,
            look=(lambda: look(learner.encode)) if look else None,
            look_every=look_every,
            progress=progress,
        )
        curve.draw(folder)
        with whole_folder(folder / TRAINED) as part:
            learner.save(part)
        (folder / checkpoint.NAME).unlink()
        return folder / TRAINED


def student(asked: Training) -> Student:
    return Student(asked.source, pooling=asked.pooling, device=asked.device, bf16=asked.bf16)


def _begin(asked: Training, folder: Path) -> None:
    path, now = folder / ASKED, json.loads(json.dumps(asked.to_json()))
    if path.exists():
        before = read_json(path)
        if differing := sorted(key for key in now if before.get(key) != now[key]):
            raise EncoderError(
                f"{folder}: holds a training of another {', '.join(differing)}, expected the same to go on; "
                "name another --folder, or ask for what was asked"
            )
    write_json(path, now)
