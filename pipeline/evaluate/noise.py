"""Linking of entries that were written in haste, against the same entries as they stand in the gold."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from pipeline.contracts import Encoder
from pipeline.encoders.noise import noisy
from pipeline.errors import InputError
from pipeline.evaluate.gain import gain
from pipeline.evaluate.linking import Gold, figures, first_right

TEXTS = ("term", "explanation")
Answer = Callable[[pa.Table], Mapping[str, pa.Table]]
"""Entries -> the candidates of each system (columns entry_id, rank, CUI)."""


def under(gold: Gold, noise: str, *, seed: int = 0) -> Gold:
    """The same entries and answers, each text under one noise of NOISES; never the target."""
    entries = gold.entries
    for name in TEXTS:
        texts = entries[name].to_pylist()
        changed = noisy([text or "" for text in texts], noise, seed=seed)
        kept = pa.array(
            [new if old else old for old, new in zip(texts, changed, strict=True)], entries.schema.field(name).type
        )
        entries = entries.set_column(entries.column_names.index(name), entries.schema.field(name), kept)
    return dataclasses.replace(gold, entries=entries)


def robustness(gold: Gold, noises: Sequence[str], answer: Answer, *, seed: int = 0) -> dict[str, Any]:
    """`answer` is asked once for the clean entries and once a noise. Returned: noise -> `changed`, the number of
    entries that the noise found something to change in, and `systems`: system -> `figures`, with the `gain` over the
    clean entries, which is a loss as a rule. Of "clean" the figures alone.
    """
    clean = _ranks(gold, answer)
    found: dict[str, Any] = {"clean": {"systems": {name: figures(ranks) for name, ranks in clean.items()}}}
    for noise in noises:
        noised = under(gold, noise, seed=seed)
        found[noise] = {
            "changed": _changed(gold, noised),
            "systems": {
                name: figures(ranks) | gain(clean[name], ranks) for name, ranks in _ranks(noised, answer).items()
            },
        }
    return found


def check(encoders: Sequence[Encoder]) -> None:
    """Raises InputError for an encoder without French: what is misspelt has no translation."""
    if names := [encoder.name for encoder in encoders if "fr" not in encoder.languages]:
        raise InputError(
            f"{', '.join(names)} reads no French, expected encoders that do: a misspelt entry has no translation; "
            "name others with --encoder"
        )


def _ranks(gold: Gold, answer: Answer) -> dict[str, list[int]]:
    return {name: first_right(gold, candidates) for name, candidates in answer(gold.entries).items()}


def _changed(clean: Gold, noised: Gold) -> int:
    pairs = zip(clean.entries.select(TEXTS).to_pylist(), noised.entries.select(TEXTS).to_pylist(), strict=True)
    return sum(before != after for before, after in pairs)
