"""The entry's candidates, with what one said of them."""

import streamlit as st

from app import session
from app.services import concepts, review
from app.services.appearance import Sitting, known
from app.session import t
from curation_db.queries import Card


def candidates(here: Sitting, card: Card) -> None:
    st.html(f'<h3 class="eyebrow">{t("review.candidates", n=len(card.candidates))}</h3>')
    every = known(card)
    titles = concepts.titles(session.terminology(), [one.cui for one in every])
    # shorter while one searches, so that what is found is in view
    searched = st.session_state.get(f"search_{card.place.entry_id}")
    with st.container(key="candidates", height=150 if searched else 330, border=False, gap="xxsmall"):
        for one in every:
            words = session.plain(titles.get(one.cui) or one.name or one.cui)
            if one.relation:
                words += f" :gray[· {t(f'judging.{one.relation}')}]"
            line(here, card, one.cui, words, one.rating, flagged=one.flagged)


def line(
    here: Sitting,
    card: Card,
    cui: str,
    words: str,
    rating: int | None,
    *,
    flagged: bool = False,
    place: str = "one",
) -> None:
    """A concept in a list, its own rating before it; pressed, it is put on show."""
    state = "on" if cui == card.place.cui else "off"
    mark = f":gray-badge[{rating if rating is not None else '–'}]"
    flag = " :material/flag:" if flagged else ""
    with st.container(key=f"{place}_{state}_{card.place.entry_id}_{cui}"):
        st.button(
            f"{mark} {words}{flag}",
            key=f"{place}_{card.place.entry_id}_{cui}",
            type="tertiary",
            width="stretch",
            wrap=True,
            on_click=review.look_at,
            args=(here, card, cui),
        )
