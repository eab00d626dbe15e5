"""The tables beside this file, read once a process."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from pipeline.compounds.letters import VOWELS, fold
from pipeline.errors import FormatError

Language = Literal["fr", "en"]
Kind = Literal["prefix", "root", "suffix"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
HERE = Path(__file__).parent
ACUTE = re.compile(r"ée?s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Formant:
    """A piece of words, in one language. `name`: its first French form, folded; `group`: what patterns may say of
    many at once (organ, cell, substance, function, …), "=emie" for an adjective of the suffix -émie; `noun`: with
    its article (le foie, l'oreille, the liver), empty where it is no noun; `gender` of the French noun: m, f, mp or
    fp; `gloss`: the meaning that an explanation shows."""

    name: str
    kind: Kind
    group: str
    noun: str
    gender: str
    gloss: str


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling of a formant. `before`: what must follow: "v" a vowel or h, "c" a consonant, "" anything."""

    formant: Formant
    before: str

    def fits(self, after: str) -> bool:
        """Whether it can stand before the letters `after`."""
        if not self.before:
            return True
        vowel = after[:1] in VOWELS or after[:1] == "h"
        return bool(after) and vowel == (self.before == "v")


@cache
def forms(language: Language) -> dict[str, tuple[Form, ...]]:
    """Folded spelling -> the formants that are spelt so, roots first, then prefixes."""
    found: dict[str, list[Form]] = {}
    for row in _rows("formants.tsv"):
        formant = _formant(row, language)
        for written in (row[f"{language}_forms"] or row["fr_forms"]).split():
            for text, before in _spellings(written, formant.kind):
                found.setdefault(text, []).append(Form(formant, before))
    order = ("root", "prefix", "suffix")
    return {
        text: tuple(sorted(every, key=lambda form: order.index(form.formant.kind)))
        for text, every in found.items()
    }


@cache
def formants() -> frozenset[tuple[str, str]]:
    """(kind, name) and (kind, @group) of every formant: what patterns may speak of."""
    every = [_formant(row, "fr") for row in _rows("formants.tsv")]
    return frozenset((one.kind, name) for one in every for name in (one.name, f"@{one.group}"))


@cache
def acute() -> frozenset[str]:
    """The French suffixes that end in é or ée (-pnée, -sensibilité), folded, with their plurals."""
    every = [form for row in _rows("formants.tsv") if row["kind"] == "suffix" for form in row["fr_forms"].split()]
    return frozenset(text for form in every if ACUTE.search(form) for text, _ in _spellings(form, "suffix"))


Key = tuple[str, str, str]


@cache
def patterns(language: Language) -> dict[Key, tuple[str, ...]]:
    """(prefix, root, suffix) -> templates, best first. Each is a formant's name, @group, or "" for none.

    Raises FormatError where a pattern speaks of a formant that the table lacks.
    """
    found: dict[Key, tuple[str, ...]] = {}
    for row in _rows("patterns.tsv"):
        wordings = _list(row[language])
        for key in _keys(row):
            for kind, name in zip(("prefix", "root", "suffix"), key, strict=True):
                if name and (kind, name) not in formants():
                    raise FormatError(
                        f"patterns.tsv: no {kind} {name!r}, expected one of formants.tsv; add it there"
                    )
            found[key] = wordings
    return found


@cache
def words(language: Language) -> dict[str, tuple[str, ...]]:
    """Folded word -> its wordings; none for a false friend."""
    return {fold(row["word"]): _list(row["wordings"]) for row in _rows("words.tsv") if row["language"] == language}


def _rows(name: str) -> Iterator[dict[str, str]]:
    try:
        with (HERE / name).open(encoding="utf8", newline="") as file:
            yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    except FileNotFoundError:
        raise FormatError(
            f"{HERE / name}: not there, expected a table of compounds; install Lexalign again"
        ) from None


def _formant(row: dict[str, str], language: Language) -> Formant:
    first, _ = _spellings(row["fr_forms"].split()[0], "root")[0]
    kind: Kind = row["kind"]  # type: ignore[assignment]
    noun = row[language] if row["gender"] else ""
    gloss = row[f"{language}_gloss"] or bare(row[language])
    return Formant(first, kind, row["group"], noun, row["gender"], gloss)


def bare(noun: str) -> str:
    """A noun without its article: le foie, l'oreille, un virus, the liver."""
    for article in ("les ", "le ", "la ", "l'", "une ", "un ", "the ", "a "):
        if noun.startswith(article):
            return noun.removeprefix(article)
    return noun


def _spellings(written: str, kind: str) -> list[tuple[str, str]]:
    """hépat(o) is hepat and hepato; an+v is an before a vowel; suffixes have plurals.

    A root that ends in a consonant asks for a vowel: it is the linking vowel's place.
    """
    text, _, before = written.partition("+")
    stem, _, vowel = text.rstrip(")").partition("(")
    spelt = [fold(stem), fold(stem + vowel)] if vowel else [fold(stem)]
    if kind == "suffix":
        spelt += [f"{one}s" for one in spelt if not one.endswith("s")]
        spelt += [f"{one[:-1]}ies" for one in spelt if one.endswith("y")]
    asked = {one: "v" if kind == "root" and one[-1] not in VOWELS else before for one in spelt}
    return list(asked.items())


def _keys(row: dict[str, str]) -> Iterator[Key]:
    for prefix in row["prefix"].split(","):
        for root in row["root"].split(","):
            for suffix in row["suffix"].split(","):
                yield prefix, root, suffix


def _list(cell: str) -> tuple[str, ...]:
    return tuple(text for part in cell.split(";") if (text := part.strip()))
