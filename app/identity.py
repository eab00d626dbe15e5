"""Who is there: a name without a password in local mode, a person who signed in in team mode."""

import streamlit as st

from app import entering, session
from app.i18n import LANGUAGES
from app.services import accounts, membership
from app.session import t
from curation_db import access, queries


def sidebar() -> None:
    """Name, way out, language."""
    st.session_state.setdefault("chosen_language", session.language())
    with st.sidebar:
        if not session.team():
            _name()
        elif (person := session.person()) is not None:
            _account(person)
        st.segmented_control(
            "Langue / Language",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key="chosen_language",
            required=True,
            on_change=lambda: session.speak(st.session_state.chosen_language),
            label_visibility="collapsed",
            width="stretch",
        )


def progress() -> None:
    """The person's own progress, at the foot of the sidebar."""
    if session.may("rate"):
        with st.sidebar, st.container(key="my_progress"):
            done()


def done(where: str = "") -> None:
    """How far the person is: a thin bar, two counts, and `where` before them."""
    mine = queries.advance(session.store(), session.person() or "", since=session.today())
    words = [where, t("who.progress", done=mine.entries_done), t("who.rated", rated=mine.rated, today=mine.today)]
    share = mine.entries_done / mine.entries if mine.entries else 0.0
    st.progress(share, text=" · ".join(filter(None, words)))


def _account(person: str) -> None:
    """In team mode: who is signed in, another password, the way out."""
    role = t(f"people.role_{access.role(session.store(), person)}")
    with st.popover(f"{session.plain(person)}  \n:small[{role}]", width="stretch", key="account"):
        if membership.by_password(session.workspace(), session.cookies()):
            with st.form("password_form", border=False):
                old = entering.secret("old", "account_old", "current-password")
                new = entering.new_password("account")
                if st.form_submit_button(t("signin.change")) and new is not None:
                    entering.ask(accounts.choose, person, old, new)
        st.button(t("signin.leave"), key="leave", on_click=_leave)


def _leave() -> None:
    session.attempt(membership.leave, session.workspace(), session.cookies())
    if st.user.get("is_logged_in"):
        st.logout()


def _name() -> None:
    known = queries.people(session.store())
    name = session.person()
    key = f"who_{len(known)}_{name}"
    st.selectbox(
        t("who.label"),
        known,
        index=known.index(name) if name in known else None,
        key=key,
        placeholder=t("who.placeholder"),
        accept_new_options=True,
        on_change=_chosen,
        args=(key,),
    )


def _chosen(key: str) -> None:
    if name := st.session_state[key]:
        session.attempt(session.sign_in, name)


def signed_in() -> bool:
    """Whether we know who is there; draws the question where we do not."""
    if session.person() is not None:
        return True
    st.title(t("who.title"))
    st.write(t("who.why"))
    known = queries.people(session.store())
    if known:
        with st.container(horizontal=True, key="known_people"):
            for name in known:
                st.button(session.plain(name), key=f"be_{name}", on_click=session.sign_in, args=(name,))
    with st.form("join", border=False):
        st.text_input(t("who.new"), key="new_name", max_chars=60, width=360)
        if st.form_submit_button(t("who.join"), type="primary") and st.session_state.new_name.strip():
            session.sign_in(st.session_state.new_name)  # errors are told in the page
            st.rerun()
    return False
