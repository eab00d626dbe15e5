"""The search for the fastest make of an encoder that loses nothing the sample can tell."""

import streamlit as st

from app import jobline, session
from app.screens.encoders_study import draw as study
from app.services import encoders, searches
from app.session import t


def draw() -> None:
    st.caption(t("encoders.search_what"))
    missing = searches.missing()
    if missing:
        st.warning(t("encoders.search_install", modules=", ".join(missing)))
    running = jobline.line("search")
    originals = encoders.originals()
    if originals:
        _ask(originals, disabled=running or bool(missing))
    else:
        st.info(t("encoders.no_originals"))
    known = searches.studies()
    if not known:
        return
    st.subheader(t("encoders.studies"))
    name = next(iter(known))
    if len(known) > 1:
        name = st.selectbox(t("encoders.study"), list(known), key="study", width=360)
    watch = st.fragment(run_every=10)(study) if running else study
    watch(known[name])


def _ask(originals: list[str], *, disabled: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(t("encoders.original"), originals, key="search_encoder", width=300)
        trials = st.number_input(
            t("encoders.trials"), 1, 1000, 40, key="search_trials", width=150, help=t("encoders.trials_help")
        )
        minutes = st.number_input(
            t("encoders.minutes"), 0, 10_000, 0, key="search_minutes", width=150, help=t("encoders.minutes_help")
        )
        gain = st.number_input(
            t("encoders.gain"), 0, 1000, 20, key="search_gain", width=170, help=t("encoders.gain_help")
        )
        if st.button(t("encoders.search_now"), type="primary", disabled=disabled, key="search_now"):
            with session.errors_in_words():
                where = (session.workspace(), session.store(), session.me())
                searches.start(
                    *where,
                    name,
                    trials=int(trials),
                    minutes=minutes,
                    least_gain=int(gain),
                    language=session.language(),
                )
                st.rerun()
