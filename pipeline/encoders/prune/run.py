"""A pruning's folder, from what is asked to the pruned encoder."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline.encoders.export import source
from pipeline.encoders.prune import budget, fold, scores
from pipeline.encoders.prune.masks import Masks
from pipeline.encoders.prune.parts import Part, of_kind, parts
from pipeline.encoders.prune.rearrange import rearrange
from pipeline.encoders.prune.sample import batches
from pipeline.encoders.prune.tune import tune
from pipeline.encoders.train.aligning import lessons_sha256
from pipeline.encoders.train.lessons import Lesson
from pipeline.encoders.train.student import Student
from pipeline.errors import EncoderError
from pipeline.files import read_json, sha256, whole_folder, write_json
from pipeline.locks import alone
from pipeline.progress import Progress, silent

if TYPE_CHECKING:
    import numpy as np

    from pipeline.encoders.train.draws import Batch

Method = Literal["fisher", "magnitude", "random"]
PRUNED, TOLD = "pruned", "pruning.json"
ASKED = ("sparsity", "method", "stages", "pairs", "seed", "device", "pooling")
"""What makes a pruning this one, besides its source and lessons."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pruning:
    """`sparsity`: the share of the heads' and neurons' operations that goes; `stages`: 1 the search alone, 2 with
    rearrangement (by Fisher information, so for no other method), 3 with tuned masks; `pairs` of texts looked at;
    `pooling` of a folder that does not say its own, or in place of it."""

    source: Path
    lessons: Sequence[Lesson]
    sparsity: float
    method: Method = "fisher"
    stages: int = 3
    pairs: int = 512
    seed: int = 2025
    device: str = "cpu"
    pooling: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "pruning",
            "source": str(self.source.resolve()),
            "source_sha256": [sha256(file) for file in source.read(self.source).weights],
            "lessons_sha256": lessons_sha256(self.lessons),
            **{name: getattr(self, name) for name in ASKED},
        }


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pruned:
    """`folder` is a sentence-transformers one; `heads` and `neurons` are those kept in each layer; `share` of the
    operations of heads and neurons is left; `untuned` parts kept masks of 1, since a solution diverged."""

    folder: Path
    heads: tuple[int, ...]
    neurons: tuple[int, ...]
    share: float
    untuned: int

    @property
    def words(self) -> str:
        diverged = f"; tuning diverged in {self.untuned} parts, left as they were" if self.untuned else ""
        return (
            f"{self.share:.1%} of the operations of heads and neurons left; heads kept in each layer: "
            f"{', '.join(map(str, self.heads))}; neurons: {', '.join(map(str, self.neurons))}{diverged}"
        )


def run(asked: Pruning, folder: Path, *, progress: Progress = silent) -> Pruned:
    """The pruned encoder within `folder`; one that is there, of the same pruning, is as it was.

    Raises EncoderError where `folder` holds another pruning or the source's architecture is not known, WorkspaceError
    where another process prunes in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder / ".lock", f"{folder}: another pruning runs there; wait for it, or name another --folder"):
        if not (folder / PRUNED).exists():
            _make(asked, folder / PRUNED, progress)
        return _read(asked, folder / PRUNED)


def student(asked: Pruning) -> Student:
    """In fp32: a thousandth of a gradient counts here, and there are few. Its weights do not learn, so that no
    product's input is kept for their gradients."""
    found = Student(asked.source, pooling=asked.pooling, device=asked.device)
    found.model.requires_grad_(False)
    return found


def masks_of(
    asked: Pruning, pruned: Student, every: Sequence[Part], pairs: "Sequence[Batch]", progress: Progress = silent
) -> tuple[Masks, int]:
    """(tuned masks, how many parts were left untuned)."""
    found = scores.gradients(pruned, every, pairs, progress=progress) if asked.method == "fisher" else []
    worth = _worth(asked, every, found)
    masks = budget.search(every, worth, budget=(1 - asked.sparsity) * budget.whole(every))
    if asked.stages > 1 and found:
        masks = [rearrange(rows, mask) for rows, mask in zip(found, masks, strict=True)]
    if asked.stages > 2:
        return tune(pruned, every, masks, [batch.texts for batch in pairs], progress=progress)
    return masks, 0


def _worth(asked: Pruning, every: Sequence[Part], gradients: "Sequence[np.ndarray]") -> Masks:
    if asked.method == "magnitude":
        return scores.magnitude(every)
    if asked.method == "random":
        return scores.chance(every, seed=asked.seed)
    return scores.fisher(gradients)


def _make(asked: Pruning, to: Path, progress: Progress) -> None:
    pruned = student(asked)
    every = parts(pruned)
    pairs = batches(pruned, asked.lessons, pairs=asked.pairs, seed=asked.seed)
    masks, untuned = masks_of(asked, pruned, every, pairs, progress)
    fold.fold(every, masks)
    left = fold.alive(every)
    told = {
        "asked": asked.to_json(),
        **{kind: [int(left[place].sum()) for place in of_kind(every, kind)] for kind in ("heads", "neurons")},
        "share": budget.operations(every, left) / budget.whole(every),
        "untuned": untuned,
    }
    with whole_folder(to) as part:
        pruned.save(part)
        write_json(part / TOLD, told)


def _read(asked: Pruning, folder: Path) -> Pruned:
    told, now = read_json(folder / TOLD), json.loads(json.dumps(asked.to_json()))
    if differing := sorted(key for key in now if told["asked"].get(key) != now[key]):
        raise EncoderError(
            f"{folder}: holds a pruning of another {', '.join(differing)}, expected the same to go on; "
            "name another --folder, or ask for what was asked"
        )
    return Pruned(
        folder=folder,
        heads=tuple(told["heads"]),
        neurons=tuple(told["neurons"]),
        share=told["share"],
        untuned=told["untuned"],
    )
