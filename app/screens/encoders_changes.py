"""What another encoder changes for the alignments that people rated."""

import streamlit as st

from app import figures, session
from app.services import comparison
from app.services.comparison import Compared, Verdict
from app.session import n, t
from pipeline.encoders.compare import CHANGES, Judged, counts


def changes(found: Compared, before: str, after: str) -> None:
    st.subheader(t("encoders.rated"))
    verdict = comparison.verdict(found, comparison.ratings(session.store(), session.me()))
    if not verdict.pairs:
        st.info(t("distributions.no_ratings"))
        return
    names = {"before": session.plain(before), "after": session.plain(after)}
    st.markdown(t("encoders.rated_what", pairs=len(verdict.pairs), **names))
    _figures(verdict, found.top)
    _chart(verdict.pairs)
    _table(found, verdict.pairs, before, after)


def _figures(verdict: Verdict, top: int) -> None:
    with st.container(horizontal=True, key="verdict"):
        for name in ("had", "stay", "lost", "gained", "news"):
            label, why = t(f"encoders.{name}", top=top), t(f"encoders.{name}_help", top=top)
            st.metric(label, n(getattr(verdict, name)), help=why, width=170)


def _chart(pairs: list[Judged]) -> None:
    found = counts(pairs)
    present = [rating for rating, by_change in found.items() if any(by_change.values())]
    parts = {t(f"encoders.change_{change}"): [found[rating][change] for rating in present] for change in CHANGES}
    axes = t("progress.pairs"), t("distributions.rating")
    figures.show(figures.stacked([str(rating) for rating in present], parts, figures.CHANGES, *axes), "changes")


def _table(found: Compared, pairs: list[Judged], before: str, after: str) -> None:
    rows = comparison.table(session.workspace(), found, pairs)
    if rows.empty:
        st.caption(t("encoders.nothing_changes"))
        return
    rows["change"] = rows["change"].map(lambda change: t(f"encoders.change_{change}"))
    labels: dict = {name: t(f"encoders.{name}") for name in ("term", "concept", "rating", "change")}
    for side, name in (("before", before), ("after", after)):
        rows[side] = rows[side].astype("string").fillna("–")
        labels[side] = st.column_config.TextColumn(t(f"encoders.rank_{side}"), help=name, alignment="right")
    labels["cui"] = "CUI"
    st.caption(t("encoders.table", rows=len(rows)))
    st.dataframe(rows, hide_index=True, column_config=labels, height=min(420, 38 + 35 * len(rows)))
