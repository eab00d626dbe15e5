"""Signing in, in team mode: by the institution's account, by password, or for the first time by a code."""

import time

import streamlit as st

from app import entering, session
from app.services import accounts, membership
from app.session import t


def screen() -> None:
    if entering.fetched_cookie():
        return
    with st.container(width=460, key="signin"):
        if st.user.get("is_logged_in"):
            _outsider()
        elif membership.waits_for_setup(session.workspace()):
            _set_up()
        else:
            _ways_in()


def _ways_in() -> None:
    st.title(t("signin.title"))
    if membership.has_provider(session.workspace()):
        st.button(t("signin.provider"), type="primary", width="stretch", on_click=st.login, key="provider")
        st.caption(t("signin.or"))
    known, first = st.tabs([t("signin.password_way"), t("signin.code_way")])
    with known:
        _by_password()
    with first:
        _by_code()


def _by_password() -> None:
    with st.form("signin_form", border=False):
        name = entering.name("signin")
        password = entering.secret("password", "signin_password", "current-password")
        if st.form_submit_button(t("signin.enter"), type="primary", width="stretch"):
            entering.ask(accounts.check, name, password)


def _by_code() -> None:
    with st.form("first_form", border=False):
        st.caption(t("signin.code_why"))
        name = entering.name("first")
        code = entering.secret("code", "first_code", "one-time-code")
        password = entering.new_password("first")
        pressed = st.form_submit_button(t("signin.choose_enter"), type="primary", width="stretch")
        if pressed and password is not None:
            entering.ask(accounts.choose, name, code.strip().upper(), password)


def _set_up() -> None:
    st.title(t("signin.setup_title"))
    st.write(t("signin.setup_why"))
    with st.form("setup_form", border=False):
        code = st.text_input(t("signin.setup_code"), key="setup_code", autocomplete="off")
        name = entering.name("setup")
        password = entering.new_password("setup")
        pressed = st.form_submit_button(t("signin.setup"), type="primary", width="stretch")
        if pressed and password is not None:
            with session.errors_in_words():
                store = session.store()
                asked = (code, name, password, session.address())
                now = time.monotonic()
                entering.go_on(membership.set_up(session.workspace(), store, *asked, at=session.now(), now=now))


def _outsider() -> None:
    st.title(t("signin.outsider_title"))
    st.write(t("signin.outsider", identity=session.plain(st.user.get("email") or st.user.get("sub") or "?")))
    st.button(t("signin.leave"), on_click=st.logout, key="leave")
