"""Fingers on a French keyboard."""

import unicodedata
from collections.abc import Callable, Mapping

import numpy as np

ROWS = ((0.0, "azertyuiop"), (0.25, "qsdfghjklm"), (0.75, "wxcvbn"))
"""(where the row begins, in keys; its letters)."""
REACH = 1.2
"""Keys between two that are taken for each other: those beside, above and below."""
FEWEST = 4
"""Letters of a text in which one is mistyped: in a shorter one, nobody could say what was meant."""


def keyboard(text: str, chance: np.random.Generator) -> str:
    """One letter doubled, left out, swapped with the one before, or the key beside it."""
    letters = [place for place, sign in enumerate(text) if sign.isalpha()]
    if len(letters) < FEWEST:
        return text
    way = WAYS[int(chance.integers(len(WAYS)))]
    places = [place for place in letters[1:] if way is not _swapped or _can_swap(text, place, letters[0])]
    return way(text, int(chance.choice(places)), chance) if places else text


def _doubled(text: str, place: int, _: np.random.Generator) -> str:
    return text[:place] + text[place] + text[place:]


def _left_out(text: str, place: int, _: np.random.Generator) -> str:
    return text[:place] + text[place + 1 :]


def _swapped(text: str, place: int, _: np.random.Generator) -> str:
    return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]


def _beside(text: str, place: int, chance: np.random.Generator) -> str:
    """An accented letter's neighbours are its letter's, as on a telephone."""
    letter = text[place]
    near = NEAR.get(unicodedata.normalize("NFD", letter.lower())[0], "")
    if not near:
        return _doubled(text, place, chance)
    key = near[int(chance.integers(len(near)))]
    return text[:place] + (key.upper() if letter.isupper() else key) + text[place + 1 :]


WAYS: tuple[Callable[[str, int, np.random.Generator], str], ...] = (_doubled, _left_out, _swapped, _beside)


def _can_swap(text: str, place: int, first: int) -> bool:
    before = text[place - 1]
    return place - 1 > first and before.isalpha() and before != text[place]


def _near() -> Mapping[str, str]:
    places = {
        letter: (start + column, row)
        for row, (start, keys) in enumerate(ROWS)
        for column, letter in enumerate(keys)
    }
    return {
        letter: "".join(
            other
            for other, (a, b) in places.items()
            if other != letter and (a - x) ** 2 + (b - y) ** 2 <= REACH**2
        )
        for letter, (x, y) in places.items()
    }


NEAR = _near()
