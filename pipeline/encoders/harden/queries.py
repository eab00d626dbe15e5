"""Which texts a step takes as they are and misspelt: drawn from the seed and the step alone, so that a run that was
stopped draws on as if it had not been."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.encoders.noise import NOISES, misspelt
from pipeline.encoders.train.draws import WEIGHTS
from pipeline.encoders.train.lessons import Lesson, Taught
from pipeline.errors import EncoderError


@dataclass(frozen=True)
class Batch:
    """`noisy[i]` is `clean[i]`, misspelt; each of another concept."""

    clean: list[str]
    noisy: list[str]


class Draw:
    """`queries` French texts a step, of distinct lessons, each by the weight of its kind (`draws.WEIGHTS`), and each
    under one of `noises`. Raises EncoderError where fewer than two lessons have a French text, or `noises` names
    another."""

    def __init__(
        self, lessons: Sequence[Lesson], *, queries: int, noises: Sequence[str] = tuple(NOISES), seed: int
    ) -> None:
        self._texts = french(lessons)
        if unknown := sorted(set(noises) - set(NOISES)):
            raise EncoderError(f"no noise {', '.join(unknown)}, expected some of {', '.join(NOISES)}")
        self._queries = min(queries, len(self._texts))
        self._noises = tuple(noises)
        self._seed = seed

    def __call__(self, step: int) -> Batch:
        chance = np.random.default_rng([self._seed, step])
        numbers = chance.choice(len(self._texts), self._queries, replace=False)
        clean = [_one(self._texts[number], chance) for number in numbers.tolist()]
        return Batch(clean, [misspelt(text, chance, noises=self._noises) for text in clean])


def french(lessons: Sequence[Lesson]) -> list[list[Taught]]:
    """The French texts of each lesson that has one. Raises EncoderError where fewer than two have."""
    found = [texts for lesson in lessons if (texts := _french(lesson))]
    if len(found) < 2:
        raise EncoderError(
            f"{len(found)} of {len(lessons)} concepts with a French text, expected two or more to tell apart; teach "
            "more with --teach, or name a project whose UMLS has French (lexalign -w DIR)"
        )
    return found


def misspelt_too(
    lessons: Sequence[Lesson], *, noises: Sequence[str] = tuple(NOISES), seed: int = 0
) -> list[Lesson]:
    """Every lesson with its French texts under each of `noises` beside: what a vocabulary must spell that is cut
    down for misspelt queries. A vocabulary that knows well spelt words only takes the others apart in another way than
    the encoder learnt."""
    made = []
    for number, lesson in enumerate(lessons):
        chance = np.random.default_rng([seed, number])
        more = [
            dataclasses.replace(one, text=NOISES[noise](one.text, chance))
            for one in _french(lesson)
            for noise in noises
        ]
        made.append(dataclasses.replace(lesson, texts=(*lesson.texts, *more)))
    return made


def _french(lesson: Lesson) -> list[Taught]:
    return [one for one in lesson.texts if one.language == "fr"]


def _one(texts: Sequence[Taught], chance: np.random.Generator) -> str:
    weights = np.array([WEIGHTS[one.kind] for one in texts])
    return texts[int(chance.choice(len(texts), p=weights / weights.sum()))].text
