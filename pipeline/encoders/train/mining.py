"""Hard negatives: the concepts whose names are nearest now, looked up anew every so many steps."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import faiss
import numpy as np

from pipeline.encoders.train.lessons import Lesson, fold
from pipeline.encoders.train.student import Student

NEAREST = 12
TRIED = 256
"""Names that are encoded to tell how long all will take."""


@dataclass(frozen=True)
class Mining:
    """When neighbours are looked up: at step `begin`, and every `every` steps after. A `plan.Between`."""

    lessons: Sequence[Lesson]
    begin: int
    every: int
    what: str = "looking up neighbours"

    def due(self, step: int) -> bool:
        return step >= self.begin and (step - self.begin) % self.every == 0

    def number(self, steps: int) -> int:
        return 1 + (steps - 1 - self.begin) // self.every if steps > self.begin else 0

    def seconds(self, student: Student) -> float:
        """Of one search, from the encoding of some names: it is nearly all of it."""
        some = [face(lesson) for lesson in self.lessons[:: max(1, len(self.lessons) // TRIED)]]
        begun = time.perf_counter()
        student.encode(some)
        return (time.perf_counter() - begun) * len(self.lessons) / len(some)


def neighbours(
    lessons: Sequence[Lesson], encode: Callable[[Sequence[str]], np.ndarray], *, nearest: int = NEAREST
) -> np.ndarray:
    """int64 [lessons, nearest], other lessons by the cosine of one name each, the nearest first.

    A lesson that shares a name is no negative, and is not among them.
    """
    vectors = encode([face(lesson) for lesson in lessons])
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    wanted = min(2 * nearest + 1, len(lessons))
    _, found = index.search(vectors, wanted)
    names = [frozenset(fold(one.text) for one in lesson.texts) for lesson in lessons]
    kept = np.empty((len(lessons), nearest), np.int64)
    for number, row in enumerate(found):
        others = [other for other in row.tolist() if other != number and names[other].isdisjoint(names[number])]
        kept[number] = np.resize(others or [(number + 1) % len(lessons)], nearest)
    return kept


def face(lesson: Lesson) -> str:
    """The text that a lesson is known by: its first French name, else its first name, else its first text."""
    names = lesson.of("name")
    french = [one for one in names if one.language == "fr"]
    return (french or names or list(lesson.texts))[0].text
