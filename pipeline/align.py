"""The stages in a row: encode, retrieve, recalibrate, merge."""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa

from pipeline import contracts, recalibrate, retrieve
from pipeline.beside import Beside, first_sentences, joined, wordings
from pipeline.contracts import Encoder
from pipeline.encode import encode, stored
from pipeline.errors import InputError
from pipeline.gathered import gathered
from pipeline.mention import Marks, in_context
from pipeline.merge import Merged, merge, pairs
from pipeline.progress import Progress, silent
from pipeline.recalibrate import Bounds
from pipeline.settings import EntryText, Settings
from pipeline.terms import Terms, terms_of

TERM_WEIGHT = 0.7
"""Of the term against its explanation in "mean": the best of 0.5, 0.7, 0.8, 0.9 on the open gold."""


class Prepare(Protocol):
    """What an encoder is given instead of a text: as it is, translated, normalised."""

    def entries(self, encoder: Encoder, texts: Sequence[str]) -> list[str]:
        """As many texts, in their order. Raises TranslationError where a translation is missing."""

    def target(self, encoder: Encoder, terms: Terms) -> tuple[np.ndarray, list[str]]:
        """Which pairs of `terms` the encoder is given (bool [pairs]), and the text of each of `terms.strings`."""

    def beside(self, encoder: Encoder, beside: Beside) -> Beside:
        """What the encoder is given of what stands beside the names."""


@dataclasses.dataclass(frozen=True)
class Proposals:
    """`candidates` and `merged` as in contracts; `bounds` of each encoder; `seconds` of each step."""

    candidates: pa.Table
    merged: pa.Table
    bounds: dict[str, Bounds]
    seconds: dict[str, float]


@dataclasses.dataclass(frozen=True)
class _Texts:
    """What of a terminology an encoder is given: text n stands for `terms.strings[used[n]]`; pair i says that text
    `text[i]` names concept `concept[i]`."""

    texts: list[str]
    used: np.ndarray
    text: np.ndarray
    concept: np.ndarray


@dataclasses.dataclass(frozen=True)
class _Found:
    """One encoder's vectors of the entries, its target, whose string n stands for `terms.strings[used[n]]`, and the
    concepts nearest to each entry."""

    queries: np.ndarray
    target: retrieve.Target
    used: np.ndarray
    nearest: retrieve.Nearest
    bounds: Bounds


def entry_texts(entries: pa.Table, which: EntryText) -> list[tuple[float, list[str]]]:
    """(weight, a text of each entry): an entry's vector is the weighted mean of its texts' vectors, of length one.

    The term stands in where there is no explanation. "both" joins the two, as the reference work does.
    """
    terms, explanations = entries["term"].to_pylist(), entries["explanation"].to_pylist()
    either = [explanation or term for term, explanation in zip(terms, explanations, strict=True)]
    joined = [f"{t}. {e}" if e else t for t, e in zip(terms, explanations, strict=True)]
    return {
        "term": [(1.0, terms)],
        "explanation": [(1.0, either)],
        "both": [(1.0, joined)],
        "mean": [(TERM_WEIGHT, terms), (1 - TERM_WEIGHT, either)],
    }[which]


def prepared(
    encoder: Encoder, entries: pa.Table, which: EntryText, prepare: Prepare
) -> list[tuple[float, list[str]]]:
    """`entry_texts` as `encoder` is given them. One that reads mentions between marks gets, for "both", the term
    marked within its explanation; both are prepared by themselves, since a translation would lose the marks."""
    marks: Marks | None = getattr(encoder, "marks", None)
    if which != "both" or marks is None:
        return [(weight, prepare.entries(encoder, part)) for weight, part in entry_texts(entries, which)]
    terms = prepare.entries(encoder, entries["term"].to_pylist())
    explanations = entries["explanation"].to_pylist()
    spelt = iter(prepare.entries(encoder, [text for text in explanations if text]))
    given = [next(spelt) if text else None for text in explanations]
    return [(1.0, [in_context(term, text, marks) for term, text in zip(terms, given, strict=True)])]


def propose(
    entries: pa.Table,
    atoms: pa.Table,
    encoders: Sequence[Encoder],
    settings: Settings,
    *,
    prepare: Prepare,
    definitions: pa.Table | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
) -> Proposals:
    """Candidates of every entry by every encoder, and the merged list, whose rows are the union of the encoders'.
    `atoms`, `definitions`: as in contracts; the terminology's.

    Raises InputError where there is no entry or no atom.
    """
    if not len(entries) or not len(atoms):
        raise InputError(
            f"{len(entries)} lexicon entries and {len(atoms)} atoms, expected one of each at least; "
            "see the ingest reports: did the filters keep anything?"
        )
    seconds: dict[str, float] = {}
    found: dict[str, _Found] = {}
    terms = terms_of(atoms, settings.languages)
    beside = joined(
        *([wordings(terms)] if settings.wordings else []),
        *([first_sentences(definitions, terms)] if settings.definitions and definitions is not None else []),
    )
    for encoder in encoders:
        found[encoder.name] = _one(encoder, entries, terms, beside, settings, prepare, cache, progress, seconds)
    start = time.perf_counter()
    merged = _merge(list(found.values()), settings.shares([encoder.name for encoder in encoders]))
    seconds["merge"] = time.perf_counter() - start
    ids = entries["entry_id"].combine_chunks()
    return Proposals(
        pa.concat_tables([_candidates(name, one, ids, terms) for name, one in found.items()]),
        _merged_table(merged, found, ids, terms),
        {name: one.bounds for name, one in found.items()},
        seconds,
    )


