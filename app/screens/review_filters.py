"""What the queue is narrowed to, in a pop-up that says how many filters there are."""

import zlib
from typing import Any

import streamlit as st

from app import session
from app.services import queues
from app.services.appearance import Sitting
from app.session import t
from curation_db.queries import EVERYTHING, Filters
from curation_db.queues.order import TO_RATE


def filters(here: Sitting, person: str) -> None:
    active = here.only.active
    # other keys once they are applied: the fields then show what is, and the pop-up closes
    version = zlib.crc32(repr((here.only, here.queue)).encode())
    label = t("queue.filters_active", count=active) if active else t("queue.filters")
    # drawn only when opened: a key-press need not carry every semantic type to the browser
    box = st.popover(
        label, icon=":material/filter_list:", key=f"filters_{version}", width="content", on_change="rerun"
    )
    if box.open:
        with box, st.form(f"filter_form_{version}", border=False):
            _fields(here, person, version)
            st.form_submit_button(t("queue.apply"), type="primary", on_click=_apply, args=(here, person, version))
    if active:
        st.button(
            t("queue.clear"),
            key="clear_filters",
            type="tertiary",
            on_click=_narrow,
            args=(here, person, EVERYTHING),
        )


def _fields(here: Sitting, person: str, version: int) -> None:
    only = here.only
    st.text_input(t("queue.begins"), only.letter, key=f"begins_{version}", max_chars=40)
    st.text_input(t("queue.has"), only.text, key=f"has_{version}", max_chars=100)
    _one_of("type", queues.types(session.workspace().release("umls")), only.type, version)
    if encoders := queues.encoders(session.store(), person):
        _one_of("by", encoders, only.encoder, version)
    if here.queue not in TO_RATE:
        st.slider(t("queue.rated"), *queues.ALL_RATINGS, only.rated or queues.ALL_RATINGS, key=f"rated_{version}")
    st.toggle(t("queue.flagged_only"), only.flagged, key=f"flagged_{version}")


def _one_of(name: str, options: tuple[str, ...], chosen: str, version: int) -> None:
    index = options.index(chosen) if chosen in options else None
    st.selectbox(t(f"queue.{name}"), options, index, key=f"{name}_{version}", placeholder=t("queue.any"))


def _apply(here: Sitting, person: str, version: int) -> None:
    def entered(name: str) -> Any:
        return st.session_state.get(f"{name}_{version}")

    wanted = Filters(
        letter=entered("begins"),
        text=entered("has"),
        type=entered("type") or "",
        encoder=entered("by") or "",
        flagged=entered("flagged"),
        rated=entered("rated"),
    )
    _narrow(here, person, wanted)


def _narrow(here: Sitting, person: str, wanted: Filters) -> None:
    session.attempt(queues.narrow, session.store(), here, person, session.workspace().release("umls"), wanted)
