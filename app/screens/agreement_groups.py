"""Alpha by stage, encoder and semantic type: where people agree less."""

from collections.abc import Mapping

import streamlit as st

from app import agreement_figures, figures
from app.screens.agreement_words import in_full, percent
from app.session import n, t
from pipeline.evaluate.agreement import Agreement, Report
from pipeline.evaluate.ratings import SEARCH

SHOWN = 15
"""Semantic types drawn, those with the most pairs; the report has them all."""


def draw(found: Report) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(t("agreement.by_encoder"))
        encoders = {t("agreement.search") if name == SEARCH else name: one for name, one in found.encoders.items()}
        _dots(encoders, "encoders")
        st.caption(t("agreement.by_encoder_says"))
        if len(found.stages) > 1:
            st.subheader(t("agreement.by_stage"))
            _dots({t(f"agreement.stage_{name}"): one for name, one in found.stages.items()}, "stages")
            st.caption(t("agreement.by_stage_says"))
    with right:
        st.subheader(t("agreement.by_type"))
        types = dict(list(found.types.items())[:SHOWN])
        _dots(types, "types")
        st.caption(t("agreement.by_type_says", shown=len(types), types=len(found.types)))


def _dots(groups: Mapping[str, Agreement], key: str) -> None:
    defined = {name: group for name, group in groups.items() if group.why is None}
    if defined:
        told = [_told(name, group) for name, group in defined.items()]
        estimates = {name: group.alpha for name, group in defined.items()}
        figures.show(agreement_figures.dots(estimates, told, t("agreement.alpha_axis")), f"agreement_{key}")
    if missing := len(groups) - len(defined):
        st.caption(t("agreement.not_drawn", groups=missing))


def _told(name: str, group: Agreement) -> str:
    pairs = t("agreement.shared_pairs", pairs=group.pairs)
    same = t("agreement.same_share", share=percent(group.same.value), people=n(group.people))
    return f"{name}<br>{in_full(group.alpha)}<br>{pairs}<br>{same}"
