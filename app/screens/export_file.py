"""The curated mapping as a file of the day: format, threshold, a look at it, download."""

import tempfile
from pathlib import Path

import streamlit as st

from app import session
from app.services import export
from app.session import n, t
from pipeline.interchange.merge_ratings import PUBLISHED_MINIMUM

TABLES = ("main", "extensive", "final", "sssom", "ratings", "verdicts", "table4")
CUT = ("main", "extensive", "final", "sssom")


def file() -> None:
    choices, look = st.columns([2, 5], gap="large")
    with choices:
        format, options = _choices()
        st.button(t("export.write"), type="primary", key="write_export", on_click=_write, args=(format, options))
    with look:
        _written()
        _preview(format, options)


def _choices() -> tuple[str, dict]:
    table = st.selectbox(
        t("export.table"), TABLES, format_func=lambda name: t(f"export.{name}"), key="export_table"
    )
    st.caption(t(f"export.what_{table}"))
    forms = [name.removeprefix(f"{table}-") for name in export.formats() if name.split("-")[0] == table]
    form = table if table == "sssom" else st.selectbox(t("export.format"), forms, key=f"export_form_{table}")
    minimum, proposals, withhold = PUBLISHED_MINIMUM, False, True
    if table in CUT:
        minimum = st.select_slider(
            t("export.minimum"), range(6), PUBLISHED_MINIMUM, key="export_minimum", help=t("export.minimum_help")
        )
        proposals = st.checkbox(t("export.proposals"), key="export_proposals", help=t("export.proposals_help"))
        withhold = st.checkbox(t("export.withhold"), True, key="export_withhold", help=t("export.withhold_help"))
    name = table if form == table else f"{table}-{form}"
    return name, {"minimum": minimum, "withhold": withhold, "proposals": proposals}


def _write(format: str, options: dict) -> None:
    where = (session.workspace(), session.store(), session.person())
    done = session.attempt(export.write, *where, format, **options, at=session.now())
    if done is not None:
        st.session_state.exported = done


def _written() -> None:
    if "exported" not in st.session_state:
        return
    done = st.session_state.exported
    if done.path.exists():
        place = done.path.relative_to(session.workspace().root)
        st.success(t("export.done", rows=done.rows, path=session.plain(place)))
        st.download_button(
            t("export.download"), done.path.read_bytes(), done.path.name, on_click="ignore", key="download"
        )


def _preview(format: str, options: dict) -> None:
    with tempfile.TemporaryDirectory() as folder:
        where = (session.workspace(), session.store(), session.me())
        rows, total = export.preview(*where, format, **options, folder=Path(folder))
    st.caption(t("export.preview", shown=n(len(rows)), rows=n(total)))
    st.dataframe(rows, hide_index=True, height=min(520, 38 + 35 * max(1, len(rows))))
