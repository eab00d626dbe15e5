"""Letting somebody in: a one-time code to hand over, or an address that the OpenID provider knows them by."""

import streamlit as st

from app import session
from app.services import accounts, membership, people
from app.session import t

NEW = ("annotator", "adjudicator", "curator", "administrator", "reader")


def invitation() -> None:
    _fresh_code()
    with st.expander(t("people.invite")):
        sso = membership.has_provider(session.workspace())
        with st.form("invite", border=False, clear_on_submit=True):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.text_input(t("people.name"), key="invite_name", max_chars=60, width=230)
                st.selectbox(
                    t("people.role"),
                    NEW,
                    format_func=lambda role: t(f"people.role_{role}"),
                    key="invite_role",
                    width=200,
                )
                if sso:
                    st.text_input(t("people.identity"), key="invite_identity", width=260)
                st.form_submit_button(t("people.let_in"), type="primary", on_click=_let_in)
            days = accounts.CODE_DAYS
            st.caption(t("people.invite_why_sso", days=days) if sso else t("people.invite_why", days=days))


def _let_in() -> None:
    state = st.session_state
    name, role, identity = state.invite_name, state.invite_role, state.get("invite_identity", "").strip()
    where = (session.workspace(), session.store(), session.person() or "")
    if identity:
        session.attempt(people.allow, *where, identity, name, role, at=session.now())
    elif code := session.attempt(people.invite, *where, name, role, at=session.now()):
        state.fresh_code = (name.strip(), code)


def _fresh_code() -> None:
    """Seen once: only its hash is kept."""
    if "fresh_code" not in st.session_state:
        return
    name, code = st.session_state.fresh_code
    with st.container(border=True, key="fresh_code_box"):
        st.markdown(t("people.code_for", name=session.plain(name), days=accounts.CODE_DAYS))
        st.code(code, language=None)
        st.button(t("people.code_done"), key="code_done", on_click=st.session_state.pop, args=("fresh_code",))
