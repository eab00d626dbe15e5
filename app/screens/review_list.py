"""The entry's candidates with one's own ratings, and the search for a better one."""

import streamlit as st

from app import session
from app.services import concepts, review
from app.services.appearance import Sitting, known, standing
from app.session import t
from curation_db.queries import Card

HITS = 8


def candidates(here: Sitting, card: Card) -> None:
    st.html(f'<div class="eyebrow">{t("review.candidates", n=len(card.candidates))}</div>')
    every = known(card)
    titles = concepts.titles(session.terminology(), [one.cui for one in every])
    with st.container(key="candidates", height=330, border=False, gap="xxsmall"):
        for one in every:
            name = titles.get(one.cui) or one.name or one.cui
            _line(here, card, one.cui, name, one.rating, flagged=one.flagged)
    text = st.text_input(
        t("review.search"),
        key=f"search_{card.place.entry_id}",
        placeholder=t("review.search_hint"),
        icon=":material/search:",
        live="300ms",
    )
    if text.strip():
        _hits(here, card, text)


def _hits(here: Sitting, card: Card, text: str) -> None:
    found = concepts.search(session.terminology(), text, limit=HITS)
    if not found:
        st.caption(t("review.no_hit"))
    with st.container(key="hits", gap="xxsmall"):
        for cui, name in found:
            said = standing(card, cui)
            _line(here, card, cui, name, said.rating if said else None, flagged=False, place="hit")


def _line(
    here: Sitting, card: Card, cui: str, name: str, rating: int | None, *, flagged: bool, place: str = "one"
) -> None:
    state = "on" if cui == card.place.cui else "off"
    mark = f":gray-badge[{rating if rating is not None else '–'}]"
    flag = " :material/flag:" if flagged else ""
    with st.container(key=f"{place}_{state}_{card.place.entry_id}_{cui}"):
        st.button(
            f"{mark} {session.plain(name)}{flag}",
            key=f"{place}_{card.place.entry_id}_{cui}",
            type="tertiary",
            width="stretch",
            wrap=True,
            on_click=review.look_at,
            args=(here, card, cui),
        )
