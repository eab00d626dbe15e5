"""A training's folder, from what is asked to what was trained."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from pipeline.encoders.train import checkpoint, curve, loop
from pipeline.encoders.train.loop import Learns, Schedule, Task
from pipeline.encoders.train.student import Student
from pipeline.errors import EncoderError
from pipeline.files import read_json, whole_folder, write_json
from pipeline.locks import alone
from pipeline.progress import Progress, silent

ASKED, TRAINED = "training.json", "trained"
Encode = Callable[[Sequence[str]], np.ndarray]


class Training(Protocol[Learns]):
    """What is asked of a run, a frozen dataclass: what learns, as it begins, its schedule, what a step compares.

    `to_json` is what makes a run this run: with any of it another, its checkpoint is of no use. `about` tells people
    what is learnt from.
    """

    @property
    def schedule(self) -> Schedule: ...

    @property
    def about(self) -> str: ...

    def learner(self) -> Learns: ...

    def task(self) -> Task[Learns]: ...

    def to_json(self) -> dict[str, Any]: ...


def run(
    asked: Training[Student],
    folder: Path,
    *,
    look: Callable[[Encode], dict[str, float]] | None = None,
    look_every: int = 0,
    progress: Progress = silent,
) -> Path:
    """As `learn`, for an encoder, which is looked at by the vectors that it gives."""
    seen = (lambda student: look(student.encode)) if look else None
    return learn(asked, folder, look=seen, look_every=look_every, progress=progress)


def learn(
    asked: Training[Learns],
    folder: Path,
    *,
    look: Callable[[Learns], dict[str, float]] | None = None,
    look_every: int = 0,
    progress: Progress = silent,
) -> Path:
    """The folder of what was trained, within `folder`; a run that was stopped goes on, one that ended is as it was.

    Raises EncoderError where `folder` holds another run, WorkspaceError where another process trains in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder / ".lock", f"{folder}: another training runs there; wait for it, or name another --folder"):
        _begin(asked, folder)
        if (folder / TRAINED).exists():
            return folder / TRAINED
        learner = asked.learner()
        loop.train(
            learner,
            asked.task(),
            asked.schedule,
            folder,
            look=(lambda: look(learner)) if look else None,
            look_every=look_every,
            progress=progress,
        )
        curve.draw(folder)
        with whole_folder(folder / TRAINED) as part:
            learner.save(part)
        (folder / checkpoint.NAME).unlink()
        return folder / TRAINED


def _begin(asked: Training[Any], folder: Path) -> None:
    path, now = folder / ASKED, json.loads(json.dumps(asked.to_json()))
    if path.exists():
        before = read_json(path)
        if differing := sorted(key for key in now if before.get(key) != now[key]):
            raise EncoderError(
                f"{folder}: holds a training of another {', '.join(differing)}, expected the same to go on; "
                "name another --folder, or ask for what was asked"
            )
    write_json(path, now)
