"""The calibration, once one has finished it: everybody's ratings side by side."""

import streamlit as st

from app import session
from app.services import concepts, designs
from app.session import t


def comparison() -> None:
    store, person = session.store(), session.me()
    done = designs.calibrated(store, person)
    st.caption(t("guideline.calibration_what", done=sum(done.values()), people=len(done)))
    if not done.get(person) and not session.may("figures"):
        st.info(t("guideline.calibration_first"))
        return
    if not any(done.values()):
        st.info(t("guideline.calibration_none"))
        return
    # what is shown is no longer blind: it is shown when asked for, not because a page was opened
    if not st.toggle(t("guideline.compare"), key="compare_calibration", help=t("guideline.compare_help")):
        return
    table = designs.calibration(store, person, at=session.now())
    if table.empty:
        st.info(t("guideline.calibration_none"))
        return
    titles = concepts.titles(session.terminology(), table["CUI"])
    table["CUI"] = [f"{titles.get(cui, '')} {cui}" for cui in table["CUI"]]
    names = {"term": t("guideline.term"), "CUI": t("guideline.concept"), "spread": t("guideline.spread")}
    st.dataframe(table.rename(columns=names), hide_index=True)
