"""Beside the number: what the concept is to the term, and why a rating is low."""

import streamlit as st

from app import session
from app.screens.review_keys import RELATION_KEYS, press
from app.services import judging, reasons
from app.services.appearance import Showing, Sitting, standing
from app.session import t
from curation_db.queries import Card

KEYED = 9
"""Reasons that a digit chooses; those after them are for the mouse."""


def relations(here: Sitting, card: Card, showing: Showing) -> None:
    said, place = standing(card), "_".join(card.place)
    with st.container(horizontal=True, gap="xsmall", key="relations"):
        st.html(f'<span class="label">{t("judging.relation")}</span>', width="content")
        for relation, key in RELATION_KEYS.items():
            on = here.relation == relation
            st.button(
                t(f"judging.{relation}"),
                key=f"relation_{relation}_{place}",
                shortcut=key,
                help=t(f"judging.{relation}_help"),
                type="primary" if on else "secondary",
                on_click=press,
                args=(judging.relate, here, showing, said, None if on else relation),
            )
        st.button(
            _why(here),
            key=f"why_{place}",
            shortcut="Y",
            help=t("judging.why_help"),
            type="primary" if choosing(showing) else "secondary",
            on_click=_choose,
            args=(here, showing),
        )


def choosing(showing: Showing) -> bool:
    """Whether the reasons stand where the ratings were, on this card."""
    return st.session_state.get("choosing_why") == showing.name


def reason_row(here: Sitting, card: Card, showing: Showing) -> None:
    """The reasons in place of the ratings, under the same digits, from 1 on; 0 is no reason."""
    said, place = standing(card), "_".join(card.place)
    known: list[tuple[str | None, str]] = [(None, t("judging.no_reason"))]
    known += [(one.name, one.words(session.language())) for one in reasons.agreed(session.store())]
    with st.container(horizontal=True, gap="xsmall", key="reasons"):
        for number, (name, words) in enumerate(known):
            st.button(
                f"**{number}** {session.plain(words)}",
                key=f"reason_{name}_{place}",
                shortcut=str(number) if number <= KEYED else None,
                type="primary" if here.reason == name else "secondary",
                on_click=_chosen,
                args=(here, showing, said, name),
            )


def _why(here: Sitting) -> str:
    if here.reason is None:
        return t("judging.why")
    words = reasons.words(reasons.agreed(session.store()), here.reason, session.language())
    return t("judging.because", reason=session.plain(words))


def _choose(here: Sitting, showing: Showing) -> None:
    # a digit that was meant for a reason must not reach the rating that stood there
    closing, renewed = choosing(showing), here.renew()
    st.session_state.choosing_why = None if closing or renewed is None else renewed.name


def _chosen(here: Sitting, showing: Showing, said: judging.Said, name: str | None) -> None:
    st.session_state.choosing_why = None
    press(judging.because, here, showing, said, name)
    here.renew()
