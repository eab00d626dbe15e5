"""What is hidden from people until they have rated."""

from typing import get_args

import streamlit as st

from app import session
from app.services import veil
from app.session import t
from curation_db.judging.blindness import Blindness, Others


def form() -> None:
    agreed = veil.agreed(session.store())
    with st.form(f"blindness_{hash(agreed)}", width=760):
        hidden = st.checkbox(t("design.hidden"), agreed.hidden, help=t("design.hidden_help"))
        others = st.radio(
            t("design.others"),
            get_args(Others),
            get_args(Others).index(agreed.others),
            format_func=lambda name: t(f"design.others_{name}"),
            horizontal=True,
        )
        if st.form_submit_button(t("design.save_blindness")):
            veil.agree(session.store(), session.me(), Blindness(hidden, others), at=session.now())
            st.toast(t("design.saved_blindness"))
            st.rerun()
