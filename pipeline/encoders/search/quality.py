"""What an encoder answers to the sample's queries, and what another loses of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.align import propose
from pipeline.contracts import Encoder
from pipeline.encoders.search.intervals import Loss, Mean, loss, mean
from pipeline.encoders.search.sample import TOP, Sample
from pipeline.progress import Progress, silent

Answers = list[list[str]]
"""Of each query up to ten CUIs, the nearest first."""


@dataclass(frozen=True)
class Quality:
    """Against fp32: what accuracy loses at the first place (`first`) and among the first ten (`ten`), and
    `agreement`, the mean share of fp32's ten concepts that are still among the ten."""

    first: Loss
    ten: Loss
    agreement: Mean


def answer(encoder: Encoder, sample: Sample, *, cache: Path | None = None, progress: Progress = silent) -> Answers:
    """Exact: the ten nearest concepts of the sample's target. `cache`: of an encoder that stays, its vectors."""
    found = propose(
        sample.gold.entries,
        sample.atoms,
        [encoder],
        sample.settings,
        prepare=sample.prepare,
        cache=cache,
        progress=progress,
    ).candidates.sort_by([("entry_id", "ascending"), ("rank", "ascending")])
    answers: dict[str, list[str]] = {entry: [] for entry in sample.gold.entries["entry_id"].to_pylist()}
    for entry, cui in zip(found["entry_id"].to_pylist(), found["CUI"].to_pylist(), strict=True):
        answers[entry].append(cui)
    return list(answers.values())


def compare(found: Answers, original: Answers, sample: Sample) -> Quality:
    kept = [
        len(set(ours[:TOP]) & set(theirs[:TOP])) / len(theirs[:TOP])
        for ours, theirs in zip(found, original, strict=True)
    ]
    first, ten = (loss(right(original, sample, k), right(found, sample, k)) for k in (1, TOP))
    return Quality(first, ten, mean(kept))


def right(answers: Answers, sample: Sample, k: int) -> np.ndarray:
    """Bool [queries]: one of the first `k` concepts answers the query."""
    return np.array([bool(cuis & set(found[:k])) for found, cuis in zip(answers, sample.gold.cuis, strict=True)])
