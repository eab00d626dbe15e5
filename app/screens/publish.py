"""Publishing: what is not settled yet, on what terms, and what was published."""

import streamlit as st

from app import session
from app.screens.publications import publications
from app.services import publishing
from app.services.publishing import Choices
from app.session import n, t
from curation_db.figures.unsettled import Unsettled
from pipeline.interchange.mapping import UNSPECIFIED_LICENSE
from pipeline.interchange.merge_ratings import PUBLISHED_MINIMUM

NAMED = 8
"""Entries or cases that are named under a count."""


def publish() -> None:
    st.caption(t("publish.what"))
    choices, made = st.columns([4, 5], gap="large")
    with made:
        publications()
    if not session.may("publish"):
        return
    with choices:
        left = publishing.unsettled(session.store(), session.me())
        accepted = _unsettled(left)
        terms = _terms()
        if accepted != left.counts:
            st.caption(t("publish.first"))
        st.button(
            t("publish.button"),
            type="primary",
            key="publish",
            disabled=accepted != left.counts,
            on_click=_publish,
            args=(terms, accepted),
        )


def _unsettled(left: Unsettled) -> dict[str, int]:
    """What is open, by count and by name; the counts that the person accepts."""
    st.subheader(t("publish.open_title"))
    named = {
        "unrated": [f"{one.term} ({n(one.left)})" for one in left.unrated],
        "open": [f"{one.term} → {one.name or one.place.cui}" for one in left.open],
        "doubtful": [f"{one.term} → {one.name or one.place.cui}" for one in left.doubtful],
    }
    if not any(left.counts.values()):
        st.success(t("publish.settled"))
    counts = left.counts.items()
    return {kind: count for kind, count in counts if not count or _accepted(kind, count, named[kind])}


def _accepted(kind: str, count: int, names: list[str]) -> bool:
    more = [t("publish.more", n=len(names) - NAMED)] if len(names) > NAMED else []
    with st.container(border=True, gap="xsmall", key=f"left_{kind}"):
        st.markdown(f"**{t(f'publish.{kind}', n=count)}**")
        st.caption(session.plain(" · ".join([*names[:NAMED], *more])))
        # another count is another box, not yet ticked
        return st.checkbox(t("publish.accept"), key=f"accept_{kind}_{count}")


def _terms() -> Choices:
    minimum = st.select_slider(
        t("export.minimum"), range(6), PUBLISHED_MINIMUM, key="publish_minimum", help=t("export.minimum_help")
    )
    withhold = st.checkbox(t("export.withhold"), True, key="publish_withhold", help=t("export.withhold_help"))
    hidden = st.checkbox(t("publish.pseudonyms"), key="publish_pseudonyms", help=t("publish.pseudonyms_help"))
    license = st.text_input(t("publish.license"), key="publish_license", help=t("publish.license_help"))
    chosen = license.strip() or UNSPECIFIED_LICENSE
    return Choices(minimum=minimum, withhold=withhold, pseudonyms=hidden, license=chosen)


def _publish(terms: Choices, accepted: dict[str, int]) -> None:
    where = (session.workspace(), session.store(), session.me())
    folder = session.attempt(publishing.publish_now, *where, terms, accepted=accepted, at=session.now())
    if folder is not None:
        st.toast(t("publish.done", number=n(int(folder.name))), icon=":material/check:")
