"""The curated mapping as a file of the day, or as a publication."""

import streamlit as st

from app import session
from app.screens.export_file import file
from app.screens.publish import publish
from app.services import runs
from app.session import t


def screen() -> None:
    st.title(t("page.export"))
    if not runs.ready(session.workspace(), session.store(), at=session.now()):
        st.info(t("review.no_run"))
        return
    ways = ("file", "release")
    way = st.segmented_control(
        t("page.export"),
        ways,
        format_func=lambda one: t(f"publish.{one}"),
        default="file",
        required=True,
        key="export_way",
        label_visibility="collapsed",
    )
    if way == "release":
        publish()
    else:
        file()
