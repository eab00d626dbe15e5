"""Every two people: their weighted kappas, and how two of them rated the same pairs."""

import streamlit as st

from app import agreement_figures, figures, session
from app.screens.agreement_words import in_full, percent
from app.session import n, t
from pipeline.evaluate.agreement import Report
from pipeline.evaluate.people import Couple
from pipeline.evaluate.resampling import Estimate

WRITTEN = 12
"""People up to whom a value fits into its cell."""


def draw(found: Report) -> None:
    if not found.couples:
        return
    kappas, one = st.columns(2, gap="large")
    with kappas:
        st.subheader(t("agreement.couples"))
        _kappas(found)
    with one:
        st.subheader(t("agreement.confusion"))
        _confusion(found)


def _kappas(found: Report) -> None:
    by = st.segmented_control(
        t("agreement.weights"),
        ["quadratic", "linear"],
        default="quadratic",
        format_func=lambda name: t(f"agreement.{name}"),
        key="agreement_weights",
        required=True,
    )
    names = [person.name for person in found.people]
    both = {(couple.first, couple.second): couple for couple in found.couples}
    both |= {(second, first): couple for (first, second), couple in both.items()}
    values = [[_kappa(both[a, b], by).value if a != b else None for b in names] for a in names]
    told = [[_told(both[a, b], by) if a != b else "" for b in names] for a in names]
    figures.show(agreement_figures.heat(names, values, told, written=len(names) <= WRITTEN), "agreement_kappas")
    st.caption(t("agreement.couples_says"))


def _confusion(found: Report) -> None:
    ordered = sorted(found.couples, key=lambda couple: -couple.compared.pairs)
    couple = st.selectbox(
        t("agreement.couple"),
        ordered,
        format_func=lambda couple: f"{couple.first} – {couple.second} ({n(couple.compared.pairs)})",
        key="agreement_couple",
    )
    compared = couple.compared
    chart = agreement_figures.confusion(compared.table, couple.first, couple.second)
    figures.show(chart, "agreement_confusion")
    st.caption(
        t(
            "agreement.confusion_says",
            first=session.plain(couple.first),
            second=session.plain(couple.second),
            same=percent(compared.same.value),
            kappa=in_full(compared.quadratic, compared.why),
        )
    )


def _kappa(couple: Couple, by: str) -> Estimate:
    return couple.compared.linear if by == "linear" else couple.compared.quadratic


def _told(couple: Couple, by: str) -> str:
    kappa = in_full(_kappa(couple, by), couple.compared.why)
    return f"{couple.first} – {couple.second}<br>{kappa}<br>{t('agreement.shared_pairs', pairs=couple.compared.pairs)}"
