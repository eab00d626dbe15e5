"""The whole project as one file, to keep elsewhere or to go on with on another machine."""

from pathlib import Path

import streamlit as st

from app import session
from app.services import safety
from app.session import n, t


def part() -> None:
    st.write(t("safety.archive_what"))
    vectors = st.checkbox(t("safety.vectors"), key="archive_vectors", help=t("safety.vectors_help"))
    st.button(t("safety.archive_now"), type="primary", key="write_archive", on_click=_write, args=(vectors,))
    done: Path | None = st.session_state.get("archived")
    if done is not None and done.exists():
        place = session.plain(done.relative_to(session.workspace().root))
        st.success(t("safety.archived", path=place, size=n(done.stat().st_size / 1e6, 1)))
        st.download_button(
            t("safety.download"), lambda: done.open("rb"), done.name, on_click="ignore", key="get_archive"
        )
    st.caption(t("safety.back"))
    st.code("lexalign archive import mon-projet.zip mon-dossier", language=None)


def _write(vectors: bool) -> None:
    done = session.attempt(
        safety.archive, session.workspace(), session.store(), session.me(), embeddings=vectors, at=session.now()
    )
    if done is not None:
        st.session_state.archived = done
