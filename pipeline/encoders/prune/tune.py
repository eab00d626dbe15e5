"""What is left makes up for what went: masks by least squares, part after part, in the order texts meet them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.encoders.prune.masks import Masks, masked, ones, tensors
from pipeline.encoders.prune.parts import Part
from pipeline.progress import Progress, silent

if TYPE_CHECKING:
    from torch import Tensor

    from pipeline.encoders.train.student import Student

RIDGE = 1e-2
"""Of the mean diagonal of the normal equations, pulling masks towards 1, so that no layer's scale matters."""
LARGEST = 10.0
"""Beyond it either side a solution is thrown away, as the authors do."""
MATRICES = 3
"""Of float64 [channels, channels] that a part's equations hold at once."""


def tune(
    student: "Student",
    every: Sequence[Part],
    masks: Masks,
    texts: Sequence[Sequence[str]],
    *,
    progress: Progress = silent,
) -> tuple[Masks, int]:
    """(masks, how many parts were left as they were since their solution diverged).

    Of each part: argmin over m of |x + f(x; m) - (x' + f(x'; 1))|^2 over all tokens of `texts` (batches), x being the
    pruned model's input with all that was tuned before, x' the unpruned model's (Kwon et al. 2022, section 4.3).
    """
    tuned = [mask.copy() for mask in masks]
    failed = 0
    touched = [place for place, mask in enumerate(masks) if not mask.all()]
    for place in range(min(touched, default=len(every)), len(every)):  # there is nothing to make up for before
        kept = np.flatnonzero(masks[place])
        if len(kept):
            change = _change(*_equations(student, every, tuned, place, texts), kept)
            if change is None:
                failed += 1
            else:
                tuned[place][kept] += change
        progress(place + 1, len(every), "tuning masks")
    return tuned, failed


def memory(every: Sequence[Part]) -> int:
    """Bytes that the largest part's equations take."""
    return MATRICES * 8 * max(part.out.in_features for part in every) ** 2


def _change(gram: np.ndarray, wanted: np.ndarray, kept: np.ndarray) -> np.ndarray | None:
    """What is added to the masks of the `kept` units, [kept]; None where it diverges."""
    gram = gram[np.ix_(kept, kept)]
    gram[np.diag_indices_from(gram)] += RIDGE * max(float(np.diag(gram).mean()), np.finfo(float).tiny)
    found = np.linalg.solve(gram, wanted[kept])
    return found if np.abs(1 + found).max() <= LARGEST else None


def _equations(
    student: "Student", every: Sequence[Part], masks: Masks, place: int, texts: Sequence[Sequence[str]]
) -> tuple[np.ndarray, np.ndarray]:
    """A'A [units, units] and A'b [units] of A d = b, where column u of A is what unit u writes (all tokens times
    width), b what the unpruned model has more before the norm, and d the change of the masks.

    Channel c writes z_c(t) w_c, so that A'A = (Z'Z) * (W'W) by element, summed over each unit's channels; no column
    of A is ever made.
    """
    part = every[place]
    weight = part.out.weight.detach()
    products = np.zeros((part.out.in_features, part.out.in_features))
    wanted = np.zeros(part.out.in_features)
    whole, pruned = tensors(every, ones(every)), tensors(every, masks)
    for some in texts:
        _, target = _seen(student, every, whole, part, some)
        written, reached = _seen(student, every, pruned, part, some)
        products += (written.T @ written).double().cpu().numpy()
        wanted += (written * ((target - reached) @ weight)).sum(0).double().cpu().numpy()
    products *= (weight.T @ weight).double().cpu().numpy()
    units = (part.units, part.size)
    return products.reshape(*units, *units).sum(axis=(1, 3)), wanted.reshape(units).sum(axis=1)


def _seen(
    student: "Student", every: Sequence[Part], masks: "list[Tensor]", part: Part, texts: Sequence[str]
) -> "tuple[Tensor, Tensor]":
    """(what the units of `part` write, [tokens, channels]; what its norm is given, [tokens, width]), padding left
    out, with the model under `masks`."""
    import torch

    with torch.no_grad(), _up_to(student, part.layer), masked(every, masks), _tapped(student, part) as seen:
        student.vectors(texts)
    return torch.cat(seen["out"]).float(), torch.cat(seen["norm"]).float()


@contextmanager
def _up_to(student: "Student", layer: int) -> Iterator[None]:
    """Without the layers after `layer`: what they would do is not looked at."""
    encoder = student.transformer.encoder
    whole = encoder.layer
    encoder.layer = whole[: layer + 1]
    try:
        yield
    finally:
        encoder.layer = whole


@contextmanager
def _tapped(student: "Student", part: Part) -> "Iterator[dict[str, list[Tensor]]]":
    """Lists that fill up while the model runs. Hooks of masks are there before, so that what is seen is masked."""
    seen: dict[str, list[Tensor]] = {"out": [], "norm": []}
    real: list[Any] = []
    hooks = [
        student.model[0].register_forward_pre_hook(
            lambda _, given: real.append(given[0]["attention_mask"].bool())
        ),
        part.out.register_forward_pre_hook(lambda _, given: seen["out"].append(given[0][real[-1]])),
        part.norm.register_forward_pre_hook(lambda _, given: seen["norm"].append(given[0][real[-1]])),
    ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()
