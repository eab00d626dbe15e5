"""The entries that everybody rates first: none, drawn at random, or chosen."""

import streamlit as st

from app import session
from app.services import designs
from app.session import t
from curation_db.rating_plans.dealing import Design
from curation_db.safety import audit


def entries(agreed: Design) -> tuple[str, ...] | None:
    """Their identifiers; None, and the reason on screen, where the list cannot be read."""
    kinds = ("none", "random", "chosen")
    kind = st.segmented_control(
        t("design.calibration"),
        kinds,
        default="chosen" if agreed.calibration else "none",
        format_func=lambda name: t(f"design.calibration_{name}"),
        key="design_calibration",
        required=True,
        help=t("design.calibration_help"),
    )
    if kind == "none":
        return ()
    if kind == "random":
        count, draw, _ = st.columns([1, 1, 1])
        size = int(count.number_input(t("design.calibration_size"), 1, 200, 20, key="calibration_size"))
        seed = int(draw.number_input(t("design.seed"), 0, 9999, 0, key="calibration_seed"))
        return designs.draw(session.store(), size, seed=seed)
    written = st.text_area(
        t("design.calibration_entries"), "\n".join(agreed.calibration), key="calibration_entries"
    )
    if agreed.calibration:
        terms = audit.terms(session.store(), agreed.calibration)
        shown = ", ".join(terms.get(one, one) for one in agreed.calibration)
        st.caption(t("design.calibration_are", terms=session.plain(shown)))
    return session.attempt(designs.find, session.store(), written)
