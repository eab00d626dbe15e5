"""A term word by word: which of its words are compounds, and of what."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pipeline.compounds.letters import WORD, fold, pairs
from pipeline.compounds.segment import Cut, segment
from pipeline.compounds.tables import ACUTE, Formant, Language, acute, words
from pipeline.compounds.wording import wordings


@dataclass(frozen=True, slots=True)
class Segment:
    """`text`: its letters, folded; `written`: as the term has them; `formant` is None for what is not analysed."""

    text: str
    written: str
    formant: Formant | None

    @property
    def meaning(self) -> str | None:
        return self.formant.gloss if self.formant else None


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `start` of the term; one that is no compound has a single segment without a formant."""

    written: str
    start: int
    segments: tuple[Segment, ...]

    @property
    def compound(self) -> bool:
        return len(self.segments) > 1

    @property
    def whole(self) -> bool:
        """Whether it is a compound and every letter is analysed."""
        return self.compound and all(segment.formant for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Analysis:
    """`term` in NFKC, and its words in order; one of them at least is a compound."""

    term: str
    language: Language
    words: tuple[Word, ...]

    @property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(segment for word in self.words for segment in word.segments)

    @property
    def unanalysed(self) -> tuple[str, ...]:
        return tuple(segment.written for segment in self.segments if not segment.formant)


@lru_cache(maxsize=1 << 14)
def analyse(term: str, language: Language) -> Analysis | None:
    """None where no word of the term is a compound, or the table covers too little of it."""
    text = unicodedata.normalize("NFKC", term)
    found = tuple(Word(match[0], match.start(), _analysed(match[0], language)) for match in WORD.finditer(text))
    return Analysis(text, language, found) if any(word.compound for word in found) else None


@lru_cache(maxsize=1 << 16)
def _analysed(written: str, language: Language) -> tuple[Segment, ...]:
    """Of a word; a terminology has each of its words in many names."""
    folded = fold(written)
    cuts = segment(folded, language) if words(language).get(folded, True) else []
    accented = language == "fr" and ACUTE.search(written)
    cut = next(
        (cut for cut in cuts if _means(cut, folded, language) and not (accented and _unaccented(cut))), None
    )
    if cut is None:
        return (Segment(folded, written, None),)
    return _segments(written, cut)


def _means(cut: Cut, folded: str, language: Language) -> bool:
    """Prefix and suffix without a root between them look like many words (ana-lyse, dia-lyse): known pairs only."""
    formants = [formant for _, formant in cut.pieces]
    if any(formant is None or formant.kind == "root" for formant in formants):
        return True
    return folded in words(language) or bool(wordings(formants, language))


def _unaccented(cut: Cut) -> bool:
    """Whether the suffix ends in no é: acidité is no -ite, hypertrophié no -trophie."""
    return cut.pieces[-1][0] not in acute()


def _segments(written: str, cut: Cut) -> tuple[Segment, ...]:
    letters, found = [letter for _, letter in pairs(written)], []
    for text, formant in cut.pieces:
        found.append(Segment(text, "".join(letters[: len(text)]), formant))
        letters = letters[len(text) :]
    return tuple(found)
