"""Spellings replaced in their context: rules of a table, and texts written by them."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.encoders.noise.marks import bare
from pipeline.errors import FormatError

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rule:
    """`find`, a regular expression that sees the whole text, small letters and capitals alike; `write`, what may stand
    there instead, with its groups as \\1; `example`: (a term, how the rule writes it)."""

    find: re.Pattern[str]
    write: tuple[str, ...]
    example: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """text[start:end] becomes `written`."""

    start: int
    end: int
    written: str


@cache
def rules(name: str) -> tuple[Rule, ...]:
    """Of <name>.tsv, columns find, write (alternatives between |, none for nothing), example (term > written).

    Raises FormatError where the table is not there or a line of it cannot be read.
    """
    path = HERE / f"{name}.tsv"
    try:
        with path.open(encoding="utf8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except FileNotFoundError:
        raise FormatError(f"{path}: not there, expected a table of spellings; install Lexalign again") from None
    return tuple(_rule(path, line, row) for line, row in enumerate(rows, 2))


def changes(text: str, rule: Rule) -> list[Change]:
    """All that the rule may write, none at the first letter's place: there a change must leave that letter."""
    return [change for found in rule.find.finditer(text) for change in _of(text, found, rule)]


def some(text: str, table: Sequence[Rule], chance: np.random.Generator, most: int) -> str:
    """With at most `most` changes, each by a rule drawn among those that find a place: a rule that finds many is not
    used more often."""
    found = [places for rule in table if (places := changes(text, rule))]
    chosen: list[Change] = []
    for place in chance.permutation(len(found)).tolist():
        if len(chosen) == most:
            break
        drawn = found[place][int(chance.integers(len(found[place])))]
        if all(drawn.end < other.start or other.end < drawn.start for other in chosen):
            chosen.append(drawn)
    return written(text, chosen)


def every(text: str, table: Sequence[Rule], chance: np.random.Generator) -> str:
    """With all changes of each rule, the rules in their order."""
    for rule in table:
        where: dict[int, list[Change]] = {}
        for change in changes(text, rule):
            where.setdefault(change.start, []).append(change)
        text = written(text, [drawn[int(chance.integers(len(drawn)))] for drawn in where.values()])
    return text


def written(text: str, chosen: Sequence[Change]) -> str:
    """With changes that do not overlap."""
    for change in sorted(chosen, key=lambda one: one.start, reverse=True):
        text = text[: change.start] + change.written + text[change.end :]
    return text


def _of(text: str, found: re.Match[str], rule: Rule) -> Iterator[Change]:
    old = found[0]
    for template in rule.write:
        new = found.expand(template)
        if text.isupper():
            new = new.upper()
        if new != old and (found.start() or _first(new) == _first(old)):
            yield Change(found.start(), found.end(), new)


def _first(letters: str) -> str:
    return bare(letters)[:1].lower()


def _rule(path: Path, line: int, row: dict[str, str]) -> Rule:
    try:
        before, after = row["example"].split(" > ")
        return Rule(re.compile(row["find"], re.IGNORECASE), tuple(row["write"].split("|")), (before, after))
    except (KeyError, AttributeError, ValueError, re.error) as error:
        raise FormatError(
            f"{path} line {line}: {error}; expected a regular expression, its spellings, and TERM > WRITTEN"
        ) from error
