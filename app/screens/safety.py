"""Safety: backups, the project as one file, a past moment, and whether the ledger is sound."""

import streamlit as st

from app import session
from app.screens import safety_archive, safety_backups, safety_past
from app.services import safety
from app.session import n, t


def screen() -> None:
    st.title(t("page.safety"))
    parts = {
        "backups": safety_backups.part,
        "archive": safety_archive.part,
        "past": safety_past.part,
        "check": _check,
    }
    for tab, draw in zip(st.tabs([t(f"safety.{name}") for name in parts]), parts.values(), strict=True):
        with tab:
            draw()


def _check() -> None:
    st.write(t("safety.check_what"))
    if not st.button(t("safety.check_now"), key="check_ledger"):
        return
    with st.spinner(t("safety.checking")):
        found = session.attempt(safety.check, session.store(), session.me(), refused=())
    for check in found:
        words = t(f"safety.check_{check.name}", count=n(check.count))
        if check.wrong:
            st.error(f"{words} {t('safety.wrong', wrong=n(check.wrong))}", icon=":material/error:")
        else:
            st.success(words, icon=":material/check:")
