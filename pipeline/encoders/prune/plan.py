"""What a pruning will take, told before it starts."""

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.encoders.prune.parts import parts
from pipeline.encoders.prune.run import Pruning, student
from pipeline.encoders.prune.sample import BATCH, number, pool
from pipeline.encoders.prune.scores import gradients
from pipeline.encoders.prune.tune import memory
from pipeline.encoders.train.draws import Draw, Drawing
from pipeline.encoders.train.room import check_room, peak_mb


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """`seconds` by one batch that was really looked at; `memory_mb` is this process's peak after it, with what tuning
    masks will take; `disk_mb` of the pruned folder."""

    concepts: int
    pairs: int
    seconds: float
    memory_mb: int
    disk_mb: int

    @property
    def words(self) -> str:
        return (
            f"{self.pairs:,} pairs of {self.concepts:,} concepts: pruning takes about {self.seconds / 60:.1f} minutes, "
            f"{self.memory_mb:,} MB of memory, {self.disk_mb:,} MB on disk"
        )


def plan(asked: Pruning, folder: Path) -> Plan:
    """Writes nothing. Raises EncoderError where the architecture is not known or the disk has not the room."""
    tried = student(asked)
    every = parts(tried)
    some = pool(asked.lessons, asked.seed)
    batch = Draw(some, Drawing(concepts=BATCH), seed=asked.seed)(0)
    tried.encode(batch.texts)  # the first is slower
    forward = _seconds(lambda: tried.encode(batch.texts))
    back = _seconds(lambda: gradients(tried, every, [batch]))
    count = number(asked.pairs)
    seconds = len(some) / len(batch.texts) * forward
    if asked.method == "fisher":
        seconds += count * back
    if asked.stages > 2:  # pruned and not, through half of the layers in the mean
        seconds += len(every) * count * forward
    return Plan(
        concepts=len(some),
        pairs=count * len(batch.texts) // 2,
        seconds=seconds,
        memory_mb=peak_mb() + (round(memory(every) / 1e6) if asked.stages > 2 else 0),
        disk_mb=_disk(sum(weight.numel() for weight in tried.model.parameters()), folder),
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _disk(weights: int, folder: Path) -> int:
    """Megabytes."""
    disk = round(4 * weights / 1e6)
    check_room(folder, disk)
    return disk
