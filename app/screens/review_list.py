"""The entry's candidates, with what one said of them."""

import re

import streamlit as st

from app import session
from app.services import concepts, review
from app.services.appearance import Sitting, known
from app.session import t
from curation_db.queries import Card


def candidates(here: Sitting, card: Card) -> None:
    st.html(f'<h3 class="eyebrow">{t("review.candidates", n=len(card.candidates))}</h3>{_on_show(card)}')
    every = known(card)
    titles = concepts.told_apart(session.terminology(), [one.cui for one in every])
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
    mark = f":gray-badge[{rating if rating is not None else '–'}]"
    flag = " :material/flag:" if flagged else ""
    st.button(
        f"{mark} {words}{flag}",
        key=f"{place}_{card.place.entry_id}_{cui}",
        type="tertiary",
        width="stretch",
        wrap=True,
        on_click=review.look_at,
        args=(here, card, cui),
    )


def _on_show(card: Card) -> str:
    """The rule that marks the line of the concept on show. Not the button itself, nor a container around each: one
    that is drawn as another kind loses the keyboard, and containers double what every press sends."""
    name = re.sub(r"[^a-zA-Z0-9_-]", "-", "_".join(card.place))  # as Streamlit makes a class of a key
    lines = ", ".join(f".st-key-{where}_{name} button" for where in ("candidates .st-key-one", "hits .st-key-hit"))
    return f"<style>{lines} {{ background: var(--tint); box-shadow: inset 3px 0 0 var(--accent); }}</style>"
