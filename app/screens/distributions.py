"""How the scores lie, by encoder and format, and how they go with the ratings."""

import streamlit as st

from app import figures, session
from app.services import distributions
from app.services.distributions import Series
from app.session import n, t


@st.cache_data(show_spinner=False, max_entries=8)
def _series(versions: tuple[str, ...], measure: str, root: str, by: str) -> list[Series]:
    return distributions.series(session.workspace(), session.store(), by, measure)


def screen() -> None:
    st.title(t("page.distributions"))
    st.caption(t("distributions.what"))
    workspace = session.workspace()
    versions = distributions.versions(workspace)
    if not versions:
        st.info(t("runs.none"))
        return
    for measure in distributions.MEASURES:
        series = _series(versions, measure, str(workspace.root), session.me())
        st.subheader(t(f"distributions.{measure}"))
        figures.show(
            figures.densities(series, t(f"distributions.{measure}_axis"), t("distributions.density")),
            f"kde_{measure}",
        )
        _facts(series)
        with st.expander(t("distributions.histogram")):
            figures.show(
                figures.histograms(series, t(f"distributions.{measure}_axis"), t("distributions.candidates")),
                f"histogram_{measure}",
            )
    st.subheader(t("distributions.by_rating"))
    rows = distributions.by_rating(session.store(), session.me())
    if rows.empty:
        st.info(t("distributions.no_ratings"))
        return
    chart = figures.scores_by_rating(rows, t("distributions.rating"), t("distributions.score_axis"))
    figures.show(chart, "by_rating")


def _facts(series: list[Series]) -> None:
    for one in series:
        st.caption(
            t(
                "distributions.facts",
                label=session.plain(one.label),
                n=one.curve.n,
                median=n(one.median, 3),
                bandwidth=n(one.curve.bandwidth, 4),
                run=one.run,
            )
        )
