"""The application's frame: pages, sidebar, and the store that all share."""

from pathlib import Path

import streamlit as st

from app import identity, session
from app.screens import distributions, encoders, export, progress, review, runs, sources, translations
from app.session import t

ICON = Path(__file__).with_name("icon.svg")
PAGES = (
    (review.screen, "review", ":material/rule:"),
    (progress.screen, "progress", ":material/bar_chart:"),
    (distributions.screen, "distributions", ":material/ssid_chart:"),
    (export.screen, "export", ":material/ios_share:"),
    (sources.screen, "sources", ":material/folder_open:"),
    (encoders.screen, "encoders", ":material/memory:"),
    (runs.screen, "runs", ":material/play_circle:"),
    (translations.screen, "translations", ":material/translate:"),
)
FIRST = 4
"""The pages of those who rate and read; those after them prepare the project."""


def main() -> None:
    st.set_page_config(page_title="Lexalign", page_icon=str(ICON), layout="wide")
    st.html(Path(__file__).with_name("style.css"))
    with session.errors_in_words():
        session.begin()
        frame()


def frame() -> None:
    # The chosen language must be known before the pages' names are drawn
    pages = [
        st.Page(screen, title=t(f"page.{name}"), url_path=name, icon=icon, default=name == "review")
        for screen, name, icon in PAGES
    ]
    st.logo(str(Path(__file__).with_name("logo.svg")), size="large", icon_image=str(ICON))
    page = st.navigation({t("page.curation"): pages[:FIRST], t("page.preparation"): pages[FIRST:]})
    with st.sidebar:
        st.caption(session.plain(session.workspace().settings().title))
    identity.sidebar()
    with session.errors_in_words():
        page.run()
    if page.url_path != "":  # the review draws its own, since it changes with every rating
        identity.progress()


main()
