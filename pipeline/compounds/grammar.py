"""Templates filled with nouns: articles, elisions and agreement."""

import re
from collections.abc import Sequence

from pipeline.compounds.tables import Formant, Language, bare

GENDERS = ("m", "f", "mp", "fp")
CHOICE = re.compile(r"\(([^()]*/[^()]*)\)")
ELIDED = tuple("aàâeéèêiîoôuyhœ")
SINGULAR_S = ("us", "is", "as", "ss", "lens")
PLURALS = ("teeth", "bacteria")


def fill(template: str, nouns: Sequence[Formant], language: Language) -> str:
    """The template with its places filled, {le} {de} {d} {nom} {au} in French, {the} {bare} in English, and its
    choices made: gros(-/se/-/ses) agrees by gender and number (m/f/mp/fp), (is/are) by number."""
    each = [_french(one.noun) if language == "fr" else {"the": one.noun, "bare": bare(one.noun)} for one in nouns]
    join = " et " if language == "fr" else " and "
    places = {name: join.join(place[name] for place in each) for name in each[0]} if each else {}
    rank = _french_rank(nouns) if language == "fr" else _english_rank(nouns)
    chosen = CHOICE.sub(lambda match: match[1].split("/")[rank].removeprefix("-"), template)
    return chosen.format(**places)


def _french(noun: str) -> dict[str, str]:
    """A French noun behind its prepositions: `de` with its article (du foie), `d` without (de foie, d'oreille)."""
    each = noun.split(" et ")  # la rétine et la choroïde: de la rétine et de la choroïde
    return {
        "le": noun,
        "nom": " et ".join(map(bare, each)),
        "d": " et ".join(map(_partitive, each)),
        "de": " et ".join(_contracted("de", one) for one in each),
        "au": " et ".join(_contracted("à", one) for one in each),
    }


def _partitive(noun: str) -> str:
    name = bare(noun)
    elided = noun.startswith("l'") or (noun.startswith("les ") and name.startswith(ELIDED))
    return f"d'{name}" if elided else f"de {name}"


def _contracted(preposition: str, noun: str) -> str:
    one, many = {"de": ("du", "des"), "à": ("au", "aux")}[preposition]
    if noun.startswith("le "):
        return f"{one} {bare(noun)}"
    if noun.startswith("les "):
        return f"{many} {bare(noun)}"
    return f"d'{noun}" if preposition == "de" and noun.startswith("un") else f"{preposition} {noun}"


def _french_rank(nouns: Sequence[Formant]) -> int:
    if len(nouns) > 1:
        return GENDERS.index("fp" if all(one.gender.startswith("f") for one in nouns) else "mp")
    return GENDERS.index(nouns[0].gender) if nouns else 0


def _english_rank(nouns: Sequence[Formant]) -> int:
    """1 for a plural, by the phrase's head: the airways of the lungs."""
    if len(nouns) != 1:
        return int(bool(nouns))
    head = re.split(r" (?:of|that|around|between|from|in|behind) ", bare(nouns[0].noun))[0]
    return int(head in PLURALS or (head.endswith("s") and not head.endswith(SINGULAR_S)))
