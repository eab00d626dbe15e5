"""Training: a task's loss, a step; kept every few minutes, so that a run that is killed goes on where it was.

On one machine with the same threads a run that was stopped ends with the same weights, to the bit, as one that was
not: what a task draws depends on seed and step, and the rest is kept.
"""

import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from pipeline.encoders.train import checkpoint
from pipeline.errors import EncoderError
from pipeline.progress import Progress, silent

if TYPE_CHECKING:
    from torch import Tensor

CURVE = "curve.jsonl"
SMOOTH = 20
"""Steps that a point of the curve is the mean of."""


class Learner(Protocol):
    """A network as it learns: `model` is a torch module in evaluation mode (nothing is dropped), `parameters` are
    those of it that learn."""

    model: Any

    def parameters(self) -> "list[Tensor]": ...

    def save(self, folder: Path) -> None: ...


Learns = TypeVar("Learns", bound=Learner)
Given = TypeVar("Given", bound=Learner, contravariant=True)


class Task(Protocol[Given]):
    """What a step's loss is; `state` is what must be remembered besides seed and step."""

    def loss(self, learner: Given, step: int, /) -> "Tensor": ...

    def state(self) -> dict[str, np.ndarray]: ...

    def restore(self, state: dict[str, np.ndarray]) -> None: ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Schedule:
    """`steps` in all; the learning rate climbs to `rate` in the first `warm` share of them, then falls to zero along
    a line; `clip` is the largest norm of a gradient; `keep_every` is in seconds."""

    steps: int = 2000
    rate: float = 1e-4
    warm: float = 0.06
    decay: float = 0.01
    clip: float = 1.0
    keep_every: float = 240
    seed: int = 2025

    def rate_at(self, step: int) -> float:
        warm = max(1, round(self.warm * self.steps))
        climbing, falling = (step + 1) / warm, (self.steps - step) / max(1, self.steps - warm)
        return self.rate * min(climbing, falling)


def train(
    learner: Learns,
    task: Task[Learns],
    schedule: Schedule,
    folder: Path,
    *,
    look: Callable[[], dict[str, float]] | None = None,
    look_every: int = 0,
    progress: Progress = silent,
) -> None:
    """Train `learner` in place; `folder` keeps checkpoint and curve. `look`, called every `look_every` steps
    and after the last, measures it for the curve. Raises EncoderError where the loss is no longer a number."""
    import torch

    optimiser = torch.optim.AdamW(learner.parameters(), lr=schedule.rate, weight_decay=schedule.decay, fused=True)
    begin = _resume(learner, optimiser, task, folder)
    losses: list[float] = []
    kept = time.monotonic()
    for step in range(begin, schedule.steps):
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate_at(step)
        losses.append(_step(learner, optimiser, task, schedule, step))
        done = step + 1
        progress(done, schedule.steps, "training")
        due = look_every and (done % look_every == 0 or done == schedule.steps)
        looked = look() if look and due else {}
        if done % SMOOTH == 0 or looked:
            _note(folder, {"step": done, "loss": float(np.mean(losses[-SMOOTH:])), **looked})
        if time.monotonic() - kept > schedule.keep_every or done == schedule.steps:
            checkpoint.keep(folder, _state(learner, optimiser, task, done))
            kept = time.monotonic()


def _step(learner: Learner, optimiser: Any, task: Task, schedule: Schedule, step: int) -> float:
    import torch

    loss = task.loss(learner, step)
    if not torch.isfinite(loss):
        raise EncoderError(
            f"step {step}: the loss is {loss.item()}, expected a number; the last checkpoint is kept. Start again "
            "with a smaller --rate in another folder"
        )
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(learner.parameters(), schedule.clip)
    optimiser.step()
    return loss.item()


def _state(learner: Learner, optimiser: Any, task: Task, done: int) -> checkpoint.State:
    import torch

    frozen = {name for name, weight in learner.model.named_parameters() if not weight.requires_grad}
    learnt = {name: weight for name, weight in learner.model.state_dict().items() if name not in frozen}
    remembered = {name: torch.from_numpy(array) for name, array in task.state().items()}
    return checkpoint.State(done, learnt, optimiser.state_dict(), remembered)


def _resume(learner: Learner, optimiser: Any, task: Task, folder: Path) -> int:
    state = checkpoint.last(folder)
    if state is None:
        return 0
    learner.model.load_state_dict(state.model, strict=False)  # the frozen word table is the source's
    optimiser.load_state_dict(state.optimiser)
    task.restore({name: tensor.numpy() for name, tensor in state.task.items()})
    _forget(folder, state.step)
    return state.step


def _note(folder: Path, point: dict[str, float]) -> None:
    with (folder / CURVE).open("a", encoding="utf8") as file:
        file.write(json.dumps(point) + "\n")


def _forget(folder: Path, step: int) -> None:
    """Points after the checkpoint come again."""
    path = folder / CURVE
    if path.exists():
        whole = [line for line in path.read_text("utf-8").splitlines() if line.endswith("}")]
        path.write_text("".join(line + "\n" for line in whole if json.loads(line)["step"] <= step), "utf-8")
