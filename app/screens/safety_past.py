"""The state at a past moment: its counts, and its mapping as a file."""

from datetime import datetime

import streamlit as st

from app import session
from app.services import safety
from app.session import n, t
from curation_db.safety import asof
from pipeline.interchange.merge_ratings import PUBLISHED_MINIMUM

FORMATS = ("final-xlsx", "final-csv", "ratings-csv", "sssom")


def part() -> None:
    st.write(t("safety.past_what"))
    span = asof.span(session.store())
    if span is None:
        st.info(t("safety.no_event"))
        return
    first, last = (one.astimezone(session.zone()) for one in span)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            t("safety.day"),
            last.date(),
            first.date(),
            session.now().astimezone(session.zone()).date(),
            key="past_day",
            format=t("number.picker"),
            width=200,
        )
        hour = st.time_input(
            t("safety.time"), last.time().replace(microsecond=0), key="past_time", step=60, width=160
        )
    moment = datetime.combine(day, hour.replace(second=59, microsecond=999_999), session.zone())
    then = safety.then(session.store(), session.me(), moment)
    with st.container(horizontal=True):
        for name in ("judgements", "pairs", "verdicts", "people", "events"):
            st.metric(t(f"safety.then_{name}"), n(getattr(then, name)), width="stretch")
    if then.run is None:
        st.caption(t("safety.no_run"))
        return
    st.caption(t("safety.then_run", run=session.plain(then.run)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        format = st.selectbox(t("export.format"), FORMATS, format_func=_format, key="past_format", width=260)
        st.button(t("export.write"), key="write_past", on_click=_write, args=(moment, format))
    _written()


def _format(name: str) -> str:
    table, _, form = name.partition("-")
    return f"{t(f'export.{table}')} ({form.upper()})" if form else t(f"export.{table}")


def _write(moment: datetime, format: str) -> None:
    done = session.attempt(
        safety.write_then,
        session.workspace(),
        session.store(),
        session.me(),
        moment,
        format,
        minimum=PUBLISHED_MINIMUM,
    )
    if done is not None:
        st.session_state.past_written = done


def _written() -> None:
    done = st.session_state.get("past_written")
    if done is not None and done.path.exists():
        place = session.plain(done.path.relative_to(session.workspace().root))
        st.success(t("export.done", rows=done.rows, path=place))
        st.download_button(
            t("export.download"), done.path.read_bytes(), done.path.name, on_click="ignore", key="get_past"
        )
