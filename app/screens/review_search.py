"""The search for a better concept, and what it found."""

import streamlit as st

from app import session
from app.screens.review_list import line
from app.services import concepts
from app.services.appearance import Sitting, standing
from app.services.concepts import Found
from app.session import t
from curation_db.queries import Card

HITS = 8


def search(here: Sitting, card: Card) -> None:
    with st.container(key="search", gap="xsmall"):
        text = st.text_input(
            t("review.search"),
            key=f"search_{card.place.entry_id}",
            placeholder=t("review.search_hint"),
            icon=":material/search:",
            live="300ms",
        )
        if text.strip():
            types = st.multiselect(
                t("judging.types"),
                session.terminology().types(),
                key="search_types",
                placeholder=t("judging.all_types"),
                label_visibility="collapsed",
            )
            _hits(here, card, text, types)


def _hits(here: Sitting, card: Card, text: str, types: list[str]) -> None:
    found = concepts.search(session.terminology(), text, types=types, limit=HITS)
    if not found:
        st.caption(t("review.no_hit"))
    with st.container(key="hits", gap="xxsmall"):
        for one in found:
            said = standing(card, one.cui)
            line(here, card, one.cui, _words(one), said.rating if said else None, place="hit")


def _words(one: Found) -> str:
    """The name it was found by, the preferred one where that is another, what kind of thing it is."""
    other = f" ({one.title})" if one.title.casefold() != one.name.casefold() else ""
    return f"{session.plain(one.name + other)}  \n:gray[{session.plain(' · '.join([one.cui, *one.types]))}]"
