"""Reading a lexicon or a UMLS release into the project."""

import streamlit as st

from app import jobline, session
from app.services import jobs, sources
from app.session import t


def ingest(kind: str) -> None:
    if kind == "lexicon":
        st.file_uploader(t("sources.upload"), type=["txt", "tsv", "csv"], key="upload")
    st.text_input(t(f"sources.path_{kind}"), key=f"path_{kind}", placeholder=t(f"sources.path_{kind}_example"))
    st.checkbox(t("sources.allow_rejects"), key=f"allow_{kind}", help=t("sources.allow_rejects_help"))
    jobline.line("ingest", kind)
    if st.button(t("sources.read"), type="primary", key=f"read_{kind}"):
        upload = st.session_state.get("upload") if kind == "lexicon" else None
        where = (session.workspace(), session.store(), session.me())
        path = (
            sources.keep_upload(*where, upload.name, upload.getvalue())
            if upload
            else sources.existing(st.session_state[f"path_{kind}"])
        )
        jobs.ingest(*where, kind, path, allow_rejects=st.session_state[f"allow_{kind}"])
        st.rerun()
