"""The rating design: what is in force, what another one would do, what is hidden."""

import pandas as pd
import streamlit as st

from app import session
from app.screens import design_blindness, design_form, design_preview
from app.services import designs, runs
from app.session import n, t


def screen() -> None:
    st.title(t("page.design"))
    store = session.store()
    if not runs.ready(session.workspace(), store, at=session.now()):
        st.info(t("review.no_run"))
        return
    _in_force()
    choices, look = st.columns([4, 5], gap="large")
    with choices:
        st.subheader(t("design.another"))
        wanted = design_form.form(designs.design(store))
        if st.button(t("design.preview"), key="design_preview") and wanted is not None:
            st.session_state.design_plan = session.attempt(
                designs.preview, session.workspace(), store, session.me(), wanted
            )
    with look:
        plan = st.session_state.get("design_plan")
        if plan is not None:
            design_preview.preview(plan, same=plan.design == wanted)
    st.subheader(t("design.blindness"))
    design_blindness.form()


def _in_force() -> None:
    agreed = designs.design(session.store())
    words = [t(f"design.way_{agreed.way}")]
    if agreed.raters > 1:
        share = t("design.percent", share=n(100 * agreed.overlap, 0))
        words.append(t("design.shared_by", raters=agreed.raters, share=share))
    if agreed.calibration:
        words.append(t("design.calibrated", entries=len(agreed.calibration)))
    st.markdown(f"**{t('design.in_force')}** {' · '.join(words)}")
    _uncovered()
    table = designs.shares(session.store(), session.me())
    part = table["done"] / table["entries"].where(table["entries"] > 0)
    shown = pd.DataFrame(
        {
            t("design.person"): table["person"],
            t("design.entries"): table["entries"],
            t("design.done"): table["done"],
            t("design.advance"): part,
        }
    )
    if table["entries"].isna().all():
        shown = shown.drop(columns=[t("design.entries"), t("design.advance")])
    bar = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    st.dataframe(shown, hide_index=True, width=640, column_config={t("design.advance"): bar})


def _uncovered() -> None:
    left = designs.uncovered(session.store())
    if left:
        with st.container(horizontal=True, vertical_alignment="center", key="uncovered"):
            st.warning(t("design.uncovered", entries=left), icon=":material/person_off:")
            st.button(t("design.extend"), key="design_extend", type="primary", on_click=_extend)


def _extend() -> None:
    count = session.attempt(
        designs.extend, session.workspace(), session.store(), session.me(), at=session.now(), refused=None
    )
    if count is not None:
        st.toast(t("design.extended", entries=count))
