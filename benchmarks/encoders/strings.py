"""The strings that are encoded: French and English names of concepts, out of a MRCONSO."""

import random
import unicodedata
from collections.abc import Iterable
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
RELEASES = (HOME.parent / "shared" / "gold" / "umls_open", HOME / "assets" / "sample" / "umls")
LANGUAGES = ("FRE", "ENG")
SEED = 2025


def release() -> Path:
    """The open terminology beside the project, else the sample in it."""
    return next(folder for folder in RELEASES if (folder / "MRCONSO.RRF").is_file())


def names(folder: Path, languages: Iterable[str] = LANGUAGES) -> list[str]:
    """The STR of every row in these languages, in the file's order, repeated ones too."""
    with (folder / "MRCONSO.RRF").open(encoding="utf8") as file:
        rows = (line.split("|") for line in file)
        return [row[14] for row in rows if row[1] in languages]


def distinct(texts: Iterable[str]) -> list[str]:
    """Each once, shuffled by a fixed seed: a prefix is a sample, the same on every machine.

    What differs in case or accents only counts as the same, since an uncased tokenizer makes it so: otherwise
    encoders that encode such strings once would gain by it here.
    """
    once = sorted({_plain(text): text for text in texts}.values())
    random.Random(SEED).shuffle(once)
    return once


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in split if not unicodedata.combining(character))


def repeated(texts: list[str]) -> float:
    """The share of rows whose string an earlier row has."""
    return 1 - len(set(texts)) / len(texts)
