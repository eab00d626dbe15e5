"""What an encoder is given: French where it reads French, else English, a concept's own before a translation."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from pipeline.contracts import Encoder
from pipeline.errors import TranslationError
from pipeline.terms import Terms


class Known(Protocol):
    """A translation memory, French to English."""

    def lookup(self, texts: Iterable[str]) -> dict[str, str]: ...


class Preparation:
    """Follows pipeline.align.Prepare."""

    def __init__(self, memory: Known) -> None:
        self._memory = memory

    def entries(self, encoder: Encoder, texts: Sequence[str]) -> list[str]:
        return list(texts) if "fr" in encoder.languages else self._english(texts, encoder.name)

    def target(self, encoder: Encoder, terms: Terms) -> tuple[np.ndarray, list[str]]:
        """Without French, a concept's English strings; of a concept that has none, the French ones, translated."""
        if "fr" in encoder.languages:
            return np.ones(len(terms.string), bool), terms.strings
        spelt = list(terms.strings)
        numbers = np.unique(terms.string[terms.french_only]).tolist()
        for number, text in zip(numbers, self._english([spelt[n] for n in numbers], encoder.name), strict=True):
            spelt[number] = text
        return terms.english | terms.french_only, spelt

    def _english(self, texts: Sequence[str], encoder: str) -> list[str]:
        known = self._memory.lookup(texts)
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            raise TranslationError(
                f"{encoder} reads no French and {len(missing)} of {len(set(texts))} texts have no translation, such "
                f"as “{missing[0][:60]}”; run `lexalign translate` first, or take an encoder that reads French"
            )
        return [known[text] for text in texts]


def untranslated(texts: Sequence[str], terms: Terms) -> list[str]:
    """The distinct texts that an encoder without French needs in English: the entries', and the French strings of
    concepts that have no English of their own."""
    return list(dict.fromkeys([*texts, *(terms.strings[n] for n in np.unique(terms.string[terms.french_only]))]))
