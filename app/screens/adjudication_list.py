"""The cases: which ones, and which of them is on show."""

from typing import get_args

import streamlit as st

from app import session
from app.screens.adjudication_case import line
from app.services import adjudication
from app.services.adjudication import Bench
from app.session import n, t
from curation_db.adjudication.cases import Case, Status, Why

LONGEST = 200
"""Cases in the list: a longer one is found by its filters."""


def docket(here: Bench) -> tuple[Case, ...]:
    """The filters, and the cases that pass them."""
    with st.container(horizontal=True, key="docket", vertical_alignment="center"):
        status, why, text = st.container(width="content"), st.container(width=290), st.container(width=210)
    with why:
        chosen = st.multiselect(
            t("adjudication.why"),
            get_args(Why),
            format_func=lambda one: t(f"adjudication.why_{one}"),
            key="case_why",
            placeholder=t("adjudication.any"),
            label_visibility="collapsed",
        )
    with text:
        words = st.text_input(
            t("adjudication.search"),
            key="case_text",
            placeholder=t("adjudication.search"),
            icon=":material/search:",
            label_visibility="collapsed",
        )
    found, counts = adjudication.cases(session.store(), session.me(), here, why=chosen, text=words)
    with status:
        key = f"case_status_{here.status}"
        st.segmented_control(
            t("adjudication.status"),
            get_args(Status),
            format_func=lambda one: f"{t(f'adjudication.{one}')} ({n(counts[one])})",
            default=here.status,
            required=True,
            key=key,
            on_change=_chosen,
            args=(here, key),
            label_visibility="collapsed",
        )
    return found


def lines(here: Bench, docket: tuple[Case, ...]) -> None:
    """The cases, the one on show marked."""
    with st.container(key="cases"), st.container(key="candidates", gap="xxsmall"):
        for one in docket[:LONGEST]:
            state, name = "on" if one.place == here.place else "off", "_".join(one.place)
            with st.container(key=f"one_{state}_{name}"):
                st.button(
                    line(one),
                    key=f"case_{name}",
                    type="tertiary",
                    width="stretch",
                    wrap=True,
                    on_click=here.go,
                    args=(one.place,),
                )
    if len(docket) > LONGEST:
        st.caption(t("adjudication.longest", shown=LONGEST, n=len(docket)))


def _chosen(here: Bench, key: str) -> None:
    here.status = st.session_state[key]
    here.go(None)
    session.remember_all({"entry": None, "cui": None})
