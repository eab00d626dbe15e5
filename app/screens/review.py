"""The review: one card at a time, rated from the keyboard."""

import time

import streamlit as st

from app import identity, session
from app.screens import connection, guideline, review_address, review_bulk, review_bulk_keys
from app.screens import review_card as draw
from app.screens.review_actions import actions
from app.screens.review_list import candidates
from app.screens.review_queue import empty, position, queue
from app.screens.review_search import search
from app.services import ahead, appearance, runs, veil
from app.services.appearance import Showing, Sitting
from app.session import t
from curation_db.queries import Card


def screen() -> None:
    if not identity.signed_in():
        return
    if not runs.ready(session.workspace(), session.store(), at=session.now()):
        st.title(t("page.review"))
        st.info(t("review.no_run"))
        return
    review_address.follow(sitting())
    guideline.panel()
    connection.waker()
    _card()


def sitting() -> Sitting:
    """Where this page's person is; the page's address says so after a reload."""
    return st.session_state.setdefault("sitting", Sitting())


@st.fragment
def _card() -> None:
    with session.errors_in_words():
        here, person, store = sitting(), session.me(), session.store()
        card = appearance.arrive(store, here, person)
        review_address.write(here)
        with st.container(key="review"):
            beside = queue(here, person)
            if card is None:
                empty(here)
                actions(here, None, None)
            else:
                showing = appearance.appear(here, card, person, time.monotonic())
                card = veil.veiled(store, card, person, here, at=session.now())
                (_bulk if review_bulk.opened(showing) else _one)(here, card, showing)
                ahead.read_ahead(store, session.terminology(), card, person, here)
        with beside:  # counted last: the card need not wait for it
            identity.done(position(card) if card is not None else "")
        connection.watch(person, here.place)


def _one(here: Sitting, card: Card, showing: Showing) -> None:
    """The entry, the concept, the candidates; the keys rate the concept."""
    left, middle, right = st.columns([10, 17, 10], gap="medium")
    with left:
        draw.entry(card, showing)
        draw.offer(here, card, showing)
    with middle:
        draw.concept(card, showing)
    with right:
        candidates(here, card)
        search(here, card)
    actions(here, card, showing)


def _bulk(here: Sitting, card: Card, showing: Showing) -> None:
    """The entry, and a list of pairs; the keys rate all of it."""
    left, wide = st.columns([10, 27], gap="medium")
    with left:
        draw.entry(card, showing)
    with wide:
        shown, chosen = review_bulk.listing(card, showing)
    review_bulk_keys.keys(here, showing, shown, chosen)
