"""The way from one encoder to another: choose it, run it, rate its run; no rating is lost on it."""

import streamlit as st

from app import jobline, session
from app.services import jobs, runs, swap
from app.services.runs import Run
from app.services.swap import Swap
from app.session import t

DONE, TO_DO = ":green[:material/check_circle:]", ":gray[:material/radio_button_unchecked:]"


def panel() -> None:
    workspace, store = session.workspace(), session.store()
    here = swap.state(workspace, store)
    with st.container(border=True, key="swap"):
        if here.settled:
            st.markdown(f"{DONE} {t('encoders.settled', encoders=_names(here.wanted))}")
            jobline.line("align", "swap", success=False)
        else:
            _steps(here)
        st.caption(t("encoders.kept", ratings=swap.ratings(store)))


def _steps(here: Swap) -> None:
    current = t("encoders.now_rated", encoders=_names(here.rated_run.encoders)) if here.rated_run else ""
    st.markdown(f"{DONE} {t('encoders.step_chosen', encoders=_names(here.wanted))} {current}")
    running = jobline.line("align", "swap", success=False)
    if here.ready:
        st.markdown(f"{DONE} {t('encoders.step_ready', at=here.ready.at)}")
        _offer(here.ready)
    elif not running:
        _start()


def _start() -> None:
    workspace = session.workspace()
    ready = all(workspace.has_release(kind) for kind in ("lexicon", "umls"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{TO_DO} {t('encoders.step_run' if ready else 'runs.not_ready')}", width="content")
        if st.button(t("runs.start"), type="primary", disabled=not ready, key="swap_run"):
            jobs.align(workspace, session.store(), session.me())
            st.rerun()


def _offer(run: Run) -> None:
    found = swap.kept(session.store(), session.me(), run)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{TO_DO} {t('encoders.step_rate')}", width="content")
        st.button(t("runs.use"), type="primary", key="swap_use", on_click=_use, args=(run.name,))
    st.markdown(t("encoders.step_what", pairs=found.pairs, again=found.again, new=found.new))


def _use(name: str) -> None:
    where = (session.workspace(), session.store(), session.person())
    session.attempt(runs.use, *where, name, at=session.now())
    st.session_state.pop("sitting", None)


def _names(names: tuple[str, ...] | list[str]) -> str:
    return f"**{session.plain(', '.join(names))}**"
