"""The keys of the review: what a press asks for, and the map of them all."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from app import markup, session
from app.services import review
from app.services.appearance import Showing, Sitting
from app.session import t
from curation_db.ledger import Relation

RELATION_KEYS: dict[Relation, str] = {"exact": "E", "broader": "G", "narrower": "P", "related": "L", "none": "D"}
"""Letters that say the same in French and English: exact, général/general, précis/precise, lié/linked, distinct."""
MAP = (
    ("rate", ("0", "1", "2", "3", "4", "5")),
    ("relation", tuple(RELATION_KEYS.values())),
    ("why", ("Y",)),
    ("comment", ("T",)),
    ("search", ("K",)),
    ("hits", ("↑", "↓", "⏎")),
    ("leave", ("Esc",)),
    ("none", ("N",)),
    ("absent", ("X",)),
    ("skip", ("S",)),
    ("flag", ("F",)),
    ("bulk", ("B",)),
    ("move", ("←", "→")),
    ("undo", ("U",)),
    ("map", ("?",)),
)
SCRIPT = Path(__file__).parents[1] / "keys.js"


def script() -> None:
    """What Streamlit's shortcuts cannot do: reach fields, walk through hits, keep the focus where it was."""
    st.html(f"<i></i><script>{SCRIPT.read_text(encoding='utf8')}</script>", unsafe_allow_javascript=True)


def press(act: Callable[..., bool], here: Sitting, showing: Showing, *args: object) -> None:
    session.attempt(act, session.store(), here, showing, *args, at=session.now(), now=time.monotonic())


def undo(here: Sitting, showing: Showing | None, command_id: str) -> None:
    act = partial(review.undo, session.store(), here, showing, session.me(), command_id=command_id)
    count = session.attempt(act, at=session.now(), now=time.monotonic(), refused=0)
    if count is None:
        st.toast(t("review.nothing_to_undo"))
    elif count > 1:
        st.toast(t("bulk.undone", n=count), icon=":material/undo:")


def keymap() -> None:
    with st.container(key="keymap"), st.popover("?", help=t("keys.title")):
        st.html(markup.keymap([(keys, t(f"keys.{name}")) for name, keys in MAP], t("keys.title")))
