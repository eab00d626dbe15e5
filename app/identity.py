"""Who is rating: names without a password, for people who share a machine or a room."""

import streamlit as st

from app import session
from app.i18n import LANGUAGES
from app.session import t
from curation_db import queries


def sidebar() -> None:
    """Language, name, and a place for one's progress."""
    st.session_state.setdefault("chosen_language", session.language())
    with st.sidebar:
        _name()
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
    if session.person() is not None:
        with st.sidebar, st.container(key="my_progress"):
            done()


def done(where: str = "") -> None:
    """How far the person is: a thin bar, two counts, and `where` before them."""
    mine = queries.progress(session.store(), session.person() or "", since=session.today())
    words = [where, t("who.progress", done=mine.entries_done), t("who.rated", rated=mine.rated, today=mine.today)]
    share = mine.entries_done / mine.entries if mine.entries else 0.0
    st.progress(share, text=" · ".join(filter(None, words)))


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
