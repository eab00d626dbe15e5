"""A concept as a card shows it."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.services.appearance import standing
from curation_db.concepts.terminology import Concept, Terminology
from curation_db.queries import Card

FRENCH, ENGLISH = "FRE", "ENG"


@dataclass(frozen=True)
class View:
    """`others`: names beside the two preferred ones, French first; `definitions`: (source, text), French first;
    `codes`: (source, code)."""

    cui: str
    french: str | None
    english: str | None
    others: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    codes: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        return self.french or self.english or self.cui


@dataclass(frozen=True)
class Found:
    """A concept that a search brought: the name it was found by, its preferred one, its semantic types."""

    cui: str
    name: str
    title: str
    types: tuple[str, ...]


def view(known: Terminology, cui: str) -> View | None:
    """None for a concept that the current release does not have."""
    concept = known.concept(cui)
    if concept is None:
        return None
    french, english = concept.preferred(FRENCH), concept.preferred(ENGLISH)
    others = dict.fromkeys(name.text for name in concept.names if name.text not in (french, english))
    codes = dict.fromkeys((name.sab, name.code) for name in concept.names if name.code)
    return View(cui, french, english, tuple(others), concept.types, concept.definitions, tuple(codes))


def unknown(card: Card) -> View:
    """A concept of an earlier release: the name that its run kept is all there is."""
    known = standing(card)
    return View(card.place.cui, known.name if known else None, None)


def titles(known: Terminology, cuis: Iterable[str]) -> dict[str, str]:
    """CUI -> preferred name, French before English, of the concepts that the release has."""
    found = known.concepts(cuis)
    return {cui: one.preferred(FRENCH) or one.preferred(ENGLISH) or cui for cui, one in found.items()}


def told_apart(known: Terminology, cuis: Iterable[str]) -> dict[str, str]:
    """As `titles`, of concepts in one list: to a name that several of them have each one's English name is added, or
    its CUI where that says no more."""
    found = known.concepts(cuis)
    names = titles(known, found)
    bearing = Counter(name.casefold() for name in names.values())
    both = {cui: (name, found[cui].preferred(ENGLISH) or cui) for cui, name in names.items()}
    pairs = Counter((name.casefold(), english.casefold()) for name, english in both.values())
    for cui, (name, english) in both.items():
        if bearing[name.casefold()] > 1:
            alone = pairs[name.casefold(), english.casefold()] == 1 and english.casefold() != name.casefold()
            names[cui] = f"{name} ({english if alone else cui})"
    return names


def search(known: Terminology, text: str, *, types: Collection[str] = (), limit: int) -> list[Found]:
    """The best concepts by CUI, code or name; `types` keeps those of these semantic types."""
    hits = known.search(text, types=types, limit=limit)
    read = known.concepts(hit.cui for hit in hits)
    names = titles(known, read)
    return [Found(hit.cui, hit.name, names.get(hit.cui, hit.name), _types(read.get(hit.cui))) for hit in hits]


def _types(concept: Concept | None) -> tuple[str, ...]:
    return concept.types if concept else ()
