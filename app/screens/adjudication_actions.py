"""What is pressed on the adjudication screen: relation, reason, decision."""

from collections.abc import Sequence

import streamlit as st

from app.screens.adjudication_keys import key, others, press
from app.screens.review_keys import RELATION_KEYS
from app.services import adjudication
from app.services.adjudication import Bench, Sight
from app.session import t
from curation_db.adjudication.cases import Case
from curation_db.ledger import Relation

RATINGS = range(6)


def actions(here: Bench, sight: Sight, docket: Sequence[Case]) -> None:
    """The keys, at the foot of the window. Where a decision stands it can only be reopened."""
    heard = sight.heard
    decided = heard.standing is not None
    reason = f"because_{'_'.join(heard.place)}_{len(heard.past)}"
    with st.container(key="actions", gap="xsmall"):
        with st.container(horizontal=True, gap="xsmall", key="relations"):
            if not decided:
                _relations(here, sight)
            hint = t("adjudication.reopen_hint" if decided else "adjudication.reason_hint")
            st.text_input(
                t("adjudication.reason"),
                key=reason,
                placeholder=hint,
                label_visibility="collapsed",
                max_chars=2000,
            )
        if not decided:
            with st.container(horizontal=True, gap="xsmall", wrap=False, key="ratings"):
                for rating in RATINGS:
                    _rating(here, sight, rating, reason, docket)
        with st.container(horizontal=True, gap="xsmall", key="other_keys"):
            others(here, sight, reason, docket)


def _relations(here: Bench, sight: Sight) -> None:
    st.html(f'<span class="label">{t("judging.relation")}</span>', width="content")
    for relation, shortcut in RELATION_KEYS.items():
        on = here.relation == relation
        kind = "primary" if on else "secondary"
        wanted = None if on else relation
        key(f"judging.{relation}", f"{relation}_{sight.name}", shortcut, _relate, here, wanted, type=kind)


def _rating(here: Bench, sight: Sight, rating: int, reason: str, docket: Sequence[Case]) -> None:
    st.button(
        f"**{rating}** {t(f'anchor.short_{rating}')}",
        key=f"decide_{rating}_{sight.name}",
        help=t(f"anchor.full_{rating}"),
        shortcut=str(rating),
        width="stretch",
        wrap=True,
        on_click=press,
        args=(adjudication.decide, here, sight, reason),
        kwargs={"rating": rating, "docket": docket},
    )


def _relate(here: Bench, relation: Relation | None) -> None:
    here.relation = relation
