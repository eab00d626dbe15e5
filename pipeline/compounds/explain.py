"""One line that says how a term is made, for a reader's eye."""

from functools import lru_cache

from pipeline.compounds.analysis import Segment, Word, analyse
from pipeline.compounds.paraphrase import paraphrases
from pipeline.compounds.tables import Language

COLON = {"fr": " : ", "en": ": "}


@lru_cache(maxsize=1 << 14)
def explanation(term: str, language: Language) -> str | None:
    """ "hypo- (trop peu) + natr- (sodium) + -émie (dans le sang) : manque de sodium dans le sang"; without the part
    after the colon where no wording is known, None where no word of the term is wholly analysed."""
    found = analyse(term, language)
    shown = [_pieces(word) for word in found.words if word.whole] if found else []
    if not shown:
        return None
    said = paraphrases(term, language)
    return " · ".join(shown) + (f"{COLON[language]}{said[0]}" if said else "")


def _pieces(word: Word) -> str:
    return " + ".join(_piece(segment) for segment in word.segments)


def _piece(segment: Segment) -> str:
    written = segment.written.lower()
    shown = f"-{written}" if segment.formant and segment.formant.kind == "suffix" else f"{written}-"
    return f"{shown} ({segment.meaning})"
