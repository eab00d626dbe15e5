"""What is read on the review screen: the entry and the concept on show."""

import zlib

import streamlit as st

from app import markup, session
from app.screens import others, review_bulk
from app.services import bulk, concepts, review
from app.services.appearance import Showing, Sitting, standing
from app.session import t
from curation_db.queries import Card


def entry(card: Card, showing: Showing) -> None:
    st.html(markup.entry(card.entry, t))
    if card.verdict:
        st.badge(t(f"review.verdict_{card.verdict}"), color="orange")
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
        shown = card.candidates[card.index].evidence
        st.html(markup.evidence(shown, session.language(), t) if shown else markup.veiled(t))
    others.others(card)
    st.html(markup.details(view, t))


def offer(here: Sitting, card: Card, showing: Showing) -> None:
    """Said under the entry where similar ones are proposed the same concept."""
    count = bulk.offered(session.store(), showing.person, card)
    if count and not review_bulk.opened(showing):
        said = standing(card)
        with st.container(key="offer"):
            st.button(
                t("bulk.offer", n=count),
                key=f"offer_{'_'.join(card.place)}",
                type="tertiary",
                icon=":material/content_copy:",
                wrap=True,
                on_click=review_bulk.toggle,
                args=(here, showing, said.rating if said else None),
            )


def _comment(showing: Showing, before: str, key: str) -> None:
    session.attempt(review.comment, session.store(), showing, before, st.session_state[key], at=session.now())
