"""What is read on the review screen: the entry and the concept on show."""

import zlib

import streamlit as st

from app import markup, session
from app.services import concepts, review
from app.services.appearance import Showing, standing
from app.session import t
from curation_db.queries import Card


def entry(card: Card, showing: Showing) -> None:
    st.html(markup.entry(card.entry, t))
    if card.verdict:
        st.badge(t("review.verdict_none"), color="orange")
    said = standing(card)
    words = said.comment if said else ""
    # another key once the words are kept: the field lets go of the keyboard, and keys rate again
    key = f"comment_{card.place.entry_id}_{card.place.cui}_{zlib.crc32(words.encode())}"
    st.text_input(
        t("review.comment"),
        words,
        key=key,
        max_chars=2000,
        placeholder=t("review.comment_hint"),
        on_change=_comment,
        args=(showing, words, key),
    )


def concept(card: Card, showing: Showing) -> None:
    known = session.terminology()
    view = concepts.view(known, card.place.cui) or concepts.unknown(card)
    st.html(markup.concept(view, t, found=showing.origin == "search"))
    if card.index is not None:
        st.html(markup.evidence(card.candidates[card.index].evidence, session.language(), t))
    st.html(markup.details(view, t))


def _comment(showing: Showing, before: str, key: str) -> None:
    session.attempt(review.comment, session.store(), showing, before, st.session_state[key], at=session.now())
