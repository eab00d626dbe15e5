"""The application's frame: pages by role, sidebar, and the store that all share."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app import identity, session
from app.screens import (
    adjudication,
    agreement,
    audit,
    deeds,
    design,
    distributions,
    encoders,
    export,
    guideline,
    people,
    progress,
    review,
    review_keys,
    runs,
    safety,
    signin,
    sources,
    translations,
)
from app.services import keeper
from app.session import t
from curation_db.access import Action

ICON = Path(__file__).with_name("icon.svg")


class Shown(NamedTuple):
    """A page, the heading that it stands under, and the right that it takes."""

    screen: Callable[[], None]
    name: str
    icon: str
    heading: str
    action: Action


PAGES = (
    Shown(review.screen, "review", ":material/rule:", "curation", "rate"),
    Shown(guideline.screen, "guideline", ":material/menu_book:", "curation", "look"),
    Shown(adjudication.screen, "adjudication", ":material/balance:", "curation", "adjudicate"),
    Shown(progress.screen, "progress", ":material/bar_chart:", "curation", "look"),
    Shown(agreement.screen, "agreement", ":material/handshake:", "curation", "figures"),
    Shown(distributions.screen, "distributions", ":material/ssid_chart:", "curation", "figures"),
    Shown(export.screen, "export", ":material/ios_share:", "curation", "export"),
    Shown(deeds.screen, "deeds", ":material/history:", "curation", "look"),
    Shown(audit.screen, "audit", ":material/fact_check:", "curation", "figures"),
    Shown(sources.screen, "sources", ":material/folder_open:", "preparation", "prepare"),
    Shown(encoders.screen, "encoders", ":material/memory:", "preparation", "prepare"),
    Shown(runs.screen, "runs", ":material/play_circle:", "preparation", "prepare"),
    Shown(translations.screen, "translations", ":material/translate:", "preparation", "prepare"),
    Shown(design.screen, "design", ":material/assignment_ind:", "preparation", "design"),
    Shown(people.screen, "people", ":material/group:", "preparation", "people"),
    Shown(safety.screen, "safety", ":material/shield:", "preparation", "safety"),
)
LANDING = ("review", "progress")
"""Where one begins: with one's own work, else with everybody's."""


def main() -> None:
    st.set_page_config(page_title="Lexalign", page_icon=str(ICON), layout="wide")
    # not the file alone: Streamlit keeps bare styles where the next toast of a fragment would take their place
    st.html(f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf8')}</style><i></i>")
    review_keys.script()
    with session.errors_in_words():
        session.begin()
        keeper.start(session.store())
        frame()


def frame() -> None:
    # The chosen language must be known before the pages' names are drawn
    person = session.person()
    allowed = [one for one in PAGES if person is None or session.may(one.action)]
    first = next((one for one in allowed if one.name in LANDING), PAGES[0])
    pages: dict[str, list[StreamlitPage]] = {}
    for one in PAGES:
        pages.setdefault(t(f"page.{one.heading}"), []).append(_page(one, open=one in allowed, first=one is first))
    pages[t(f"page.{first.heading}")].append(_address(first))
    st.logo(str(Path(__file__).with_name("logo.svg")), size="large", icon_image=str(ICON))
    position: Literal["hidden", "sidebar"] = "hidden" if person is None or not allowed else "sidebar"
    page = st.navigation(pages, position=position, expanded=True)
    with st.sidebar:
        st.caption(session.plain(session.workspace().settings().title))
    identity.sidebar()
    with session.errors_in_words():
        if person is not None:
            page.run()
        elif session.team():
            signin.screen()
        else:
            identity.signed_in()
    if person is not None and page.title != t(
        "page.review"
    ):  # the review draws its own, since it changes with every rating
        identity.progress()


def _page(one: Shown, *, open: bool, first: bool) -> StreamlitPage:
    """A page that the role may not see is there for old bookmarks, and says so."""
    screen = one.screen if open else partial(_closed, one.name)
    return st.Page(
        screen,
        title=t(f"page.{one.name}"),
        url_path="" if first else one.name,
        icon=one.icon,
        default=first,
        visibility="visible" if open else "hidden",
    )


def _address(first: Shown) -> StreamlitPage:
    """The page where this person begins, at the address that it has for those who begin elsewhere."""
    return st.Page(first.screen, title=t(f"page.{first.name}"), url_path=first.name, visibility="hidden")


def _closed(name: str) -> None:
    st.title(t(f"page.{name}"))
    st.info(t("people.closed") if session.may("look") else t("people.ended"))


main()
