"""What others think of the pair on show, once one has rated it."""

import streamlit as st

from app import session
from app.screens import discussion
from app.services import veil
from app.services.appearance import standing
from app.session import t
from curation_db.queries import Card, Place


def others(card: Card) -> None:
    """Their ratings where the project agreed on that, and the discussion; nothing before one's own rating."""
    said = standing(card)
    if said is None or said.rating is None:
        return
    if veil.shares(session.store()):
        _ratings(card.place)
    discussion.offered(card.place)


def _ratings(place: Place) -> None:
    """One line; nothing where nobody else rated the pair."""
    ratings = veil.others(session.store(), session.me(), place)
    if ratings:
        shown = " · ".join(f"{session.plain(name)} **{rating}**" for name, rating in ratings)
        st.caption(t("guideline.others", ratings=shown))
