"""Many pairs in one go: what would be rated, looked through before it is."""

import pandas as pd
import streamlit as st

from app import session
from app.services import bulk
from app.services.appearance import Showing, Sitting
from app.session import t
from curation_db.judging.bulk import MOST, Pair
from curation_db.queries import Card

KEEP = "✓"
WHICH: tuple[bulk.Which, ...] = ("similar", "identical")


def opened(showing: Showing) -> bool:
    """Whether the list stands in the concept's place, on this card."""
    return st.session_state.get("bulk_on") == showing.name


def toggle(here: Sitting, showing: Showing, rating: int | None) -> None:
    # a digit that was meant for the list must not rate the card that stood there
    closing, renewed = opened(showing), here.renew()
    st.session_state.bulk_on = None if closing or renewed is None else renewed.name
    st.session_state.bulk_rating = rating


def listing(card: Card, showing: Showing) -> tuple[bulk.Preview, list[Pair]]:
    """The list, and what stays ticked of it: the keys below rate that."""
    st.html(f'<h2 class="eyebrow">{t("bulk.title")}</h2>')
    which = st.segmented_control(
        t("bulk.which"),
        WHICH,
        default="similar",
        required=True,
        format_func=lambda one: t(f"bulk.{one}"),
        key="bulk_which",
        label_visibility="collapsed",
    )
    shown = bulk.preview(session.store(), showing.person, card, which)
    st.caption(t(f"bulk.{which}_what"))
    chosen = _ticked(showing, shown) if shown.wanted else []
    if not shown.wanted:
        st.info(t("bulk.nothing"))
    if shown.found > MOST:
        st.caption(t("bulk.first", n=MOST, found=shown.found))
    if shown.left:
        left = " · ".join(t(f"bulk.left_{why}", n=count) for why, count in shown.left.items())
        st.caption(t("bulk.left", left=left))
    return shown, chosen


def _ticked(showing: Showing, shown: bulk.Preview) -> list[Pair]:
    rows = [
        {KEEP: True, t("bulk.entry"): one.term, t("bulk.concept"): one.name, "CUI": one.cui}
        for one in shown.wanted
    ]
    fixed = [t("bulk.entry"), t("bulk.concept"), "CUI"]
    kept = st.data_editor(
        pd.DataFrame(rows),
        key=f"bulk_rows_{showing.name}_{shown.which}",
        disabled=fixed,
        hide_index=True,
        column_config={KEEP: st.column_config.CheckboxColumn(width=50)},
        height=min(300, 38 + 35 * len(rows)),
    )
    return [pair for pair, keep in zip(shown.wanted, kept[KEEP], strict=True) if keep]
