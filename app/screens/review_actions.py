"""What is pressed on the review screen: the ratings and the other keys."""

import uuid
from collections.abc import Callable
from typing import Any

import streamlit as st

from app.screens import review_bulk as bulk
from app.screens.review_keys import keymap, press, undo
from app.screens.review_relation import choosing, reason_row, relations
from app.services import review
from app.services.appearance import Showing, Sitting, standing
from app.session import t
from curation_db.queries import Card

RATINGS = (0, 1, 2, 3, 4, 5)


def actions(here: Sitting, card: Card | None, showing: Showing | None) -> None:
    """The keys, at the foot of the window, where they are seen whatever the card's length."""
    with st.container(key="actions", gap="xsmall"):
        if card is not None and showing is not None:
            row = reason_row if choosing(showing) else _ratings
            row(here, card, showing)
            relations(here, card, showing)
        with st.container(horizontal=True, gap="xsmall", key="other_keys"):
            _others(here, card, showing)
            keymap()


def _ratings(here: Sitting, card: Card, showing: Showing) -> None:
    said = standing(card)
    entry, cui = card.place
    with st.container(horizontal=True, gap="xsmall", wrap=False, key="ratings"):
        for rating in RATINGS:
            st.button(
                f"**{rating}** {t(f'anchor.short_{rating}')}",
                key=f"rate_{entry}_{cui}_{rating}",
                help=t(f"anchor.full_{rating}"),
                shortcut=str(rating),
                type="primary" if said and said.rating == rating else "secondary",
                width="stretch",
                wrap=True,
                on_click=press,
                args=(review.rate, here, showing, rating),
            )


def _others(here: Sitting, card: Card | None, showing: Showing | None) -> None:
    place = "_".join(here.place) if here.place else "none"

    def key(name: str, shortcut: str, act: Callable[..., Any], *args: Any) -> None:
        st.button(
            t(f"review.{name}"),
            key=f"{name}_{place}",
            shortcut=shortcut,
            help=t(f"review.{name}_help"),
            on_click=act,
            args=args,
        )

    if card is not None and showing is not None:
        said = standing(card)
        flagged = said is not None and said.flagged
        key("previous", "Left", press, review.move, here, showing, -1)
        key("next", "Right", press, review.move, here, showing, 1)
        key("skip", "S", press, review.skip, here, showing)
        key("unflag" if flagged else "flag", "F", press, review.flag, here, showing, not flagged)
        if here.queue != "again":  # a second pass only rates
            key("none", "N", press, review.none_of_these, here, showing)
            key("absent", "X", press, review.no_concept, here, showing)
        key("bulk", "B", bulk.toggle, here, showing, said.rating if said else None)
    key("undo", "U", undo, here, showing, showing.command("undo") if showing else str(uuid.uuid4()))
