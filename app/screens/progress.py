"""How far everybody is; what they rated is never shown, only how much."""

import pandas as pd
import streamlit as st

from app import figures, session
from app.services import advancement
from app.session import n, t


def screen() -> None:
    st.title(t("page.progress"))
    store = session.store()
    people = advancement.people(store, session.me(), since=session.today())
    if not people:
        st.info(t("progress.nobody"))
        return
    _table(people)
    if session.may("figures"):
        _figures()


def _figures() -> None:
    store, person = session.store(), session.me()
    ratings = advancement.ratings(store, person, session.zone())
    if ratings.empty:
        st.info(t("distributions.no_ratings"))
        return
    days, times = st.columns(2, gap="large")
    with days:
        st.subheader(t("progress.by_day"))
        chart = figures.by_day(advancement.by_day(ratings), t("progress.day"), t("progress.ratings"))
        figures.show(chart, "by_day")
    with times:
        st.subheader(t("progress.time"))
        figures.show(figures.seconds(ratings, t("progress.person"), t("progress.seconds")), "times")
    st.subheader(t("progress.counts"), help=t("progress.counts_help"))
    counts = advancement.counts(store, person).replace(
        {"encoder": {"combined": t("progress.combined"), "search": t("progress.search")}}
    )
    figures.show(figures.rating_counts(counts, t("progress.pairs")), "counts")


def _table(people: dict[str, advancement.Progress]) -> None:
    rows = [
        {
            t("progress.person"): name,
            t("progress.done"): one.entries_done / one.entries if one.entries else 0.0,
            t("progress.entries"): f"{n(one.entries_done)} / {n(one.entries)}",
            t("progress.rated"): one.rated,
            t("progress.today"): one.today,
            t("progress.none"): one.none,
            t("progress.flagged"): one.flagged,
            t("progress.skipped"): one.skipped,
            t("progress.median"): n(one.seconds, 1),
        }
        for name, one in people.items()
    ]
    done = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config={t("progress.done"): done})
