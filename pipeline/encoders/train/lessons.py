"""What an encoder is taught: texts of one concept, grouped over all sources that name it."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "lay", "mention", "gloss", "definition", "paraphrase"]
"""A terminology's own string; how people say it; a word in a text that was marked with the concept; a dictionary's
first senses; a terminology's definition; what a compound's parts say."""


@dataclass(frozen=True, slots=True)
class Taught:
    """One text of a source: `concepts` are all the identifiers that it is said of, such as UMLS:C0018965."""

    concepts: tuple[str, ...]
    text: str
    language: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Lesson:
    """A concept's texts, each once (a name rather than a mention of it), in the order of the sources; `concepts`
    sorted."""

    concepts: tuple[str, ...]
    texts: tuple[Taught, ...]

    def of(self, *kinds: Kind) -> list[Taught]:
        return [taught for taught in self.texts if taught.kind in kinds]


def lessons(taught: Iterable[Taught]) -> list[Lesson]:
    """Texts grouped by concept; concepts that one text's source calls the same are one. Sorted by identifier.

    A gloss of a headword that is a name of exactly one concept goes there (see `sources.glosses`); others keep a
    concept of their own. Lessons of a single text teach nothing and are left out.
    """
    every = list(_placed(list(taught)))
    root = _Groups()
    for one in every:
        root.join(one.concepts)
    texts: dict[str, dict[str, Taught]] = defaultdict(dict)
    concepts: dict[str, set[str]] = defaultdict(set)
    for one in every:
        group = root.of(one.concepts[0])
        concepts[group].update(one.concepts)
        before = texts[group].setdefault(fold(one.text), one)
        if one.kind == "name" and before.kind != "name":
            texts[group][fold(one.text)] = one
    made = (Lesson(tuple(sorted(concepts[group])), tuple(texts[group].values())) for group in texts)
    return sorted((lesson for lesson in made if len(lesson.texts) > 1), key=lambda lesson: lesson.concepts)


def fold(text: str) -> str:
    """Lower case without accents, ligatures, hyphens and double spaces: how texts are compared."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters).split())


HEADWORD = "headword:"
"""The identifier of a dictionary's entry before it is known whose name its headword is."""


def _placed(taught: Sequence[Taught]) -> Iterator[Taught]:
    """Headwords that name one concept take that concept's identifiers."""
    owners: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for one in taught:
        if one.kind == "name" and not one.concepts[0].startswith(HEADWORD):
            owners[fold(one.text)].add(one.concepts)
    for one in taught:
        if one.concepts[0].startswith(HEADWORD):
            owning = owners.get(fold(one.concepts[0].removeprefix(HEADWORD)), set())
            if len(owning) == 1:
                yield Taught(next(iter(owning)), one.text, one.language, one.kind)
                continue
        yield one


class _Groups:
    """Disjoint sets of identifiers; a set is called by its smallest."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def of(self, name: str) -> str:
        path = []
        while (above := self._parent.setdefault(name, name)) != name:
            path.append(name)
            name = above
        for below in path:
            self._parent[below] = name
        return name

    def join(self, names: Iterable[str]) -> None:
        roots = sorted({self.of(name) for name in names})
        for other in roots[1:]:
            self._parent[other] = roots[0]
