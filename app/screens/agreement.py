"""How far people agree: the whole, two by two, by group, one by one; recomputed when something was said."""

import streamlit as st

from app import session
from app.screens import agreement_couples, agreement_groups, agreement_people
from app.screens.agreement_words import figure, interval, percent, percents
from app.services import agreement
from app.session import n, t
from pipeline.evaluate.agreement import Agreement, Report


@st.cache_data(show_spinner=False, max_entries=4)
def _report(version: int, root: str, _by: str) -> Report:
    return agreement.report(session.workspace(), session.store(), _by)


def screen() -> None:
    st.title(t("page.agreement"))
    st.caption(t("agreement.what"))
    version = agreement.version(session.store(), session.me())  # refuses before a kept report is shown
    with st.spinner(t("agreement.computing"), show_time=True):
        found = _report(version, str(session.workspace().root), session.me())
    if not found.ratings:
        st.info(t("distributions.no_ratings"))
        return
    _headline(found.overall, found)
    agreement_couples.draw(found)
    agreement_groups.draw(found)
    agreement_people.draw(found)
    _downloads(found)


def _headline(overall: Agreement, found: Report) -> None:
    with st.container(horizontal=True, key="agreement_headline"):
        _figure(t("agreement.alpha"), figure(overall.alpha.value, digits=3), interval(overall.alpha))
        _figure(t("agreement.same"), percent(overall.same.value), percents(overall.same))
        st.metric(t("agreement.pairs"), n(overall.pairs), help=t("agreement.pairs_help"), width=180)
        st.metric(t("agreement.people"), n(overall.people), width=100)
        st.metric(t("agreement.ratings"), n(found.ratings), help=t("agreement.ratings_help"), width=140)
    if overall.why:
        st.info(t(f"agreement.why_{overall.why}"))
    st.caption(t("agreement.alpha_says"))


def _figure(label: str, value: str, span: str | None) -> None:
    st.metric(label, value, span, delta_color="off", delta_arrow="off", width=220)


def _downloads(found: Report) -> None:
    st.subheader(t("agreement.report"))
    with st.container(horizontal=True):
        for name, content in agreement.downloads(found).items():
            st.download_button(name, content, name, on_click="ignore", icon=":material/download:", key=name)
    st.caption(t("agreement.report_says"))
