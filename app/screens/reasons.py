"""The editor of the reasons of a low rating."""

import pandas as pd
import streamlit as st

from app import session
from app.services import reasons
from app.session import t


def editor() -> None:
    """A table of the reasons in both languages; a person who may not design reads it only."""
    known = reasons.agreed(session.store())
    st.caption(t("judging.reasons_what"))
    table = pd.DataFrame([vars(one) for one in known], columns=["name", "fr", "en"])
    edited = st.data_editor(
        table,
        key=f"reasons_{hash(known)}",
        num_rows="dynamic",
        hide_index=True,
        disabled=not session.may("design"),
        column_config={
            "name": None,
            "fr": st.column_config.TextColumn("Français", max_chars=reasons.LONGEST),
            "en": st.column_config.TextColumn("English", max_chars=reasons.LONGEST),
        },
    )
    if session.may("design"):
        st.button(t("judging.reasons_save"), key="reasons_save", on_click=_save, args=(edited,))


def _save(edited: pd.DataFrame) -> None:
    rows = edited.astype(object).where(edited.notna(), None).to_dict("records")
    if session.attempt(reasons.agree, session.store(), session.me(), rows, at=session.now()) is not None:
        st.toast(t("judging.reasons_saved"))
