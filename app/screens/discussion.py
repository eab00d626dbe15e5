"""The discussion of a pair, wherever the pair is on show."""

import uuid

import streamlit as st

from app import session, voices
from app.services import discussion
from app.session import t
from curation_db.queries import Place


def offered(place: Place) -> None:
    """How many words there are, and the thread when asked for: whoever read it rates no longer blind."""
    count = discussion.count(session.store(), session.me(), place)
    if count is None:
        return
    # one key whatever the count, so that it stays open while one writes
    if st.toggle(t("discussion.title", n=count), key=f"discussion_{'_'.join(place)}", help=t("discussion.help")):
        _words(place)


def thread(place: Place) -> None:
    """The thread under its title; nothing for somebody who has yet to rate the pair."""
    count = discussion.count(session.store(), session.me(), place)
    if count is not None:
        st.html(f'<div class="eyebrow">{t("discussion.title", n=count)}</div>')
        _words(place)


def _words(place: Place) -> None:
    """What was said, and a line to answer on."""
    store, person = session.store(), session.me()
    words = discussion.thread(store, person, place, at=session.now()) or ()
    if words:
        st.html(voices.words(words, session.when))
    if discussion.may_say(store, person):
        # another key once a word is in: the field is empty, and keys are keys again
        key = f"say_{'_'.join(place)}_{len(words)}"
        st.text_input(
            t("discussion.title", n=len(words)),
            key=key,
            max_chars=2000,
            placeholder=t("discussion.hint"),
            label_visibility="collapsed",
            on_change=_say,
            args=(place, key, str(uuid.uuid4())),
        )


def _say(place: Place, key: str, command_id: str) -> None:
    text = st.session_state[key]
    session.attempt(
        discussion.say, session.store(), session.me(), place, text, command_id=command_id, at=session.now()
    )
