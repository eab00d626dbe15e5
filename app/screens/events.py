"""Events of the ledger in words, for the pages that list them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import streamlit as st

from app import session
from app.services import concepts
from app.session import t
from curation_db.ledger import Event
from curation_db.safety import audit

SPOKEN = ("rate", "again", "comment", "none", "absent", "say", "decide", "reopen")
"""Kinds of events whose text is a person's own."""


def kind(name: str | None) -> str:
    return t("audit.all") if name is None else t(f"audit.kind_{name}")


def when(at: datetime) -> str:
    """To the second, in the browser's time zone, as the language writes it."""
    return at.astimezone(session.zone()).strftime(t("number.second"))


def names(found: Sequence[Event]) -> dict[str, str]:
    """The terms and concepts that these events speak of, by entry_id and CUI."""
    known = audit.terms(session.store(), (one.entry_id for one in found if one.entry_id))
    if session.workspace().has_release("umls"):
        known |= concepts.titles(session.terminology(), [one.cui for one in found if one.cui])
    return known


def sentence(event: Event, known: Mapping[str, str] = MappingProxyType({})) -> str:
    """What was done, on what, and with which words."""
    number = "" if event.rating is None else str(event.rating)
    what = f"{kind(event.kind)} {number}".strip()
    target = t(f"audit.policy_{event.target}") if event.kind == "policy" else event.target
    on = " → ".join(known.get(one, one) for one in (event.entry_id, event.cui, target) if one)
    return " · ".join(filter(None, (what, on, _words(event))))


def offset(total: int, shown: int, key: str) -> int:
    """The first of the page that was chosen; draws the choice where there are several pages."""
    pages = max(1, -(-total // shown))
    if pages == 1:
        return 0
    page = st.number_input(t("audit.page", pages=pages), 1, pages, key=f"{key}_page", width=160)
    return (int(page) - 1) * shown


def _words(event: Event) -> str:
    text = event.text or ""
    if event.kind == "run":
        return event.run or ""
    if event.kind == "role":
        return t(f"people.role_{text}")
    if event.kind == "person":  # the language that they chose
        return ""
    if event.kind == "publish":  # the manifest's SHA-256
        return text[:12]
    shown = text if len(text) <= 80 else f"{text[:79]}…"
    return t("audit.quoted", words=shown) if shown and event.kind in SPOKEN else shown
