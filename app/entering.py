"""Typing a password, and what follows a right one: the cookie that keeps a browser signed in."""

import json
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from app import session
from app.services import accounts, membership
from app.services.accounts import Answer, Attempt
from app.session import t


def name(place: str) -> str:
    return st.text_input(t("signin.name"), max_chars=60, autocomplete="username", key=f"{place}_name")


def secret(label: str, key: str, autocomplete: str, **values: object) -> str:
    words = t(f"signin.{label}", **values)
    return st.text_input(words, type="password", max_chars=200, autocomplete=autocomplete, key=key)


def new_password(place: str) -> str | None:
    """Asked for twice; None where the two differ, which is said."""
    first = secret("new_password", f"{place}_new", "new-password", shortest=accounts.SHORTEST)
    again = secret("again", f"{place}_again", "new-password")
    if first != again:
        st.error(t("signin.differ"))
        return None
    return first


def ask(how: Callable[..., Answer], name: str, password: str, *more: Any) -> None:
    """`accounts.check` or `accounts.choose`, and what follows."""
    attempt = Attempt(name, password, session.address(), time.monotonic())
    with session.errors_in_words():
        go_on(how(session.workspace(), membership.THROTTLE, attempt, *more, at=session.now()))


def go_on(answer: Answer) -> None:
    if answer.kind == "in":
        st.session_state.ticket = membership.TICKETS.give(answer.name, time.monotonic())
        st.rerun()
    elif answer.kind == "wait":
        st.error(t("signin.wait", seconds=max(1, round(answer.wait))))
    else:
        st.error(t(f"signin.{answer.kind}"))


def fetched_cookie() -> bool:
    """Whether the page is on its way in. A screen cannot set a cookie that scripts do not see; a request can."""
    ticket = st.session_state.pop("ticket", None)
    if ticket is None:
        return False
    st.caption(t("signin.entering"))
    asked = f"{{method: 'POST', body: {json.dumps(ticket)}}}"
    script = f"fetch({json.dumps(membership.ENTER)}, {asked}).then(() => location.reload())"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
    return True
