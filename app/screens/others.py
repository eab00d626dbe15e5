"""Other people's ratings of the pair on show, where the project agreed that they may be seen."""

import streamlit as st

from app import session
from app.services import veil
from app.services.appearance import standing
from app.session import t
from curation_db.queries import Card


def others(card: Card) -> None:
    """One line; nothing before one's own rating, nor where nobody else rated the pair."""
    said = standing(card)
    if said is None or said.rating is None or not veil.shares(session.store()):
        return
    ratings = veil.others(session.store(), session.me(), card.place)
    if ratings:
        shown = " · ".join(f"{session.plain(name)} **{rating}**" for name, rating in ratings)
        st.caption(t("guideline.others", ratings=shown))
