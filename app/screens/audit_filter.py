"""Which lines of the ledger: whose, of what kind, on which entry, of which days."""

from datetime import date, datetime, time, timedelta
from typing import get_args

import streamlit as st

from app import session
from app.screens import events
from app.session import t
from curation_db.ledger import Kind
from curation_db.safety import audit


def chosen(people: list[str]) -> audit.Filter:
    """The filter as the widgets say it, of these people."""
    one, two, three, four = st.columns([3, 3, 2, 4])
    with one:
        person = st.selectbox(
            t("audit.person"),
            [None, *people],
            format_func=lambda name: name or t("audit.anyone"),
            key="audit_person",
        )
    with two:
        kind = st.selectbox(t("audit.kind"), [None, *get_args(Kind)], format_func=events.kind, key="audit_kind")
    with three:
        entry = st.text_input(t("audit.entry"), key="audit_entry").strip() or None
    with four:
        days = st.date_input(t("audit.days"), [], key="audit_days", format=t("number.picker"))
    since, until = _span(days)
    return audit.Filter(person=person, kind=kind, entry=entry, since=since, until=until)


def _span(days: tuple[date, ...]) -> tuple[datetime | None, datetime | None]:
    """From the first day's beginning to the last one's end, in the browser's time zone."""
    if not days:
        return None, None
    first, last = (datetime.combine(day, time(), session.zone()) for day in (days[0], days[-1]))
    return first, last + timedelta(days=1)
