"""Adjudication: the pairs that people differ on, side by side, decided one after the other."""

import time

import streamlit as st

from app import identity, session
from app.screens import adjudication_case as draw
from app.screens.adjudication_actions import actions
from app.screens.adjudication_list import docket as filtered
from app.screens.adjudication_list import lines
from app.services import adjudication, runs
from app.services.adjudication import Bench
from app.session import t
from curation_db.queries import Place


def screen() -> None:
    if not identity.signed_in():
        return
    if not session.may("adjudicate"):
        st.info(t("people.closed"))
        return
    if not runs.ready(session.workspace(), session.store(), at=session.now()):
        st.info(t("review.no_run"))
        return
    with st.container(key="bench"):
        _case(_bench())


def _bench() -> Bench:
    """Where this page's person is; the page's address says so after a reload, and not later, as it lags behind."""
    if "bench" not in st.session_state:
        st.session_state.bench = Bench()
        entry, cui = st.query_params.get("entry"), st.query_params.get("cui")
        if entry and cui:
            st.session_state.bench.go(Place(entry, cui))
    return st.session_state.bench


def _case(here: Bench) -> None:
    docket = filtered(here)
    sight = adjudication.arrive(
        session.store(), session.me(), here, docket, at=session.now(), now=time.monotonic()
    )
    session.remember_all(dict(zip(("entry", "cui"), here.place or (None, None), strict=True)))
    if sight is None:
        st.success(t(f"adjudication.empty_{here.status}"))
        return
    left, middle, right = st.columns([8, 13, 14], gap="medium")
    with left:
        lines(here, docket)
    with middle:
        draw.pair(sight)
    with right:
        draw.said(sight, docket)
    actions(here, sight, docket)
