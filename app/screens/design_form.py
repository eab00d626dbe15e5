"""The form of a rating design."""

from typing import get_args

import streamlit as st

from app import session
from app.screens import design_first, design_hand
from app.services import designs
from app.session import t
from curation_db.rating_plans.dealing import Design, Way


def form(agreed: Design) -> Design | None:
    """The design that the form says now, begun with the one in force; None where it cannot be read."""
    able = designs.able(session.store())
    ways = get_args(Way)
    way = st.selectbox(
        t("design.way"),
        ways,
        ways.index(agreed.way),
        format_func=lambda name: t(f"design.way_{name}"),
        key="design_way",
    )
    st.caption(t(f"design.what_{way}"))
    known = [person for person in agreed.people if person in able]
    people = st.multiselect(
        t("design.people"), able, known or able, key="design_people", help=t("design.people_help")
    )
    raters, overlap, seed = 1, 1.0, agreed.seed
    if way != "everybody":
        raters, overlap, seed = _numbers(agreed, max(1, len(people)))
    table = design_hand.table(agreed, people) if way == "hand" else ()
    calibration = design_first.entries(agreed)
    if table is None or calibration is None:
        return None
    everybody = way in ("everybody", "pool") and people == able
    return Design(
        way=way,
        people=() if everybody else tuple(people),
        raters=raters,
        overlap=overlap,
        seed=seed,
        table=table,
        calibration=calibration,
    )


def _numbers(agreed: Design, most: int) -> tuple[int, float, int]:
    count, share, draw = st.columns([1, 2, 1], vertical_alignment="bottom")
    raters = int(
        count.number_input(t("design.raters"), 1, most, min(agreed.raters, most), key=f"design_raters_{most}")
    )
    percent = share.slider(
        t("design.overlap"),
        0,
        100,
        round(100 * agreed.overlap),
        5,
        t("number.slider"),
        "design_overlap",
        help=t("design.overlap_help"),
        disabled=raters == 1,
    )
    seed = int(
        draw.number_input(t("design.seed"), 0, 9999, agreed.seed, key="design_seed", help=t("design.seed_help"))
    )
    return raters, 1.0 if raters == 1 else percent / 100, seed
