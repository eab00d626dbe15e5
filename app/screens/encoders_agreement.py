"""How far two encoders agree: their candidates, and their vectors where these can be compared."""

import streamlit as st

from app.services.comparison import Compared
from app.session import n, t


def agreement(found: Compared, *, comparable: bool) -> None:
    """`comparable`: whether a cosine between their vectors means something."""
    where = t("encoders.from_quick" if found.quick else "encoders.from_run", at=found.at, name=found.origin)
    st.caption(where)
    agreed = found.agreement
    if agreed is None:
        return
    with st.container(horizontal=True, key="agreement"):
        st.metric(t("encoders.entries"), n(agreed.entries), width=130)
        for depth, share in agreed.overlap.items():
            label = t("encoders.overlap", depth=depth)
            st.metric(label, _percent(share), help=t("encoders.overlap_help", depth=depth), width=150)
        st.metric(t("encoders.rbo"), n(agreed.rank_biased, 3), help=t("encoders.rbo_help"), width=170)
        st.metric(t("encoders.first"), n(agreed.first), help=t("encoders.first_help"), width=170)
    _drift(found, comparable=comparable)


def _drift(found: Compared, *, comparable: bool) -> None:
    drift = found.sides.drift
    if drift is None:
        st.caption(t("encoders.no_drift" if comparable else "encoders.other_space"))
        return
    with st.container(horizontal=True, key="drift"):
        st.metric(t("encoders.mean_cosine"), n(drift["mean_cosine"], 4), help=t("encoders.cosine_help"), width=150)
        st.metric(t("encoders.least_cosine"), n(drift["least_cosine"], 4), width=150)
        st.metric(t("encoders.neighbours"), _percent(drift["neighbours"]), width=170)


def _percent(share: float) -> str:
    return t("encoders.percent", share=n(100 * share, 1))
