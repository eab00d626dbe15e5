"""The guideline: read by everybody, beside the card and here; rewritten by those who may design."""

import streamlit as st

from app import anchors, session
from app.screens.design_calibration import comparison
from app.screens.reasons import editor
from app.services import designs, guideline
from app.services.guideline import Anchor, Guideline
from app.session import t


def screen() -> None:
    st.title(t("page.guideline"))
    names = ["read", *(["calibration"] if designs.calibrated(session.store(), session.me()) else [])]
    names += ["edit", "reasons"] if session.may("design") else []
    draw = {"read": _read, "calibration": comparison, "edit": _edit, "reasons": editor}
    for name, tab in zip(names, st.tabs([t(f"guideline.{name}") for name in names]), strict=True):
        with tab:
            draw[name]()


def panel() -> None:
    """Beside the card, at the foot of the sidebar; open or not as the person left it, open while they calibrate."""
    state, store = st.session_state, session.store()
    calibrating = designs.calibrating(store, session.me())
    asked = st.query_params.get("guide")
    state.setdefault("guide_open", calibrating if asked is None else asked == "1")
    with (
        st.sidebar,
        st.expander(
            t("page.guideline"), state.guide_open, key="guide", icon=":material/menu_book:", on_change=_opened
        ),
    ):
        if calibrating:
            st.caption(t("guideline.calibrating"))
        st.html(anchors.anchors(guideline.guideline(store, session.me(), session.language())))


def _opened() -> None:
    st.session_state.guide_open = st.session_state.guide
    session.remember("guide", "1" if st.session_state.guide else "0")


def _read() -> None:
    st.html(anchors.anchors(guideline.guideline(session.store(), session.me(), session.language())))


def _edit() -> None:
    st.caption(t("guideline.edit_what"))
    code = session.language()
    shown = guideline.guideline(session.store(), session.me(), code)
    with st.form(f"guideline_{code}_{hash(shown)}", width=860):
        rule = st.text_area(t("guideline.rule"), shown.rule, max_chars=2000)
        written = tuple(_anchor(rating, one) for rating, one in enumerate(shown.anchors))
        if st.form_submit_button(t("guideline.save"), type="primary"):
            guideline.agree(session.store(), session.me(), code, Guideline(rule, written), at=session.now())
            st.toast(t("guideline.saved"))
            st.rerun()


def _anchor(rating: int, one: Anchor) -> Anchor:
    means, example = st.columns([1, 1])
    return Anchor(
        means.text_input(t("guideline.means", rating=rating), one.means, max_chars=300),
        example.text_input(t("guideline.example", rating=rating), one.example, max_chars=300),
    )
