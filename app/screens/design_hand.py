"""The table of a design made by hand: written here, or uploaded."""

from typing import get_args

import pandas as pd
import streamlit as st

from app import session
from app.services import designs
from app.session import t
from curation_db.rating_plans.dealing import By, Design, Line


def table(agreed: Design, people: list[str]) -> tuple[Line, ...] | None:
    """The lines as they are now; None, and the reason on screen, where they cannot be read."""
    file = st.file_uploader(t("design.table_file"), "csv", key="design_file", help=t("design.table_help"))
    begun: tuple[Line, ...] | None = agreed.table
    if file is not None:
        begun = session.attempt(designs.table, file.getvalue())
    if begun is None:
        return None
    edited = st.data_editor(
        pd.DataFrame(begun, columns=["person", "by", "value"], dtype="object"),
        num_rows="dynamic",
        hide_index=True,
        key=f"design_table_{hash(begun)}",
        column_config={
            "person": st.column_config.SelectboxColumn(t("design.person"), options=people, required=True),
            "by": st.column_config.SelectboxColumn(
                t("design.by"),
                options=get_args(By),
                format_func=lambda name: t(f"design.by_{name}"),
                required=True,
            ),
            "value": st.column_config.TextColumn(t("design.value"), required=True),
        },
    )
    rows = edited.dropna().itertuples(index=False)
    return session.attempt(designs.lines, list(enumerate(rows, 1)))
