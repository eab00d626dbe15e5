"""The head of the review screen: which cards come up, and where one is."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.services import review
from app.services.appearance import Sitting
from app.session import t
from curation_db.queries import Card


def queue(here: Sitting, person: str) -> DeltaGenerator:
    """The filter; returns the place beside it, for where the card stands and how far one is."""
    st.session_state["queue_choice"] = here.queue
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="queue"
    ):
        st.segmented_control(
            t("review.queue"),
            review.QUEUES,
            format_func=lambda name: t(f"review.queue_{name}"),
            key="queue_choice",
            required=True,
            label_visibility="collapsed",
            on_change=lambda: session.attempt(
                review.choose_queue, session.store(), here, person, st.session_state.queue_choice
            ),
        )
        return st.container(key="done", width=460)


def position(card: Card) -> str:
    rank = card.index + 1 if card.index is not None else None
    where = t("review.position", position=card.entry.position, entries=card.entries)
    if rank is not None:
        where += " · " + t("review.rank_of", rank=rank, candidates=len(card.candidates))
    return where
