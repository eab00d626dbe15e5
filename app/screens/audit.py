"""The audit: the ledger with its filters, page by page, and as a file."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from app import session
from app.screens import audit_filter, events
from app.session import n, t
from curation_db import queries
from curation_db.ledger import Event
from curation_db.safety import audit

SHOWN = 100


def screen() -> None:
    st.title(t("page.audit"))
    st.caption(t("audit.what"))
    store, me = session.store(), session.me()
    which = audit_filter.chosen(queries.people(store))
    total, _ = audit.page(store, me, which, limit=0)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        start = events.offset(total, SHOWN, "audit")
        st.caption(t("audit.count", n=n(total)), width="content")
        st.download_button(
            t("audit.download"), lambda: _csv(which), "audit.csv", "text/csv", on_click="ignore", key="audit_csv"
        )
    _, found = audit.page(store, me, which, limit=SHOWN, offset=start)
    known = events.names(found)
    st.dataframe(
        pd.DataFrame([_row(one, known) for one in found]),
        hide_index=True,
        height=min(640, 40 + 35 * len(found)),
        column_config={
            t("audit.at"): st.column_config.DatetimeColumn(format=t("number.moment"), width=150),
            t("audit.done"): st.column_config.TextColumn(width=360),
        },
    )


def _row(event: Event, known: Mapping[str, str]) -> dict[str, object]:
    return {
        t("audit.at"): event.at.astimezone(session.zone()).replace(tzinfo=None),
        t("audit.person"): event.person or "–",
        t("audit.done"): events.sentence(event, known),
        t("audit.undone"): t("deeds.undone") if event.undone else "",
        t("audit.shown"): ", ".join(event.encoders or ()),
        t("audit.score"): "" if event.score is None else n(event.score, 3),
        t("audit.seconds"): "" if event.seconds is None else n(event.seconds, 1),
        t("audit.id"): event.entry_id or "",
        "nº": event.event_id,
    }


def _csv(which: audit.Filter) -> bytes:
    return audit.table(session.store(), session.me(), which).to_pandas().to_csv(index=False).encode("utf-8-sig")
