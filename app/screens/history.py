"""An entry's history: everybody's for those who may see it, else one's own."""

import streamlit as st

from app import session, voices
from app.services import concepts
from app.session import n, t
from curation_db.safety import history


def timeline(entry_id: str) -> None:
    """What was done to the entry, the latest first."""
    events = history.of_entry(session.store(), session.me(), entry_id)
    if not events:
        st.caption(t("history.empty"))
        return
    names = concepts.titles(session.terminology(), {one.cui for one in events if one.cui})
    st.html(voices.events(events, names, t, session.when, lambda value: n(value, 2)))
