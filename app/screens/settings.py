"""The settings that a run depends on."""

from typing import get_args

import streamlit as st

from app import session
from app.services import runs, sources
from app.session import t
from pipeline.settings import EntryText
from pipeline.translate.catalogue import names as translators


def form() -> None:
    settings = session.workspace().settings()
    known = [card.name for card in runs.encoders()]
    with st.form("settings", width=640):
        st.text_input(t("settings.title"), settings.title, key="set_title")
        options = list(dict.fromkeys([*known, *settings.encoders]))
        st.multiselect(t("settings.encoders"), options, list(settings.encoders), key="set_encoders")
        st.segmented_control(
            t("settings.entry_text"),
            get_args(EntryText),
            default=settings.entry_text,
            required=True,
            format_func=lambda which: t(f"settings.text_{which}"),
            key="set_entry_text",
        )
        st.number_input(
            t("settings.top_k"), 1, 200, settings.top_k, key="set_top_k", help=t("settings.top_k_help")
        )
        choices = list(dict.fromkeys([*translators(), settings.translator]))
        st.selectbox(
            t("settings.translator"),
            choices,
            index=choices.index(settings.translator),
            key="set_translator",
            help=t("settings.translator_help"),
        )
        st.checkbox(
            t("settings.normalise"), settings.normalise, key="set_normalise", help=t("settings.normalise_help")
        )
        st.checkbox(
            t("settings.wordings"), settings.wordings, key="set_wordings", help=t("settings.wordings_help")
        )
        st.checkbox(
            t("settings.definitions"),
            settings.definitions,
            key="set_definitions",
            help=t("settings.definitions_help"),
        )
        st.checkbox(
            t("settings.gathered"), settings.gathered, key="set_gathered", help=t("settings.gathered_help")
        )
        st.caption(t("settings.effect"))
        if st.form_submit_button(t("settings.save"), type="primary"):
            _save()


def _save() -> None:
    state = st.session_state
    sources.save(
        session.workspace(),
        session.store(),
        session.me(),
        title=state.set_title.strip() or "Lexalign",
        encoders=tuple(state.set_encoders),
        entry_text=state.set_entry_text,
        top_k=int(state.set_top_k),
        translator=state.set_translator,
        normalise=state.set_normalise,
        wordings=state.set_wordings,
        definitions=state.set_definitions,
        gathered=state.set_gathered,
    )
    st.toast(t("settings.saved"))
