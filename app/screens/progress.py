"""How far everybody is; what they rated is never shown, only how much."""

import pandas as pd
import streamlit as st

from app import agreement_figures, figures, session
from app.services import advancement
from app.session import n, t


def screen() -> None:
    st.title(t("page.progress"))
    store = session.store()
    people = advancement.people(store, session.me(), since=session.today())
    if not people:
        st.info(t("progress.nobody"))
        return
    st.caption(t("progress.what"))
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
        spreads = advancement.seconds(ratings)
        figures.show(agreement_figures.spreads(spreads, t("progress.seconds")), "times")
        st.caption(t("progress.seconds_says"))
    st.subheader(t("progress.counts"), help=t("progress.counts_help"))
    counts = advancement.counts(store, person).replace(
        {"encoder": {"combined": t("progress.combined"), "search": t("progress.search")}}
    )
    figures.show(figures.rating_counts(counts, t("progress.pairs")), "counts")


def _table(people: dict[str, advancement.Progress]) -> None:
    rows = [_row(name, one) for name, one in people.items()]
    done = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1, width=130)
    pinned = st.column_config.TextColumn(pinned=True, width=150)
    counted = st.column_config.Column(alignment="right")
    columns = dict.fromkeys(rows[0], counted) | {t("progress.person"): pinned, t("progress.done"): done}
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns)


def _row(name: str, one: advancement.Progress) -> dict[str, object]:
    return {
        t("progress.person"): name,
        t("progress.done"): one.entries_done / one.entries if one.entries else 0.0,
        t("progress.entries"): f"{n(one.entries_done)} / {n(one.entries)}",
        t("progress.rated"): n(one.rated),
        t("progress.today"): n(one.today),
        t("progress.none"): n(one.none),
        t("progress.absent"): n(one.absent),
        t("progress.flagged"): n(one.flagged),
        t("progress.skipped"): n(one.skipped),
        t("progress.median"): n(one.seconds, 1),
    }
