"""Signs around letters that are lost or misplaced: accents, apostrophes, spaces."""

import re
import unicodedata

import numpy as np

ELIDED = re.compile(r"\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
VOWELS = {"d": ("e",), "l": ("e", "a"), "qu": ("e",), "jusqu": ("e",)}
"""What stands for the apostrophe where somebody writes it in full: d'eau, de eau."""
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE"})
BREAKS = re.compile(
    r"(?<=\w[aeiouyàâéèêëîïôöùûü])(?=[bcdfghjklmnpqrstvwxz][aeiouyàâéèêëîïôöùûü]\w)"
    r"|(?<=[aeiouyàâéèêëîïôöùûü][bcdfgklmnprstx])(?=[bcdfgjkmnpqstv][aeiouyàâéèêëîïôöùûü]\w)",
    re.IGNORECASE,
)
"""Between two syllables."""
JOINED = 0.7
"""How often words run together, against one that is broken."""


def bare(text: str) -> str:
    """Without accents, ligatures opened; small letters and capitals as they are."""
    letters = unicodedata.normalize("NFD", text.translate(LIGATURES))
    return "".join(sign for sign in letters if not unicodedata.combining(sign))


def accents(text: str, _: np.random.Generator) -> str:
    """All of them lost, ligatures opened; a text of nothing else stays."""
    return bare(text) or text


def elisions(text: str, chance: np.random.Generator) -> str:
    """Every apostrophe lost: joined to the word, a space, or the vowel that it stands for."""

    def lost(found: re.Match[str]) -> str:
        ways = ["", " ", *(f"{vowel} " for vowel in VOWELS.get(found[1].lower(), ()))]
        return found[1] + ways[int(chance.integers(len(ways)))]

    return ELIDED.sub(lost, text)


def spaces(text: str, chance: np.random.Generator) -> str:
    """Two words run together, or one broken between two syllables."""
    gaps = [found.start() for found in re.finditer(r"(?<=\w) (?=\w)", text)]
    inside = [found.start() for found in BREAKS.finditer(text)]
    if gaps and (not inside or chance.random() < JOINED):
        place = int(chance.choice(gaps))
        return text[:place] + text[place + 1 :]
    if not inside:
        return text
    place = int(chance.choice(inside))
    return text[:place] + " " + text[place:]