def _one(
    encoder: Encoder,
    entries: pa.Table,
    terms: Terms,
    beside: Beside,
    settings: Settings,
    prepare: Prepare,
    cache: Path | None,
    progress: Progress,
    seconds: dict[str, float],
) -> _Found:
    start = time.perf_counter()
    index: Encoder = getattr(encoder, "index", None) or encoder  # a query side asks another's vectors
    asked = _target_texts(index, terms, beside, prepare)
    vectors = stored(asked.texts, index, cache=cache, label="encode concepts", progress=progress)
    texts = prepared(encoder, entries, settings.entry_text, prepare)
    queries = _entry_vectors(encoder, texts, cache, progress)
    seconds[f"encode {encoder.name}"] = time.perf_counter() - start
    start = time.perf_counter()
    goal, used = _target(vectors, asked, gather=settings.gathered)
    nearest = retrieve.retrieve(
        queries, goal, top_k=settings.top_k, label=f"search {encoder.name}", progress=progress
    )
    seconds[f"search {encoder.name}"] = time.perf_counter() - start
    return _Found(queries, goal, used, nearest, recalibrate.fit(nearest.cosines[nearest.concepts >= 0]))


def _target_texts(index: Encoder, terms: Terms, beside: Beside, prepare: Prepare) -> _Texts:
    given, spelt = prepare.target(index, terms)
    used, text = np.unique(terms.string[given], return_inverse=True)
    more = prepare.beside(index, beside)
    return _Texts(
        [spelt[number] for number in used] + more.texts,
        np.concatenate([used, more.string]),
        np.concatenate([text, len(used) + np.arange(len(more.texts))]),
        np.concatenate([terms.concept[given], more.concept]),
    )


def _target(vectors: retrieve.Rows, asked: _Texts, *, gather: bool) -> tuple[retrieve.Target, np.ndarray]:
    """And the string of the terms that each of its own stands for."""
    if not gather:
        return retrieve.target(vectors, asked.text, asked.concept), asked.used
    goal, text = gathered(vectors, asked.text, asked.concept)
    return goal, asked.used[text]


def _entry_vectors(
    encoder: Encoder,
    texts: list[tuple[float, list[str]]],
    cache: Path | None,
    progress: Progress,
) -> np.ndarray:
    parts = [
        weight
        * encode(
            part,
            encoder,
            cache=cache,
            label=f"encode entries {number}",
            progress=progress,
        )
        for number, (weight, part) in enumerate(texts, 1)
    ]
    if len(parts) == 1:
        return parts[0]
    vectors = np.sum(parts, axis=0, dtype=np.float64)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _merge(found: list[_Found], shares: Sequence[float]) -> Merged:
    entries, concepts, ranks = pairs([one.nearest.concepts for one in found])
    cosines = np.empty(ranks.shape, np.float32)
    for column, one in enumerate(found):
        own = ranks[:, column] > 0
        cosines[own, column] = one.nearest.cosines[entries[own], ranks[own, column] - 1]
        cosines[~own, column] = retrieve.cosines(one.queries, one.target, entries[~own], concepts[~own])
    scores = np.column_stack([one.bounds.apply(cosines[:, column]) for column, one in enumerate(found)])
    return merge(entries, concepts, ranks, cosines, scores, shares)


def _candidates(name: str, one: _Found, ids: pa.Array, terms: Terms) -> pa.Table:
    rows, columns = np.nonzero(one.nearest.concepts >= 0)
    concepts, cosines = one.nearest.concepts[rows, columns], one.nearest.cosines[rows, columns]
    atoms = terms.atoms_of(one.used[one.nearest.strings[rows, columns]], concepts)
    return (
        pa.table(
            {
                "entry_id": ids.take(pa.array(rows)),
                "encoder": pa.repeat(name, len(rows)),
                "rank": columns + 1,
                **atoms,
                "cosine": cosines,
                "score": one.bounds.apply(cosines),
            }
        )
        .select(contracts.CANDIDATES.names)
        .cast(contracts.CANDIDATES)
    )


def _merged_table(merged: Merged, found: dict[str, _Found], ids: pa.Array, terms: Terms) -> pa.Table:
    """The name shown is the atom that the encoder which ranks the concept highest found."""
    ranks = np.where(merged.encoder_ranks > 0, merged.encoder_ranks, np.iinfo(np.int64).max)
    best = ranks.argmin(axis=1)
    strings = np.empty(len(best), np.int64)
    for column, one in enumerate(found.values()):
        own = best == column
        strings[own] = one.used[one.nearest.strings[merged.entries[own], ranks[own, column] - 1]]
    names = np.array(list(found))
    shape = merged.encoder_ranks.shape
    evidence = pa.StructArray.from_arrays(
        [
            pa.array(np.broadcast_to(names, shape).ravel()),
            pa.array(merged.encoder_ranks.ravel(), pa.int16(), mask=merged.encoder_ranks.ravel() == 0),
            pa.array(merged.cosines.ravel(), from_pandas=True),
            pa.array(merged.encoder_scores.ravel(), from_pandas=True),
        ],
        fields=list(contracts.EVIDENCE),
    )
    every = np.arange(shape[0] + 1) * shape[1]
    proposed = merged.encoder_ranks > 0
    bounds = np.concatenate([[0], proposed.sum(axis=1).cumsum()])
    table = pa.table(
        {
            "entry_id": ids.take(pa.array(merged.entries)),
            "rank": merged.ranks,
            **terms.atoms_of(strings, merged.concepts),
            "score": merged.scores,
            "encoders": pa.ListArray.from_arrays(
                pa.array(bounds, pa.int32()), pa.array(names[np.nonzero(proposed)[1]])
            ),
            "evidence": pa.ListArray.from_arrays(pa.array(every, pa.int32()), evidence),
        }
    )
    return table.select(contracts.MERGED.names).cast(contracts.MERGED)
