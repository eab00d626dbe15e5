"""Where a run stands: weights, optimiser, step and what its task must remember, in one file, whole or absent."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import EncoderError
from pipeline.files import whole

NAME = "checkpoint.pt"


@dataclass
class State:
    """`step`: those done; `model` and `optimiser`: their state_dicts; `task`: its arrays, as tensors."""

    step: int
    model: dict[str, Any]
    optimiser: dict[str, Any]
    task: dict[str, Any]


def keep(folder: Path, state: State) -> None:
    import torch

    with whole(folder / NAME) as part:
        torch.save(vars(state), part)


def last(folder: Path) -> State | None:
    """None where nothing was kept. Raises EncoderError where the file is damaged."""
    import torch

    path = folder / NAME
    if not path.exists():
        return None
    try:
        return State(**torch.load(path, weights_only=True, map_location="cpu"))
    except Exception as error:  # torch.load raises what unpickling meets
        raise EncoderError(
            f"{path}: {error}; a checkpoint that cannot be read. Delete it and the run starts from its beginning"
        ) from error
