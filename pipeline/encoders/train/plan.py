"""What a training will take, told before it starts."""

import dataclasses
import tempfile
import time
from pathlib import Path
from typing import Any

from pipeline.encoders.train.loop import Learner, train
from pipeline.encoders.train.room import check_room, peak_mb
from pipeline.encoders.train.run import ASKED, Training
from pipeline.files import read_json

TRIED = 4
"""Steps that are really made, on a copy that is thrown away; the first is not counted: it warms up."""
STATES = 3  # the weights and the optimiser's two moments


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """`seconds_per_step` of the steps alone, without neighbours looked up and measurements; `memory_mb` is this
    process's peak after the tried steps; `disk_mb` of the checkpoint and the trained folder."""

    about: str
    steps: int
    seconds_per_step: float
    memory_mb: int
    disk_mb: int

    @property
    def words(self) -> str:
        minutes = self.steps * self.seconds_per_step / 60
        return (
            f"{self.about}; {self.steps:,} steps of {self.seconds_per_step:.2f} s: about {minutes:.0f} minutes, "
            f"{self.memory_mb:,} MB of memory, {self.disk_mb:,} MB on disk"
        )


def fitted(asked: Any, folder: Path, *, minutes: float | None = None) -> tuple[Any, Plan]:
    """What was asked, a `run.Training`, with as many steps as fit `minutes` here where they are fewer; a run that was
    begun in `folder` keeps its number. Writes nothing there. Raises EncoderError where the disk has not the room."""
    tried = asked.learner()
    seconds = _seconds(tried, asked)
    steps = asked.schedule.steps
    if (folder / ASKED).exists():
        steps = read_json(folder / ASKED)["schedule"]["steps"]
    elif minutes:
        steps = max(1, min(steps, int(minutes * 60 / seconds)))
    asked = dataclasses.replace(asked, schedule=dataclasses.replace(asked.schedule, steps=steps))
    return asked, Plan(
        about=asked.about,
        steps=steps,
        seconds_per_step=seconds,
        memory_mb=peak_mb(),
        disk_mb=_disk(tried, folder),
    )


def _disk(tried: Learner, folder: Path) -> int:
    """Megabytes."""
    learnt = sum(weight.numel() for weight in tried.parameters()) * 4
    whole = sum(weight.numel() for weight in tried.model.parameters()) * 4
    disk = round((STATES * learnt + 2 * whole) / 1e6)
    check_room(folder, disk)
    return disk


def _seconds(tried: Learner, asked: Training[Any]) -> float:
    """A step. The learner learns from it: it is thrown away."""
    times: list[float] = []
    short = dataclasses.replace(asked.schedule, steps=TRIED)
    with tempfile.TemporaryDirectory() as scratch:
        train(tried, asked.task(), short, Path(scratch), progress=lambda *_: times.append(time.perf_counter()))
    return (times[-1] - times[0]) / (len(times) - 1)
