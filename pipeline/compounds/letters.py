"""A word's letters as the tables spell them, each with the letter as it was written."""

import re
import unicodedata

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
VOWELS = frozenset("aeiouy")


def fold(text: str) -> str:
    """Lower case without accents, ligatures undone, letters only: Œdème is oedeme, gastro-entérite gastroenterite."""
    return "".join(folded for folded, _ in pairs(text))


def pairs(text: str) -> list[tuple[str, str]]:
    """(folded letter, as written) of `text`, NFKC. What is written stands with the first letter that it folds to
    (œ: o with "œ", e with ""); what folds to nothing is left out."""
    written = unicodedata.normalize("NFKC", text)
    return [
        (folded, "" if place else letter) for letter in written for place, folded in enumerate(_folded(letter))
    ]


def _folded(letter: str) -> str:
    plain = letter.casefold().replace("œ", "oe").replace("æ", "ae")
    if plain.isascii():
        return plain if plain.isalpha() else ""
    return "".join(part for part in unicodedata.normalize("NFKD", plain) if part.isalpha()).casefold()
