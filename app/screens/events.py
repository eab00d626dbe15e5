"""Events of the ledger in words, for the pages that list them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import streamlit as st

from app import session
from app.services import concepts
from app.session import t
from curation_db import audit
from curation_db.ledger import Event


def kind(name: str | None) -> str:
    return t("audit.all") if name is None else t(f"audit.kind_{name}")


def when(at: datetime) -> str:
    """In the browser's time zone."""
    return f"{at.astimezone(session.zone()):%Y-%m-%d %H:%M:%S}"


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
    on = " → ".join(known.get(one, one) for one in (event.entry_id, event.cui, event.target) if one)
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
    shown = text if len(text) <= 80 else f"{text[:79]}…"
    return (
        f"« {shown} »" if shown and event.kind in ("rate", "comment", "none", "absent", "say", "decide") else shown
    )
