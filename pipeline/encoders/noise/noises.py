"""The noises by name, and texts under them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from pipeline.encoders.noise.keyboard import keyboard
from pipeline.encoders.noise.marks import accents, elisions, spaces
from pipeline.encoders.noise.rules import every, rules, some

Chance = np.random.Generator
APART = 20
"""Letters between two mistakes of ear or eye: a word has one, a sentence three or four."""


def sounds(text: str, chance: Chance) -> str:
    """A sound spelt in another way, every twenty letters."""
    return some(text, rules("sounds"), chance, max(1, len(text) // APART))


def scan(text: str, chance: Chance) -> str:
    """A letter misread, every twenty letters."""
    return some(text, rules("scan"), chance, max(1, len(text) // APART))


def telephone(text: str, chance: Chance) -> str:
    """Accents and apostrophes lost, common words cut short."""
    return every(accents(text, chance), rules("telephone"), chance)


NOISES: Mapping[str, Callable[[str, Chance], str]] = {
    "keyboard": keyboard,
    "accents": accents,
    "elisions": elisions,
    "sounds": sounds,
    "scan": scan,
    "spaces": spaces,
    "telephone": telephone,
}


def misspelt(text: str, chance: Chance, *, noises: Sequence[str] = tuple(NOISES)) -> str:
    """By one of `noises` that finds something to change; the text itself where none does."""
    for place in chance.permutation(len(noises)).tolist():
        if (changed := NOISES[noises[place]](text, chance)) != text:
            return changed
    return text


def noisy(texts: Sequence[str], noise: str, *, seed: int = 0) -> list[str]:
    """Each text under one noise of NOISES; a text's noise depends on the seed and its place alone."""
    return [NOISES[noise](text, np.random.default_rng([seed, place])) for place, text in enumerate(texts)]
