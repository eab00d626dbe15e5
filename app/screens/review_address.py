"""The page's address says where one is: after a reload, for a colleague, and for the browser's back button."""

import streamlit as st

from app import session
from app.services import queues
from app.services.appearance import Sitting


def follow(here: Sitting) -> None:
    """Go where the address leads. One that we wrote ourselves says nothing new; one without a card, as other pages
    leave it, keeps the person where they are."""
    asked = {key: st.query_params[key] for key in queues.KEYS if key in st.query_params}
    if here.place is not None and ("entry" not in asked or asked == st.session_state.get("address")):
        return
    release = session.workspace().release("umls")
    queues.from_address(session.store(), here, session.me(), release, asked)


def write(here: Sitting) -> None:
    """Say where one is now; a card is one step of the browser's history."""
    told = queues.to_address(here)
    session.remember_all(told)
    st.session_state["address"] = {key: value for key, value in told.items() if value is not None}
