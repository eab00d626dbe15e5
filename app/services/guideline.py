"""The guideline: what each rating means, with examples, as the project agreed on it."""

import dataclasses
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path

from app.i18n import LANGUAGES
from curation_db import access, ledger, policy
from curation_db.store import Store
from pipeline.errors import InputError


@dataclasses.dataclass(frozen=True)
class Anchor:
    """What a rating means, and an example of it."""

    means: str
    example: str


@dataclasses.dataclass(frozen=True)
class Guideline:
    """In one language: the rule for all, and the anchors of the ratings 0 to 5, in this order."""

    rule: str
    anchors: tuple[Anchor, ...]


def guideline(store: Store, by: str, language: str) -> Guideline:
    """The one that stands, as Lexalign brings it where the project agreed on none. Refused for those who may not
    look."""
    access.require(store, by, "look")
    return _read((policy.agreed(store, "guideline") or {}).get(language) or _own()[language])


def agree(store: Store, by: str, language: str, value: Guideline, *, at: datetime) -> None:
    """Put another text in its place; the other language's stays. Refused for those who may not `design`."""
    if language not in LANGUAGES:
        raise InputError(f"language {language!r}: expected {', '.join(LANGUAGES)}")
    if len(value.anchors) != 6 or not all(one.means.strip() for one in value.anchors):
        raise InputError("anchors: expected a meaning for each of the ratings 0 to 5; fill in the empty ones")
    for text in (value.rule, *(text for one in value.anchors for text in (one.means, one.example))):
        ledger.words(text, "guideline")
    both = (policy.agreed(store, "guideline") or {}) | {language: dataclasses.asdict(value)}
    policy.agree(store, by, "guideline", both, at=at)


@cache
def _own() -> dict:
    return tomllib.loads(Path(__file__).with_name("guideline.toml").read_text(encoding="utf8"))


def _read(value: dict) -> Guideline:
    return Guideline(value["rule"], tuple(Anchor(**one) for one in value["anchors"]))
