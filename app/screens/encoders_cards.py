"""A card an encoder: what it is, what was measured, and whether the project uses it."""

import streamlit as st

from app import session
from app.screens.encoders_facts import details, facts
from app.services import encoders
from app.services.encoders import Shown
from app.session import t


def draw() -> None:
    every = encoders.shown(session.workspace())
    st.caption(t("encoders.order"))
    last = sum(one.used for one in every) == 1
    for one in every:
        with st.container(border=True, key=f"encoder_{one.name}"):
            _head(one, last=one.used and last)
            if one.card is not None:
                facts(one, one.card)
                with st.expander(t("encoders.whole_card")):
                    details(one.card)
            elif one.problem:
                st.error(session.plain(one.problem))
            else:
                st.warning(t("encoders.absent"))


def _head(one: Shown, *, last: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(f"**{session.plain(one.name)}**", width="content")
            if one.place is not None:
                st.badge(t("encoders.used", place=one.place), color="green")
            if one.comparison_only:
                st.badge(t("encoders.comparison"), color="orange", help=t("encoders.comparison_help"))
            if one.card and not one.own:
                st.badge(t("encoders.boxed"), color="gray", help=t("encoders.boxed_help"))
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if one.own and one.card:
                _remove(one, last=last)
            _use(one, last=last)


def _use(one: Shown, *, last: bool) -> None:
    name, act = ("stop", encoders.stop) if one.used else ("use", encoders.use)
    st.button(
        t(f"encoders.{name}"),
        key=f"{name}_{one.name}",
        help=t("encoders.last" if last else f"encoders.{name}_help"),
        disabled=last or (one.card is None and not one.used),
        on_click=session.attempt,
        args=(act, session.workspace(), session.store(), session.me(), one.name),
    )


def _remove(one: Shown, *, last: bool) -> None:
    with st.popover(
        t("encoders.remove"), type="tertiary", disabled=last, help=t("encoders.last") if last else None
    ):
        st.markdown(t("encoders.remove_why", name=session.plain(one.name)))
        if one.used:
            st.markdown(t("encoders.remove_used"))
        st.button(
            t("encoders.remove_now"),
            key=f"remove_{one.name}",
            on_click=session.attempt,
            args=(encoders.remove, session.workspace(), session.store(), session.me(), one.name),
        )
