"""A study: its trials drawn, its winner in words, and the button that registers it."""

from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from app import figures, jobline, session
from app.services import searches
from app.session import n, t
from pipeline.encoders.search.study import Study
from pipeline.encoders.search.trial import Trial


def draw(folder: Path) -> None:
    found = searches.read(folder)
    done = [trial for trial in found.trials if trial.measured]
    failed = len(found.trials) - len(done)
    st.caption(t("encoders.study_is", encoder=session.plain(folder.name), done=len(done), failed=failed))
    if done:
        figures.show(_pareto(found), f"pareto_{folder.name}")
        _winner(folder, found)
    if found.trials:
        with st.expander(t("encoders.report")), st.container(key="search_report"):
            st.markdown(searches.words(found, session.language()))


def _winner(folder: Path, found: Study) -> None:
    best = found.best
    if best is None:
        st.info(t("encoders.no_winner"))
        return
    st.markdown(t("encoders.winner", label=session.plain(best.label(session.language())), told=_words(best)))
    running = jobline.line("register")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            t("encoders.winner_name"),
            f"{folder.name.removesuffix('-fp32')}-fast",
            key=f"winner_{folder.name}",
            width=300,
        )
        if st.button(t("encoders.register"), disabled=running, key="register", help=t("encoders.register_help")):
            with session.errors_in_words():
                searches.register(session.workspace(), session.store(), session.me(), folder, name)
                st.rerun(scope="app")


def _pareto(found: Study) -> go.Figure:
    figure = searches.pareto(found, session.language())
    return figure.update_layout(height=420, margin={"t": 40, "r": 8})


def _words(trial: Trial) -> str:
    loss = trial.loss
    return t(
        "encoders.trial",
        ratio=n(trial.ratio, 2),
        loss=n(100 * loss.value, 2),
        low=n(100 * loss.low, 2),
        high=n(100 * loss.high, 2),
        kept=n(100 * trial.done.quality.agreement.value, 1),
        size=n(trial.done.bytes / 1e6, 1),
    )
