"""The keys of a list that is rated in one go: the number, then the agreement."""

import streamlit as st

from app import session
from app.screens.review_bulk import toggle
from app.services import bulk
from app.services.appearance import Showing, Sitting
from app.session import t
from curation_db.judging.bulk import Pair


def keys(here: Sitting, showing: Showing, shown: bulk.Preview, chosen: list[Pair]) -> None:
    """Digits choose the rating and decide nothing; one key agrees, another leaves."""
    rating = st.session_state.bulk_rating
    with st.container(key="actions", gap="xsmall"):
        with st.container(horizontal=True, gap="xsmall", wrap=False, key="ratings"):
            for one in range(6):
                st.button(
                    f"**{one}** {t(f'anchor.short_{one}')}",
                    key=f"bulk_{one}_{showing.name}",
                    shortcut=str(one),
                    type="primary" if one == rating else "secondary",
                    width="stretch",
                    wrap=True,
                    on_click=_choose,
                    args=(one,),
                )
        with st.container(horizontal=True, gap="xsmall", key="other_keys"):
            st.button(
                _agreement(here, chosen, rating),
                key=f"bulk_agree_{showing.name}",
                shortcut="V",
                type="primary",
                disabled=rating is None or not chosen,
                on_click=_apply,
                args=(here, showing, shown, chosen, rating),
            )
            st.button(
                t("bulk.close"),
                key=f"bulk_close_{showing.name}",
                shortcut="Escape",
                on_click=toggle,
                args=(here, showing, None),
            )


def _agreement(here: Sitting, chosen: list[Pair], rating: int | None) -> str:
    if rating is None:
        return t("bulk.choose")
    words = t("bulk.agree", n=len(chosen), rating=rating)
    return f"{words}, {t(f'judging.{here.relation}')}" if here.relation else words


def _choose(rating: int) -> None:
    st.session_state.bulk_rating = rating


def _apply(here: Sitting, showing: Showing, shown: bulk.Preview, chosen: list[Pair], rating: int) -> None:
    count = session.attempt(bulk.apply, session.store(), here, showing, shown, chosen, rating, at=session.now())
    if count is not None:
        st.session_state.bulk_on = None
        st.toast(t("bulk.done", n=count, rating=rating), icon=":material/done_all:")
