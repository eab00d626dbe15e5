"""A long command on screen: its bar, time left, end; the page need not stay open for it to go on."""

import time
from collections.abc import Callable

import streamlit as st

from app import session
from app.i18n import number
from app.services import jobs
from app.session import t


def line(what: str, place: str = "", *, success: bool = True) -> bool:
    """Draw the job of a kind, if there is one; whether it is running. `success`: say too that it is done, where the
    page does not show it anyway."""
    job = jobs.find(session.workspace(), what)
    if job is None or (job.state == "done" and not success):
        return False
    if job.state == "running":
        _running(what, place)
        return True
    draw = {"done": st.success, "failed": st.error, "cancelled": st.warning}[job.state]
    draw(t(f"job.{what}_{job.state}", time=_time(job.seconds)))
    if job.state == "failed" and job.words:
        st.code("\n".join(job.words), language=None, wrap_lines=True)
    st.button(t("job.dismiss"), key=f"dismiss_{what}_{place}", on_click=_act, args=(jobs.dismiss, what))
    return False


@st.fragment(run_every=1)
def _running(what: str, place: str) -> None:
    job = jobs.find(session.workspace(), what)
    if job is None or job.state != "running":
        st.rerun()
        return
    with st.container(border=True):
        label = t("job.step", step=session.plain(job.label)) if job.label else t("job.starting")
        st.markdown(f"**{t(f'job.{what}_running')}** · {label}")
        left = _left(what, job)
        words = t("job.elapsed", time=_time(job.seconds))
        if left is not None:
            words += " · " + t("job.left", time=_time(left))
        st.progress(job.fraction or 0.0, text=words)
        st.button(t("job.stop"), key=f"stop_{what}_{place}", on_click=_act, args=(jobs.cancel, what))


def _act(how: Callable[..., None], what: str) -> None:
    session.attempt(how, session.workspace(), session.store(), session.person(), what)


def _left(what: str, job: jobs.Job) -> float | None:
    """Seconds left of this step at the pace since it was first seen; None until there is a pace."""
    now = time.monotonic()
    label, since, done = st.session_state.setdefault(f"pace_{what}", (job.label, now, job.done))
    if label != job.label or job.done < done:
        st.session_state[f"pace_{what}"] = (job.label, now, job.done)
        return None
    if job.total is None or job.done <= done or now - since < 2:
        return None
    return (job.total - job.done) * (now - since) / (job.done - done)


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    if minutes >= 60:
        return f"{number(session.language(), minutes // 60)} h {minutes % 60:02d}"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
