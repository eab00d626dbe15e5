"""What was published: numbered, vouched for, to be taken away."""

import streamlit as st

from app import session
from app.services import publishing
from app.services.publishing import Release
from app.session import t


def publications() -> None:
    made = publishing.releases(session.workspace(), session.store(), session.me())
    if not made:
        st.info(t("publish.none"))
    for one in made:
        with st.container(border=True, key=f"publication_{one.recorded.number}", gap="small"):
            _release(one)


def _release(one: Release) -> None:
    number = one.recorded.number
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{t('publish.number', number=number)}**", width="content")
        st.badge(t("publish.whole" if one.whole else "publish.damaged"), color="green" if one.whole else "red")
    st.caption(t("publish.by", at=session.when(one.recorded.at), person=session.plain(one.recorded.person)))
    if one.manifest:
        counts, people = one.manifest["counts"], len(one.manifest["people"])
        st.caption(t("publish.counts", pairs=counts["pairs"], decided=counts["decided"], people=people))
    with st.container(horizontal=True, gap="xsmall"):
        for file in sorted(one.folder.glob("*")):
            st.download_button(
                file.name, file.read_bytes, file.name, on_click="ignore", key=f"take_{number}_{file.name}"
            )
