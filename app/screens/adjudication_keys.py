"""The keys beside the decision: on to other cases, reopen, undo."""

import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app import session
from app.services import adjudication
from app.services.adjudication import Bench, Sight
from app.session import t
from curation_db.adjudication.cases import Case


def others(here: Bench, sight: Sight, reason: str, docket: Sequence[Case]) -> None:
    """Previous and next case, reopening where a decision stands, undo."""
    place = sight.heard.place
    for name, shortcut, way in (("previous", "Left", -1), ("next", "Right", 1)):
        to = adjudication.following(docket, place, way)
        key(f"adjudication.{name}", f"{name}_{sight.name}", shortcut, here.go, to or place)
    if sight.heard.standing is not None:
        key("adjudication.reopen", f"reopen_{sight.name}", "O", press, adjudication.reopen, here, sight, reason)
    key("review.undo", f"undo_{sight.name}", "U", _undo, here, str(uuid.uuid4()))


def key(
    words: str, name: str, shortcut: str, act: Callable[..., Any], *args: Any, type: Any = "secondary"
) -> None:
    st.button(t(words), key=name, shortcut=shortcut, help=t(f"{words}_help"), type=type, on_click=act, args=args)


def press(act: Callable[..., Any], here: Bench, sight: Sight, reason: str, **values: Any) -> None:
    said = values | {"text": st.session_state.get(reason, ""), "at": session.now(), "now": time.monotonic()}
    session.attempt(act, session.store(), session.me(), here, sight, **said)


def _undo(here: Bench, command_id: str) -> None:
    act = {"command_id": command_id, "at": session.now(), "refused": False}
    if session.attempt(adjudication.undo, session.store(), session.me(), here, **act) is None:
        st.toast(t("review.nothing_to_undo"))
