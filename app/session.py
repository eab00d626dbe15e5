"""What every screen needs of the browser's session: words, workspace, store, and who is there."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from app.i18n import LANGUAGES, from_locale, message, number
from curation_db import commands, queries
from curation_db.store import Store, open_store
from curation_db.terminology import Terminology, open_terminology
from pipeline.errors import LexalignError, StoreBusy
from pipeline.workspace import Workspace, find


def t(key: str, **values: object) -> str:
    """The interface's words in the person's language."""
    return message(language(), key, **values)


def n(value: float | None, digits: int | None = None) -> str:
    return "–" if value is None or value != value else number(language(), value, digits)


def language() -> str:
    return st.session_state.get("language", "fr")


def now() -> datetime:
    return datetime.now(UTC)


def zone() -> tzinfo:
    """The browser's time zone, UTC where it does not say."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def today() -> datetime:
    """When the person's day began."""
    return datetime.now(zone()).replace(hour=0, minute=0, second=0, microsecond=0)


def workspace() -> Workspace:
    return find(Path(os.environ.get("LEXALIGN_WORKSPACE", ".")).resolve())


def store() -> Store:
    """The store, opened once a process. Raises StoreBusy where another process has it."""
    return _store(str(workspace().curation))


def terminology() -> Terminology:
    return _terminology(str(workspace().release("umls")))


@st.cache_resource(show_spinner=False, on_release=Store.close)
def _store(path: str) -> Store:
    return open_store(Path(path))


@st.cache_resource(show_spinner=False, max_entries=2, on_release=Terminology.close)
def _terminology(folder: str) -> Terminology:
    return open_terminology(Path(folder))


def begin() -> None:
    """Take language and person from the page's address, where a reload finds them again."""
    state, address = st.session_state, st.query_params
    if "language" not in state:
        asked = address.get("lang", "")
        state.language = asked if asked in LANGUAGES else from_locale(st.context.locale)
    if "person" not in state and address.get("person") in queries.people(store()):
        state.person = address["person"]
    remember("lang", state.language)
    remember("person", person())


def remember(name: str, value: str | None) -> None:
    """Keep a value in the address; only a change is sent to the browser."""
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def person() -> str | None:
    return st.session_state.get("person")


def me() -> str:
    """The person, on screens that are drawn for one only."""
    return st.session_state.person


def sign_in(name: str) -> None:
    """Be this person from now on; a name that is new joins the project."""
    st.session_state.person = commands.add_person(store(), name, language=language(), at=now())
    st.session_state.pop("sitting", None)
    remember("person", person())


def speak(code: str) -> None:
    st.session_state.language = code
    remember("lang", code)


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Where a screen turns errors into words; what is not ours goes through."""
    try:
        yield
    except StoreBusy as error:
        st.title(t("busy.title"))
        st.write(t("busy.text"))
        st.caption(str(error))
        st.button(t("busy.again"), type="primary", key="busy_again")
    except LexalignError as error:
        st.error(f"**{t('error.title')}**  \n{plain(error)}")


def attempt(act: Callable[..., Any], *args: Any, refused: Any = None, **options: Any) -> Any:
    """Do what a button asks; where that fails, say why and give `refused`. For callbacks, which draw nothing."""
    try:
        return act(*args, **options)
    except LexalignError as error:
        st.toast(plain(error), icon=":material/error:", duration="long")
        return refused


def plain(text: object) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>()#+-!|$~:" else c for c in str(text))
