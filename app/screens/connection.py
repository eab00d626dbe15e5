"""Between the keys and the server: says at once when a press could not be kept, and later what became of it."""

import time
from pathlib import Path
from typing import Any

import streamlit as st

from app import session
from app.session import t
from curation_db.judging import received
from curation_db.queries import Place

WORDS = ("away", "lost", "unsure", "slow", "back", "kept", "again", "close")
JUDGING = {**{str(rating): str(rating) for rating in range(6)}, "n": "N", "s": "S", "x": "X"}
"""Keys that record a judgement, and what they are called."""

_watch = st.components.v2.component(
    "lexalign_connection", js=Path(__file__).parents[1].joinpath("connection.js").read_text(encoding="utf8")
)


def watch(person: str, place: Place | None) -> None:
    """Watch over the presses on the place on show; it draws nothing while all is well."""
    data: dict[str, Any] = {
        "words": {name: t(f"connection.{name}") for name in WORDS},
        "keys": JUDGING,
        "turn": time.monotonic_ns(),
        "answer": st.session_state.pop("connection_answer", None),
        "place": None,
    }
    if place is not None:
        mark = received.mark(session.store(), person, place)
        data["place"] = {"entry": place.entry_id, "cui": place.cui, "mark": mark}
    _watch(key="connection", data=data, on_asked_change=_answer, height="content")


def waker() -> None:
    """Outside of every fragment: what a browser asks here draws the whole page anew, which a server that was started
    again must do before it knows the page's buttons."""
    _watch(key="waker", data={"waker": True}, on_asked_change=_nothing, height="content")


def _nothing() -> None:
    """The drawing is the answer."""


def _answer() -> None:
    """The browser came back and asks for a press that it had sent just before."""
    asked = st.session_state.connection.asked
    if not isinstance(asked, dict) or session.person() is None:
        return
    try:
        place, mark = Place(str(asked["entry"]), str(asked["cui"])), int(asked["mark"])
    except (KeyError, TypeError, ValueError):
        return
    kept = session.attempt(received.since, session.store(), session.me(), place, mark)
    st.session_state.connection_answer = {"asked": asked, "kept": kept is not None}
