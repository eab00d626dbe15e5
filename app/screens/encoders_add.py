"""Another encoder from a folder of this machine or, once agreed, from a model hub."""

import streamlit as st

from app import jobline, session
from app.services import adding
from app.services.adding import OWN, Addition
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
        st.selectbox(
            t("encoders.precision"),
            PRECISIONS,
            format_func=lambda name: t(f"encoders.precision_{name.replace('-', '_')}"),
            key="add_precision",
            width=300,
        )
        st.selectbox(
            t("encoders.pooling"),
            POOLINGS,
            format_func=lambda name: t(f"encoders.pooling_{name.replace('-', '_')}"),
            key="add_pooling",
            width=250,
            help=t("encoders.pooling_help"),
        )
        st.text_input(
            t("encoders.prefix"),
            key="add_prefix",
            width=150,
            placeholder="query: ",
            help=t("encoders.prefix_help"),
        )
    st.checkbox(t("encoders.trim"), key="add_trim", help=t("encoders.trim_help"))


def _asked(source: str, *, agreed: bool) -> Addition:
    state = st.session_state
    return Addition(
        source=source,
        name=state.add_name,
        precision=state.add_precision,
        pooling=state.add_pooling,
        prefix=state.add_prefix,
        trim=state.add_trim,
        agreed=agreed,
    )
