"""What an encoder is given: French where it reads French, else English, a concept's own before a translation."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np

from pipeline.beside import Beside
from pipeline.contracts import Encoder
from pipeline.errors import TranslationError
from pipeline.normalise import ENGLISH, FRENCH, normalise, spacy_lemmas
from pipeline.settings import Settings
from pipeline.terms import Terms


class Known(Protocol):
    """A translation memory, French to English."""

    def lookup(self, texts: Iterable[str]) -> dict[str, str]: ...


Spell = Callable[[Sequence[str], str], list[str]]
"""Texts of a language (fr or en) as they are to be encoded."""


def as_they_are(texts: Sequence[str], language: str) -> list[str]:
    return list(texts)


def normaliser(settings: Settings) -> Spell:
    """What the settings ask for. Raises InputError where their lemma model is not on this machine."""
    if not settings.normalise:
        return as_they_are
    english = None if settings.lemmas == "simplemma" else spacy_lemmas(settings.lemmas)

    def spell(texts: Sequence[str], language: str) -> list[str]:
        rules, lemmas = (FRENCH, None) if language == "fr" else (ENGLISH, english)
        return [row.text for row in normalise(texts, rules, lemmatise=lemmas)]

    return spell


class Preparation:
    """Follows pipeline.align.Prepare."""

    def __init__(self, memory: Known, spell: Spell = as_they_are) -> None:
        self._memory = memory
        self._spell = spell

    def entries(self, encoder: Encoder, texts: Sequence[str]) -> list[str]:
        if "fr" in encoder.languages:
            return self._spell(texts, "fr")
        return self._spell(self._english(texts, encoder.name), "en")

    def target(self, encoder: Encoder, terms: Terms) -> tuple[np.ndarray, list[str]]:
        """Without French, a concept's English strings; of a concept that has none, the French ones, translated."""
        spelt = np.array(terms.strings, object)
        english = np.zeros(len(spelt), bool)
        english[terms.string[terms.english]] = True
        if "fr" in encoder.languages:
            given = np.ones(len(terms.string), bool)
        else:
            given = terms.english | terms.french_only
            lacking = np.unique(terms.string[terms.french_only])
            spelt[lacking] = self._english(spelt[lacking].tolist(), encoder.name)
            english[lacking] = True
        for language, which in (("en", english), ("fr", ~english)):
            spelt[which] = self._spell(spelt[which].tolist(), language)
        return given, spelt.tolist()

    def beside(self, encoder: Encoder, beside: Beside) -> Beside:
        """What is in a language that the encoder reads; nothing of it is translated."""
        read = beside.read_by(encoder.languages)
        spelt = np.array(read.texts, object)
        for language, which in (("en", read.english), ("fr", ~read.english)):
            spelt[which] = self._spell(spelt[which].tolist(), language)
        return dataclasses.replace(read, texts=spelt.tolist())

    def _english(self, texts: Sequence[str], encoder: str) -> list[str]:
        known = self._memory.lookup(texts)
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            raise TranslationError(
                f"{encoder} reads no French, as its card says, and {len(missing)} of {len(set(texts))} texts have no "
                f"translation, such as “{missing[0][:60]}”; run `lexalign translate`, or take an encoder that reads "
                "French (one that does and does not say so: `lexalign encoders add … --language fr --name OTHER`)"
            )
        return [known[text] for text in texts]


def untranslated(texts: Sequence[str], terms: Terms) -> list[str]:
    """The distinct texts that an encoder without French needs in English: the entries', and the French strings of
    concepts that have no English of their own."""
    return list(dict.fromkeys([*texts, *(terms.strings[n] for n in np.unique(terms.string[terms.french_only]))]))
