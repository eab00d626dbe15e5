"""The audit: the ledger with its filters, page by page, and as a file."""

from datetime import date, datetime, time, timedelta
from typing import get_args

import pandas as pd
import streamlit as st

from app import session
from app.screens import events
from app.session import n, t
from curation_db import audit, queries
from curation_db.ledger import Event, Kind

SHOWN = 100


def screen() -> None:
    st.title(t("page.audit"))
    st.caption(t("audit.what"))
    store, me = session.store(), session.me()
    which = _filter(queries.people(store))
    total, _ = audit.page(store, me, which, limit=0)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        start = events.offset(total, SHOWN, "audit")
        st.caption(t("audit.count", n=n(total)), width="content")
        st.download_button(
            t("audit.download"), lambda: _csv(which), "audit.csv", "text/csv", on_click="ignore", key="audit_csv"
        )
    _, found = audit.page(store, me, which, limit=SHOWN, offset=start)
    st.dataframe(
        pd.DataFrame([_row(one) for one in found]), hide_index=True, height=min(640, 40 + 35 * len(found))
    )


def _filter(people: list[str]) -> audit.Filter:
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
        days = st.date_input(t("audit.days"), [], key="audit_days", format="YYYY-MM-DD")
    since, until = _span(days)
    return audit.Filter(person=person, kind=kind, entry=entry, since=since, until=until)


def _span(days: tuple[date, ...]) -> tuple[datetime | None, datetime | None]:
    """From the first day's beginning to the last one's end, in the browser's time zone."""
    if not days:
        return None, None
    first, last = (datetime.combine(day, time(), session.zone()) for day in (days[0], days[-1]))
    return first, last + timedelta(days=1)


def _row(event: Event) -> dict[str, object]:
    return {
        t("audit.at"): events.when(event.at),
        t("audit.person"): event.person or "–",
        t("audit.done"): events.sentence(event),
        t("audit.undone"): t("deeds.undone") if event.undone else "",
        t("audit.shown"): ", ".join(event.encoders or ()),
        t("audit.score"): "" if event.score is None else n(event.score, 3),
        t("audit.seconds"): "" if event.seconds is None else n(event.seconds, 1),
        "nº": event.event_id,
    }


def _csv(which: audit.Filter) -> bytes:
    return audit.table(session.store(), session.me(), which).to_pandas().to_csv(index=False).encode("utf-8-sig")
