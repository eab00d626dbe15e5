"""The encoders: what is there, more of them, the search, two side by side, and the way from one to another."""

import streamlit as st

from app.screens import encoders_add, encoders_cards, encoders_compare, encoders_search, encoders_swap
from app.session import t


def screen() -> None:
    st.title(t("page.encoders"))
    encoders_swap.panel()
    parts = (encoders_cards, encoders_compare, encoders_add, encoders_search)
    names = ("installed", "compare", "add", "search")
    for tab, part in zip(st.tabs([t(f"encoders.{name}") for name in names]), parts, strict=True):
        with tab:
            part.draw()
