"""Why a rating is low: the project's list, in both languages, and its editing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from curation_db import policy
from curation_db.figures.overview import folded
from curation_db.store import Store
from pipeline.errors import InputError

MOST, LONGEST = 20, 60


@dataclass(frozen=True)
class Reason:
    """`name` is what a rating keeps, whatever becomes of the words."""

    name: str
    fr: str
    en: str

    def words(self, language: str) -> str:
        return (self.fr if language == "fr" else self.en) or self.fr or self.en


DEFAULT = (
    Reason("other-sense", "autre sens du terme", "another sense of the term"),
    Reason("too-broad", "trop général", "too broad"),
    Reason("too-narrow", "trop précis", "too narrow"),
    Reason("other-kind", "autre type de chose", "another kind of thing"),
    Reason("part-lost", "une partie manque", "a part is missing"),
    Reason("only-string", "mot semblable seulement", "only a similar word"),
    Reason("bad-entry", "entrée mal formée", "malformed entry"),
)


def agreed(store: Store) -> tuple[Reason, ...]:
    """The reasons that one can choose from, in their order."""
    value = policy.agreed(store, "reasons")
    return DEFAULT if value is None else tuple(Reason(**one) for one in value)


def agree(store: Store, by: str, rows: Iterable[Mapping[str, str | None]], *, at: datetime) -> tuple[Reason, ...]:
    """Keep an edited list: rows of name (None: a new one), fr, en; those without words are dropped.

    Ratings keep the reasons that they have. Raises InputError where a reason is too long, there twice or one too
    many, Refused for those who may not design.
    """
    reasons: list[Reason] = []
    for row in rows:
        fr, en = (" ".join((row.get(language) or "").split()) for language in ("fr", "en"))
        if fr or en:
            reasons.append(Reason(row.get("name") or _name(en or fr, {one.name for one in reasons}), fr, en))
    _check(reasons)
    policy.agree(store, by, "reasons", [asdict(one) for one in reasons], at=at)
    return tuple(reasons)


def words(reasons: Iterable[Reason], name: str, language: str) -> str:
    """A reason in words; its name where it has left the list."""
    return next((one.words(language) for one in reasons if one.name == name), name)


def _check(reasons: list[Reason]) -> None:
    if len(reasons) > MOST:
        raise InputError(f"{len(reasons)} reasons, expected {MOST} at most; a longer list is not read")
    for language in ("fr", "en"):
        said = [text for one in reasons if (text := getattr(one, language))]
        for text in said:
            if len(text) > LONGEST:
                raise InputError(
                    f"reason {text!r}: {len(text)} characters, expected {LONGEST} at most; shorten it"
                )
            if [other.casefold() for other in said].count(text.casefold()) > 1:
                raise InputError(f"reason {text!r} is there twice, expected each once; take one out")


def _name(text: str, taken: set[str]) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-") or "reason"
    numbers = (f"{name}-{number}" for number in range(2, MOST + 2))
    return name if name not in taken else next(one for one in numbers if one not in taken)
