"""Another encoder from a folder of this machine or, once agreed, from a model hub."""

from collections.abc import Iterable

import streamlit as st

from app import jobline, session
from app.services import adding
from app.services.adding import LANGUAGES, OWN, Addition
from app.session import t

PRECISIONS = ("int8", "fp32", "int8-static", "int8-weights", "bf16", "fp16", "int8-tensor")
POOLINGS = (OWN, "cls", "mean", "max", "mean-sqrt", "last", "mean-with-padding")


def draw() -> None:
    st.caption(t("encoders.add_what"))
    missing = adding.missing()
    if missing:
        st.warning(t("encoders.install", modules=", ".join(missing)))
    running = jobline.line("add")
    source = st.text_input(
        t("encoders.path"), key="add_source", placeholder=t("encoders.path_example"), help=t("encoders.path_help")
    )
    host = adding.host(source)
    if host:
        st.checkbox(t("encoders.agree", host=host), key="add_agreed", help=t("encoders.agree_help"))
    _choices()
    if st.button(t("encoders.add_now"), type="primary", disabled=running or bool(missing), key="add_now"):
        with session.errors_in_words():
            wanted = _asked(source, agreed=bool(host) and st.session_state.add_agreed)
            adding.start(session.workspace(), session.store(), session.me(), wanted)
            st.rerun()


def _choices() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            t("encoders.name"), key="add_name", width=220, max_chars=100, placeholder=t("encoders.name_example")
        )
        _choice("precision", PRECISIONS, width=300)
        _choice("reads", LANGUAGES, width=240)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choice("pooling", POOLINGS, width=250)
        st.text_input(
            t("encoders.prefix"),
            key="add_prefix",
            width=150,
            placeholder="query: ",
            help=t("encoders.prefix_help"),
        )
    st.checkbox(t("encoders.trim"), key="add_trim", help=t("encoders.trim_help"))


def _choice(what: str, options: Iterable[str], *, width: int) -> None:
    st.selectbox(
        t(f"encoders.{what}"),
        options,
        format_func=lambda name: t(f"encoders.{what}_{name.replace('-', '_')}"),
        key=f"add_{what}",
        width=width,
        help=t(f"encoders.{what}_help"),
    )


def _asked(source: str, *, agreed: bool) -> Addition:
    state = st.session_state
    return Addition(
        source=source,
        name=state.add_name,
        precision=state.add_precision,
        pooling=state.add_pooling,
        prefix=state.add_prefix,
        languages=state.add_reads,
        trim=state.add_trim,
        agreed=agreed,
    )
