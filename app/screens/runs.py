"""The runs, and which of them people rate."""

import streamlit as st

from app import jobline, session
from app.services import jobs, runs
from app.session import n, t


def screen() -> None:
    st.title(t("page.runs"))
    workspace = session.workspace()
    ready = all(workspace.has_release(kind) for kind in ("lexicon", "umls"))
    if not ready:
        st.info(t("runs.not_ready"))
    running = jobline.line("align")
    settings = workspace.settings()
    names, text = session.plain(", ".join(settings.encoders)), t(f"settings.text_{settings.entry_text}")
    st.caption(t("runs.with", encoders=names, text=text, top=settings.top_k))
    if st.button(t("runs.start"), type="primary", disabled=running or not ready, key="start_run"):
        jobs.align(workspace, session.store(), session.me())
        st.rerun()
    _finished()


def _finished() -> None:
    workspace, store = session.workspace(), session.store()
    if runs.use_first(workspace, store, at=session.now()):
        st.toast(t("runs.first_used"))
    st.subheader(t("runs.finished"))
    found, current = runs.finished(workspace), runs.in_use(store)
    if not found:
        st.caption(t("runs.none"))
    for run in found:
        _run(run, run.name == current)


def _run(run: runs.Run, current: bool) -> None:
    counts = run.manifest.get("counts", {})
    with st.container(border=True, key=f"run_{run.name}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{run.at}** · {session.plain(', '.join(run.encoders))}", width="content")
            if current:
                st.badge(t("runs.in_use"), color="green")
            else:
                st.button(t("runs.use"), key=f"use_{run.name}", on_click=_use, args=(run.name,))
        st.caption(
            t("runs.counts", entries=n(counts.get("entries")), merged=n(counts.get("merged")), name=run.name)
        )
        with st.expander(t("runs.manifest")):
            st.json(run.manifest, expanded=1)


def _use(name: str) -> None:
    where = (session.workspace(), session.store(), session.person())
    session.attempt(runs.use, *where, name, at=session.now())
    st.session_state.pop("sitting", None)
