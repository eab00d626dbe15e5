"""Two encoders on the project: how far they agree, and what the second changes for what people rated."""

import streamlit as st

from app import jobline, session
from app.screens.encoders_agreement import agreement
from app.screens.encoders_changes import changes
from app.services import comparison, encoders, swap
from app.services.comparison import Compared
from app.session import t


@st.cache_data(show_spinner=False, max_entries=8)
def _compared(origin: str, before: str, after: str) -> Compared | None:
    """A run and a comparison never change once they are there."""
    return comparison.compared(session.workspace(), before, after)


def draw() -> None:
    names = [one.name for one in encoders.shown(session.workspace()) if one.card]
    if len(names) < 2:
        st.info(t("encoders.one_only"))
        return
    st.caption(t("encoders.compare_what"))
    running = jobline.line("compare")
    before, after = _choose(names, running=running)
    if before == after:
        st.info(t("encoders.same"))
        return
    origin = comparison.origin(session.workspace(), before, after)
    found = _compared(origin, before, after) if origin else None
    if found is not None:
        agreement(found, comparable=comparison.comparable(before, after))
        changes(found, before, after)
    elif not running:
        st.caption(t("encoders.not_compared"))


def _choose(names: list[str], *, running: bool) -> tuple[str, str]:
    """First what people rate now, then what it was compared with already, or another."""
    current = swap.state(session.workspace(), session.store()).rated_run
    rated = [name for name in current.encoders if name in names] if current else []
    first = names.index(rated[0]) if rated else 0
    other = names.index(comparison.partner(session.workspace(), names[first], names))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        before = st.selectbox(t("encoders.before"), names, first, key="compare_before", width=300)
        after = st.selectbox(t("encoders.after"), names, other, key="compare_after", width=300)
        _start(before, after, running=running)
    return before, after


def _start(before: str, after: str, *, running: bool) -> None:
    workspace = session.workspace()
    ready = all(workspace.has_release(kind) for kind in ("lexicon", "umls"))
    known = comparison.origin(workspace, before, after)
    if st.button(
        t("encoders.compare_again" if known else "encoders.compare_now"),
        type="secondary" if known else "primary",
        disabled=running or not ready or before == after,
        key="compare_now",
        help=t("encoders.compare_help" if ready else "runs.not_ready"),
    ):
        comparison.start(workspace, session.store(), session.me(), before, after)
        st.rerun()
