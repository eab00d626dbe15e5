"""The head of the review screen: which cards come up, and where one is."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.screens.review_filters import filters
from app.services import queues
from app.services.appearance import Sitting
from app.session import n, t
from curation_db import queries
from curation_db.queries import Card, Queue


def queue(here: Sitting, person: str) -> DeltaGenerator:
    """The queue and its filters; returns the place beside them, for where the card stands and how far one is."""
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="queue"
    ):
        with st.container(
            horizontal=True, vertical_alignment="center", gap="xsmall", key="chosen", width="content"
        ):
            _choice(here, person)
            filters(here, person)
        return st.container(key="done", width=540)


def empty(here: Sitting) -> None:
    """Why there is no card."""
    st.success(t("queue.empty_filtered" if here.only.active else f"queue.empty_{here.queue}"))


def position(card: Card) -> str:
    rank = card.index + 1 if card.index is not None else None
    where = t("review.position", position=card.entry.position, entries=card.entries)
    if rank is not None:
        where += " · " + t("review.rank_of", rank=rank, candidates=len(card.candidates))
    return where


def _choice(here: Sitting, person: str) -> None:
    counted = queries.counts(session.store(), person)
    # another key once it is chosen: the field lets go of the keyboard, and keys rate again
    key = f"queue_choice_{here.queue}"
    st.session_state[key] = here.queue

    def label(name: Queue) -> str:
        return t(f"queue.{name}") + (f" ({n(counted[name])})" if name in counted else "")

    st.selectbox(
        t("queue.label"),
        queues.offered(session.store(), person),
        format_func=label,
        key=key,
        required=True,
        label_visibility="collapsed",
        width=250,
        on_change=_choose,
        args=(here, person, key),
    )


def _choose(here: Sitting, person: str, key: str) -> None:
    session.attempt(queues.choose_queue, session.store(), here, person, st.session_state[key])
