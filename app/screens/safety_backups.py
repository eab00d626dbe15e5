"""Backups: when they are taken, which there are, and going back to one."""

from pathlib import Path

import streamlit as st

from app import session
from app.screens import events
from app.services import keeper, safety
from app.session import n, t
from curation_db.safety.backups import Backup

HOURS = (0, 1, 6, 12, 24, 48, 168)


def part() -> None:
    store = session.store()
    st.write(t("safety.backups_what"))
    if why := keeper.trouble(store):
        st.error(f"**{t('safety.trouble')}**  \n{session.plain(why)}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        hours = keeper.hours(store)
        choices = sorted({*HOURS, hours})
        st.selectbox(
            t("safety.every"),
            choices,
            index=choices.index(hours),
            format_func=_every,
            key="backup_hours",
            on_change=_schedule,
            width=260,
        )
        st.button(t("safety.take"), type="primary", key="take_backup", on_click=_take)
    found = safety.found(store, session.me())
    if not found:
        st.info(t("safety.no_backup"))
    for backup in found:
        _line(backup)


def _line(backup: Backup) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"backup_{backup.path.stem}"):
        told = t("safety.backup", size=n(backup.bytes / 1e6, 1), events=n(backup.last_event))
        st.markdown(
            f"**{events.when(backup.at)}** · {t(f'safety.why_{backup.why}')} · :gray[{told}]", width="stretch"
        )
        with st.popover(t("safety.restore")):
            st.write(t("safety.restore_what", at=events.when(backup.at)))
            name = backup.path.stem
            st.button(
                t("safety.restore_now"),
                type="primary",
                key=f"restore_{name}",
                on_click=_restore,
                args=(backup.path,),
            )


def _every(hours: int) -> str:
    return t(f"safety.every_{hours}") if hours in (0, 1, 24, 168) else t("safety.hours", hours=hours)


def _schedule() -> None:
    chosen = st.session_state.backup_hours
    session.attempt(safety.schedule, session.store(), session.me(), chosen, at=session.now())


def _take() -> None:
    if session.attempt(safety.take, session.store(), session.me(), at=session.now()) is not None:
        st.toast(t("safety.taken"), icon=":material/check:")


def _restore(path: Path) -> None:
    aside = session.attempt(safety.restore, session.store(), session.me(), path, at=session.now())
    if aside is not None:
        st.session_state.pop("sitting", None)
        st.toast(t("safety.restored", name=session.plain(aside.name)), icon=":material/check:", duration="long")
