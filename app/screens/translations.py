"""The translation memory: what French texts became in English, and a person's better word."""

import pandas as pd
import streamlit as st

from app import session
from app.services import translations
from app.session import t
from pipeline.translate.memory import Row

ORIGINS = ("machine", "umls", "person")


def screen() -> None:
    st.title(t("page.translations"))
    st.caption(t("translations.what"))
    known = translations.memory(session.workspace())
    if not len(known):
        st.info(t("translations.empty"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(t("translations.search"), key="translation_search", live="400ms", width=360)
        origin = st.segmented_control(
            t("translations.origin"), ORIGINS, format_func=lambda o: t(f"translations.{o}"), key="origin"
        )
    page = translations.page(known, text, origin)
    st.caption(t("translations.shown", shown=len(page.rows), total=page.total))
    chosen = st.dataframe(
        pd.DataFrame([_shown(row) for row in page.rows]),
        hide_index=True,
        height=min(320, 38 + 35 * len(page.rows)),
        on_select="rerun",
        selection_mode="single-row",
        key="translation_rows",
    ).selection.rows
    if chosen and chosen[0] < len(page.rows):
        _correct(page.rows[chosen[0]], known.history(page.rows[chosen[0]].text))
    else:
        st.caption(t("translations.choose"))


def _shown(row: Row) -> dict[str, str]:
    return {
        t("translations.text"): row.text,
        t("translations.translation"): row.translation,
        t("translations.translator"): row.translator,
        t("translations.origin"): t(f"translations.{row.origin}"),
        t("translations.at"): f"{row.at.astimezone(session.zone()):%Y-%m-%d %H:%M}",
    }


def _correct(row: Row, history: list[Row]) -> None:
    with st.container(border=True):
        st.subheader(session.plain(row.text))
        for old in history:
            st.caption(f"{session.plain(old.translation)} · {session.plain(old.translator)}")
        entries, concepts = translations.dependents(session.workspace(), row.text)
        st.caption(t("translations.dependents", entries=len(entries), concepts=len(concepts)))
        better = st.text_input(t("translations.better"), row.translation, key=f"better_{row.text}")
        if st.button(t("translations.save"), type="primary", disabled=better.strip() in ("", row.translation)):
            where = (session.workspace(), session.store(), session.me())
            translations.correct(*where, row.text, better.strip(), at=session.now())
            st.rerun()
