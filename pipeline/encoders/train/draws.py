"""Which two texts of which concepts a step compares: drawn from the seed and the step alone, so that a run that
was stopped draws on as if it had not been."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.encoders.noise import misspelt
from pipeline.encoders.train.lessons import Kind, Lesson, Taught

WEIGHTS: Mapping[Kind, float] = {
    "name": 1.0,
    "mention": 1.5,
    "lay": 6.0,
    "gloss": 2.0,
    "paraphrase": 1.0,
    "definition": 0.25,
}


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """`concepts` a step; `near`, the share of them that are the nearest other concepts of the rest; `french`, how
    often the other text is a French name where there is one; `noise`, the share of first texts that are misspelt."""

    concepts: int = 64
    near: float = 0.5
    french: float = 0.6
    noise: float = 0.15
    weights: Mapping[Kind, float] = field(default_factory=lambda: dict(WEIGHTS))


@dataclass(frozen=True)
class Batch:
    """Two texts of every concept: `texts` [2 n], the first of each, then the second; `lessons` int64 [2 n]."""

    texts: list[str]
    lessons: np.ndarray


class Draw:
    """`neighbours` int64 [lessons, k], the nearest other lessons, from `mining`; None before the first look."""

    def __init__(self, lessons: Sequence[Lesson], drawing: Drawing, *, seed: int) -> None:
        self._lessons = lessons
        self._drawing = drawing
        self._seed = seed
        self._chances = [_chances(lesson.texts, drawing.weights) for lesson in lessons]
        weight = np.array([_weight(lesson, drawing.weights) for lesson in lessons])
        self._lesson_chances = weight / weight.sum()
        self.neighbours: np.ndarray | None = None

    def __call__(self, step: int) -> Batch:
        chance = np.random.default_rng([self._seed, step])
        numbers = self._numbers(chance)
        pairs = [self._pair(number, chance) for number in numbers]
        return Batch([a for a, _ in pairs] + [b for _, b in pairs], np.array([*numbers, *numbers]))

    def _numbers(self, chance: np.random.Generator) -> list[int]:
        """Distinct lessons."""
        wanted = min(self._drawing.concepts, len(self._lessons))
        seeds = wanted if self.neighbours is None else max(1, round(wanted * (1 - self._drawing.near)))
        found = dict.fromkeys(
            chance.choice(len(self._lessons), seeds, replace=False, p=self._lesson_chances).tolist()
        )
        if self.neighbours is not None:
            for number in list(found):
                if len(found) < wanted:
                    found[int(chance.choice(self.neighbours[number]))] = None
        return list(found)

    def _pair(self, number: int, chance: np.random.Generator) -> tuple[str, str]:
        texts = self._lessons[number].texts
        first = int(chance.choice(len(texts), p=self._chances[number]))
        others = [place for place in range(len(texts)) if place != first]
        names = [place for place in others if texts[place].kind == "name"]
        french = [place for place in names if texts[place].language == "fr"]
        if french and chance.random() < self._drawing.french:
            others = french
        elif names and chance.random() < 0.8:
            others = names
        second = int(chance.choice(others))
        asked = texts[first].text
        if chance.random() < self._drawing.noise:
            asked = misspelt(asked, chance)
        return asked, texts[second].text


def _chances(texts: Sequence[Taught], weights: Mapping[Kind, float]) -> np.ndarray:
    chances = np.array([weights[text.kind] for text in texts])
    return chances / chances.sum()


def _weight(lesson: Lesson, weights: Mapping[Kind, float]) -> float:
    """The root of what its texts weigh: a concept of thirty names is not seen fifteen times as often as one of two."""
    return float(np.sqrt(sum(weights[text.kind] for text in lesson.texts)))
