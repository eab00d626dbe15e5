"""Linear maps from a student's states to those of a teacher of another width, as TinyBERT learns them beside it.

The training's optimiser has the student's weights only. So what a step says of the maps waits for the next step, or
for the maps to be kept: a run that was stopped goes on with the same bits.
"""

from typing import TYPE_CHECKING

import numpy as np

from pipeline.encoders.train.loop import Schedule

if TYPE_CHECKING:
    from torch import Tensor


class Maps:
    """One map a layer, [width, wider] each, drawn from the schedule's seed, at its rates."""

    def __init__(self, layers: int, widths: tuple[int, int], schedule: Schedule, *, device: str = "cpu") -> None:
        import torch

        chance = torch.Generator().manual_seed(schedule.seed)
        drawn = [torch.randn(widths, generator=chance) / widths[0] ** 0.5 for _ in range(layers)]
        self._maps = [one.to(device).requires_grad_() for one in drawn]
        self._optimiser = torch.optim.AdamW(self._maps, lr=schedule.rate, weight_decay=schedule.decay)
        self._schedule = schedule

    def __call__(self, states: "Tensor", layer: int) -> "Tensor":
        """[…, width] to [..., wider]."""
        return states.float() @ self._maps[layer]

    def begin(self, step: int) -> None:
        """Learn what the step before said; this one's rate is kept for what it will say."""
        self._learn()
        for group in self._optimiser.param_groups:
            group["lr"] = self._schedule.rate_at(step)

    def state(self) -> dict[str, np.ndarray]:
        self._learn()
        state = {f"map {number}": one.detach() for number, one in enumerate(self._maps)}
        for number, moments in self._optimiser.state_dict()["state"].items():
            state |= {f"{name} {number}": values for name, values in moments.items()}
        return {name: values.cpu().numpy() for name, values in state.items()}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        import torch

        moments: dict[int, dict[str, Tensor]] = {}
        for key, values in state.items():
            name, number = key.rsplit(" ", 1)
            if name == "map":
                self._maps[int(number)].data.copy_(torch.from_numpy(values))
            else:
                moments.setdefault(int(number), {})[name] = torch.from_numpy(values)
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": moments, "param_groups": groups})

    def _learn(self) -> None:
        self._optimiser.step()  # passes over maps that nothing was said of
        self._optimiser.zero_grad(set_to_none=True)
