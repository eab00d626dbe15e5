"""One by one: who rates higher or lower than the others and since when, and the time that a rating takes."""

import pandas as pd
import streamlit as st

from app import agreement_figures, figures
from app.screens.agreement_words import in_full, percent
from app.session import n, t
from pipeline.evaluate.agreement import Report
from pipeline.evaluate.people import Person

AT_ONCE = 6
"""People whose lines can be told apart: as many as there are colours."""


def draw(found: Report) -> None:
    st.subheader(t("agreement.each"))
    rows = [_row(person) for person in found.people]
    columns = dict.fromkeys(rows[0], st.column_config.Column(alignment="right"))
    columns |= {t("agreement.person"): st.column_config.TextColumn(pinned=True, width=170)}
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns)
    st.caption(t("agreement.each_says"))
    people = {person.name: person for person in found.people}
    chosen = st.multiselect(
        t("agreement.chosen"),
        list(people),
        sorted(people, key=lambda name: -abs(people[name].deviation.value or 0))[:AT_ONCE],
        max_selections=AT_ONCE,
        key="agreement_people",
    )
    if chosen:
        _lines([people[name] for name in chosen])


def _lines(people: list[Person]) -> None:
    windows = {person.name: person.windows for person in people}
    drift, times = st.columns(2, gap="large")
    with drift:
        st.subheader(t("agreement.drift"))
        chart = agreement_figures.drift(windows, t("agreement.nth"), t("agreement.deviation_axis"))
        figures.show(chart, "agreement_drift")
        st.caption(t("agreement.drift_says"))
    with times:
        st.subheader(t("agreement.pace"))
        chart = agreement_figures.medians(windows, t("agreement.nth"), t("agreement.seconds_axis"))
        figures.show(chart, "agreement_pace")
        st.caption(t("agreement.pace_says"))
    spreads = {person.name: person.seconds for person in people if person.seconds is not None}
    if spreads:
        st.subheader(t("agreement.seconds"))
        figures.show(agreement_figures.spreads(spreads, t("agreement.seconds_axis")), "agreement_seconds")
        st.caption(t("agreement.seconds_says"))


def _row(person: Person) -> dict[str, object]:
    return {
        t("agreement.person"): person.name,
        t("agreement.ratings"): n(person.ratings),
        t("agreement.shared"): n(person.shared),
        t("agreement.deviation"): in_full(person.deviation, signed=True),
        t("agreement.decided"): n(person.decided.pairs),
        t("agreement.decided_kappa"): in_full(person.decided.quadratic),
        t("agreement.twice"): n(person.twice.pairs),
        t("agreement.twice_same"): percent(person.twice.same.value),
        t("agreement.twice_kappa"): in_full(person.twice.quadratic),
        t("agreement.median"): n(person.seconds.median if person.seconds else None, 1),
    }
