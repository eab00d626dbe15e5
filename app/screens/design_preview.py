"""What a design would do, before it is agreed on."""

import pandas as pd
import streamlit as st

from app import figures, session
from app.services import designs
from app.session import n, t
from curation_db.rating_plans.designs import Plan


def preview(plan: Plan, *, same: bool) -> None:
    """`same`: whether the form still says this design; only then may it be agreed on."""
    st.subheader(t("design.would"))
    if plan.hands:
        _hands(plan)
    else:
        st.write(t(f"design.what_{plan.design.way}"))
    if plan.design.calibration:
        people = len(plan.participants)
        st.write(t("design.would_calibrate", entries=len(plan.design.calibration), people=people))
    if plan.nobody:
        st.warning(t("design.nobody", entries=plan.nobody), icon=":material/person_off:")
    st.button(
        t("design.agree"),
        type="primary",
        key="design_agree",
        disabled=not same,
        help=t("design.agree_help") if same else t("design.agree_again"),
        on_click=_agree,
        args=(plan,),
    )


def _hands(plan: Plan) -> None:
    counts = [
        t("design.by_one" if raters == 1 else "design.by_raters", raters=raters, entries=entries)
        for raters, entries in plan.per_raters.items()
        if raters
    ]
    st.write(" · ".join(counts))
    people = list(plan.participants)
    alone = designs.alone(plan)
    parts = {
        t("design.alone"): [alone[person] for person in people],
        t("design.with_others"): [plan.per_person[person] - alone[person] for person in people],
    }
    names = [name if len(name) < 24 else f"{name[:23]}…" for name in people]
    figures.show(figures.stacked(names, parts, figures.COLOURS[: len(parts)], t("design.entries")), "design_hands")
    if len(people) > 1 and any(plan.shared.values()):
        st.caption(t("design.pairs"))
        rows = pd.DataFrame("", index=people, columns=people)
        for (one, other), count in plan.shared.items():
            rows.loc[one, other] = rows.loc[other, one] = n(count)
        st.dataframe(rows, width="stretch" if len(people) > 5 else "content")


def _agree(plan: Plan) -> None:
    done = session.attempt(
        designs.agree, session.workspace(), session.store(), session.me(), plan.design, at=session.now()
    )
    if done is not None:
        st.session_state.pop("design_plan", None)
        st.toast(t("design.agreed"))
