"""A long command on screen: its bar, time left, end; the page need not stay open for it to go on."""

from collections.abc import Callable

import streamlit as st

from app import session
from app.i18n import messages, number
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
        label = t("job.step", step=session.plain(_step(job.label))) if job.label else t("job.starting")
        st.markdown(f"**{t(f'job.{what}_running')}** · {label}")
        st.progress(job.fraction or 0.0, text=" · ".join(_times(job)))
        st.button(t("job.stop"), key=f"stop_{what}_{place}", on_click=_act, args=(jobs.cancel, what))


def _times(job: jobs.Job) -> list[str]:
    """How far the step is, how long the job took and how long the step will."""
    words = [t("job.elapsed", time=_time(job.seconds))]
    if job.total is None:
        return words
    words.insert(0, t("job.count", done=job.done, total=job.total))
    if job.done < job.total:
        words.append(t("job.no_pace") if job.left is None else t("job.left", time=_time(job.left)))
    return words


def _act(how: Callable[..., None], what: str) -> None:
    session.attempt(how, session.workspace(), session.store(), session.person(), what)


def _step(label: str) -> str:
    """A command's step in the person's language; what it is about, such as an encoder's name, stays."""
    known = [key.removeprefix("step.") for key in messages(session.language()) if key.startswith("step.")]
    found = max((step for step in known if f"{label} ".startswith(f"{step} ")), key=len, default="")
    return t(f"step.{found}") + label.removeprefix(found) if found else label


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    if minutes >= 60:
        return f"{number(session.language(), minutes // 60)} h {minutes % 60:02d}"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
