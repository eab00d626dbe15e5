"""Everyday wordings of a whole term, by those of its words."""

import re
from functools import lru_cache

from pipeline.compounds.analysis import Analysis, Word, analyse
from pipeline.compounds.letters import fold
from pipeline.compounds.tables import Language, words
from pipeline.compounds.wording import WIDER, wordings

MOST = 4
HEADS = {
    "fr": ("inflammation ", "douleur ", "maladie ", "ablation ", "paralysie ", "faiblesse "),
    "en": ("inflammation ", "pain ", "disease ", "removal ", "paralysis ", "weakness "),
}
"""How a wording begins whose first word takes the adjectives of the term; the French ones are feminine, as are the
terms that they word (gastrite, névralgie)."""

OPEN = (
    "absence de développement",
    "augmentation de volume",
    "croissance excessive",
    "développement insuffisant",
    "développement anormal",
    "diminution de volume",
    "durcissement",
    "rétrécissement",
    "tumeur",
)
"""Wordings that wait for a complement: aplasie du vagin is "absence de développement du vagin"."""

OF = ("de ", "du ", "des ", "of ")
LINKS = frozenset(["de", "du", "des", "d"])
ADJECTIVES = re.compile(r"(?: [^\W\d_]{4,})+")


@lru_cache(maxsize=1 << 14)
def paraphrases(term: str, language: Language) -> tuple[str, ...]:
    """Wordings of the term, best first, at most four; none where grammar or meaning would be a guess."""
    if known := words(language).get(fold(term)):
        return known[:MOST]
    found = analyse(term, language)
    if found is None:
        return ()
    if len(found.words) > 1:
        said = _french(found) if language == "fr" else _english(found)
    else:
        word = found.words[0]
        said = _of_word(word, language) if found.term.strip() == word.written else ()
    return tuple(dict.fromkeys(said))[:MOST]


def _of_word(word: Word, language: Language) -> tuple[str, ...]:
    if not word.compound:
        return ()
    known = words(language).get(fold(word.written))
    return known or wordings([segment.formant for segment in word.segments], language)


def _french(found: Analysis) -> tuple[str, ...]:
    """The noun opens the term: gastrite chronique is "inflammation chronique de l'estomac"."""
    head, after, *more = found.words
    tail = found.term[head.start + len(head.written) :]
    if head.start or _adjective(head):
        return ()
    if not head.compound:
        alone = not more and ADJECTIVES.fullmatch(tail)
        organs = _of_word(after, "fr") if alone and _organ(after) else ()
        return tuple(f"{head.written.lower()} {one}" for one in organs if one.startswith(OF))
    said = _of_word(head, "fr")
    if fold(after.written) in LINKS:
        complete = [one.removesuffix(" d'un tissu") for one in said]
        return tuple(f"{one}{tail}" for one in complete if one in OPEN)
    if not ADJECTIVES.fullmatch(tail) or head.written.endswith("s") or any(map(_organ, found.words)):
        return ()
    return tuple(one.replace(" ", f"{tail} ", 1) for one in said if one.startswith(HEADS["fr"]))


def _english(found: Analysis) -> tuple[str, ...]:
    """The noun closes the term: chronic gastritis is "chronic inflammation of the stomach"."""
    *before, head = found.words
    opening = found.term[: head.start].lower()
    if not ADJECTIVES.fullmatch(f" {opening.strip()}") or not found.term.endswith(head.written):
        return ()
    if not head.compound and len(before) == 1 and _organ(before[0]):
        said = _of_word(before[0], "en")
        return tuple(f"{head.written.lower()} {one}" for one in said if one.startswith(OF))
    if _adjective(head) or any(map(_organ, before)):
        return ()
    return tuple(f"{opening}{one}" for one in _of_word(head, "en") if one.startswith(HEADS["en"]))


def _organ(word: Word) -> bool:
    """Whether it is an adjective of an organ, as hépatique, renal: beside a noun that names one, it says where the
    cause is, or narrows the place (encéphalopathie hépatique, optic neuropathy)."""
    groups = [segment.formant.group for segment in word.segments if segment.formant]
    return _adjective(word) and bool({"organ", *WIDER} & set(groups))


def _adjective(word: Word) -> bool:
    last = word.segments[-1].formant
    return last is not None and (last.group == "adjective" or last.group.startswith("="))
