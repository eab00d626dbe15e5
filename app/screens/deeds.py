"""My actions: everything that one did, each to be taken back."""

import uuid

import streamlit as st

from app import identity, session
from app.screens import events
from app.session import n, t
from curation_db import retraction
from curation_db.ledger import Event
from curation_db.safety import audit

SHOWN = 25


def screen() -> None:
    if not identity.signed_in():
        return
    st.title(t("page.deeds"))
    st.caption(t("deeds.what"))
    me, store = session.me(), session.store()
    kinds = [None, *retraction.RETRACTABLE]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(t("audit.kind"), kinds, format_func=events.kind, key="deeds_kind", width=260)
        entry = st.text_input(t("audit.entry"), key="deeds_entry", width=200).strip() or None
    which = audit.Filter(person=me, kind=kind, entry=entry)
    total, _ = audit.page(store, me, which, limit=0)
    if not total:
        st.info(t("deeds.none"))
        return
    _, found = audit.page(store, me, which, limit=SHOWN, offset=events.offset(total, SHOWN, "deeds"))
    st.caption(t("audit.count", n=n(total)))
    known = events.names(found)
    for event in found:
        _line(event, events.sentence(event, known))


def _line(event: Event, sentence: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"deed_{event.event_id}"):
        words = session.plain(sentence)
        struck = f"~~{words}~~ · {t('deeds.undone')}" if event.undone else words
        st.markdown(f":gray[{events.when(event.at)}] · {struck}", width="stretch")
        if event.kind in retraction.RETRACTABLE and not event.undone:
            st.button(
                t("deeds.undo"),
                key=f"undo_{event.event_id}",
                on_click=_undo,
                args=(event.event_id, str(uuid.uuid4())),
            )


def _undo(event_id: int, command_id: str) -> None:
    act = retraction.retract
    done = session.attempt(act, session.store(), session.me(), event_id, command_id=command_id, at=session.now())
    if done is not None:
        st.toast(t("deeds.done"), icon=":material/undo:")
