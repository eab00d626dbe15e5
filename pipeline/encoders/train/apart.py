"""Concepts that are measured on, kept out of what is taught."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.encoders.train.lessons import HEADWORD, Lesson, Taught, fold
from pipeline.evaluate.linking import read_gold


@dataclass(frozen=True)
class Apart:
    """`concepts`: identifiers such as UMLS:C0018965; `texts`: folded terms that are asked for."""

    concepts: frozenset[str]
    texts: frozenset[str]


def read_apart(paths: Iterable[Path]) -> Apart:
    """Of files of right answers (as of `lexalign evaluate linking`). Raises FormatError for other files."""
    concepts, texts = set(), set()
    for path in paths:
        gold = read_gold(path)
        concepts |= {f"UMLS:{cui}" for cuis in gold.cuis for cui in cuis}
        texts |= {fold(term) for term in gold.entries["term"].to_pylist()}
    return Apart(frozenset(concepts), frozenset(texts))


def without(taught: Sequence[Taught], apart: Apart) -> list[Taught]:
    """What is left when nothing of these concepts may be learnt: not under another source's identifier either, and
    no text that one of their names or asked terms is, whatever it is said of."""
    concepts = _closed(taught, set(apart.concepts))
    texts = set(apart.texts) | {
        fold(one.text) for one in taught if one.kind == "name" and not concepts.isdisjoint(one.concepts)
    }
    return [
        one
        for one in taught
        if concepts.isdisjoint(one.concepts)
        and fold(one.text) not in texts
        and fold(one.concepts[0].removeprefix(HEADWORD)) not in texts
    ]


def leaked(lessons: Sequence[Lesson], apart: Apart) -> list[Lesson]:
    """Lessons that hold a concept or a term kept apart: none, or `without` is wrong."""
    return [
        lesson
        for lesson in lessons
        if not apart.concepts.isdisjoint(lesson.concepts)
        or any(fold(one.text) in apart.texts for one in lesson.texts)
    ]


def _closed(taught: Sequence[Taught], concepts: set[str]) -> set[str]:
    """With every identifier that some text says is the same."""
    linked = [set(one.concepts) for one in taught if len(one.concepts) > 1]
    while True:
        more = {name for names in linked if names & concepts for name in names} - concepts
        if not more:
            return concepts
        concepts |= more
