"""The review: one card at a time, rated from the keyboard."""

import time

import streamlit as st

from app import identity, session
from app.screens import review_card as draw
from app.screens.review_actions import actions
from app.screens.review_list import candidates
from app.screens.review_queue import position, queue
from app.services import ahead, appearance, review, runs
from app.services.appearance import Sitting
from app.session import t
from curation_db.queries import Place


def screen() -> None:
    if not identity.signed_in():
        return
    if not runs.ready(session.workspace(), session.store(), at=session.now()):
        st.title(t("page.review"))
        st.info(t("review.no_run"))
        return
    _from_address(sitting())
    _card()


def sitting() -> Sitting:
    """Where this page's person is; the page's address says so after a reload."""
    return st.session_state.setdefault("sitting", Sitting())


def _from_address(here: Sitting) -> None:
    """After a reload; from then on the sitting knows better than an address that lags a press behind."""
    if here.place is not None:
        return
    entry, cui, chosen = (st.query_params.get(name) for name in ("entry", "cui", "queue"))
    if chosen in review.QUEUES:
        here.queue = chosen
    if entry and cui:
        here.go(Place(entry, cui))


@st.fragment
def _card() -> None:
    with session.errors_in_words():
        here, person, store = sitting(), session.me(), session.store()
        card = appearance.arrive(store, here, person)
        for name, value in zip(("entry", "cui"), here.place or (None, None), strict=True):
            session.remember(name, value)
        session.remember("queue", None if here.queue == "unrated" else here.queue)
        with st.container(key="review"):
            beside = queue(here, person)
            if card is None:
                st.success(t(f"review.empty_{here.queue}"))
                actions(here, None, None)
            else:
                showing = appearance.appear(here, card, person, time.monotonic())
                left, middle, right = st.columns([10, 17, 10], gap="medium")
                with left:
                    draw.entry(card, showing)
                with middle:
                    draw.concept(card, showing)
                with right:
                    candidates(here, card)
                actions(here, card, showing)
                ahead.read_ahead(store, session.terminology(), card, person, here.queue)
        with beside:  # counted last: the card need not wait for it
            identity.done(position(card) if card is not None else "")
