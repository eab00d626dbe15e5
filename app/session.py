"""What every screen needs of the browser's session: words, workspace, store, and who is there."""

import functools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from app.i18n import LANGUAGES, from_locale, message, number
from app.services import membership
from curation_db import access, commands, queries
from curation_db.concepts.terminology import Terminology, open_terminology
from curation_db.store import Store, open_store
from pipeline.errors import LexalignError, Refused, StoreBusy
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


def cookies() -> Mapping[str, str]:
    """As the browser sent them when it opened the page."""
    return st.context.cookies


def address() -> str:
    """The browser's address on the network; "here" for this machine's."""
    return st.context.ip_address or "here"


def zone() -> tzinfo:
    """The browser's time zone, UTC where it does not say."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def today() -> datetime:
    """When the person's day began."""
    return datetime.now(zone()).replace(hour=0, minute=0, second=0, microsecond=0)


def when(at: datetime) -> str:
    """A moment in the browser's time zone, to the minute, as the language writes it."""
    return f"{at.astimezone(zone()):{'%d/%m/%Y %H:%M' if language() == 'fr' else '%Y-%m-%d %H:%M'}}"


def workspace() -> Workspace:
    return find(_root(os.environ.get("LEXALIGN_WORKSPACE", ".")))


@functools.cache
def _root(given: str) -> Path:
    return Path(given).resolve()


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
    """Take language and, in local mode, person from the page's address, where a reload finds them again.

    Raises Refused where others than this machine reach a project that asks for no password.
    """
    state, address = st.session_state, st.query_params
    served_at = st.get_option("server.address")
    if not team() and served_at not in (
        None,
        *membership.LOOPBACK,
    ):  # None: no server, or not ours, whose settings name one
        raise Refused(membership.OPEN.format(address=served_at))
    if "language" not in state:
        asked = address.get("lang", "")
        state.language = asked if asked in LANGUAGES else from_locale(st.context.locale)
    if not team() and "person" not in state and address.get("person") in queries.people(store()):
        state.person = address["person"]
    remember("lang", state.language)
    remember("person", None if team() else person())


def remember(name: str, value: str | None) -> None:
    """Keep a value in the address; only a change is sent to the browser."""
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def remember_all(values: Mapping[str, str | None]) -> None:
    """Keep several values in the address at once, one step of the browser's history; None takes one out."""
    before = st.query_params.to_dict()
    after = {name: value for name, value in (before | dict(values)).items() if value is not None}
    if after != before:
        st.query_params.from_dict(after)


def team() -> bool:
    """Whether people sign in; else they choose their name."""
    return membership.team(workspace())


def person() -> str | None:
    """Who is there, asked anew in team mode: what ended meanwhile is over at the next click."""
    if team():
        return membership.person(workspace(), cookies(), st.user.to_dict(), at=now())
    return st.session_state.get("person")


def me() -> str:
    """The person, on screens that are drawn for one only. Raises Refused where nobody is there any more."""
    name = person()
    if name is None:
        raise Refused(t("signin.over"))
    return name


def may(action: access.Action) -> bool:
    name = person()
    return name is not None and access.may(store(), name, action)


def sign_in(name: str) -> None:
    """Be this person from now on; a name that is new joins the project. Refused in team mode."""
    if team():
        raise Refused(f"{name!r}: names are not chosen in team mode; sign in")
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
    """Do what a button asks; where that fails, say why and give `refused`. For callbacks, which draw nothing.

    Nothing is done for somebody who signed out in another window.
    """
    try:
        if team():
            me()
        return act(*args, **options)
    except LexalignError as error:
        st.toast(plain(error), icon=":material/error:", duration="long")
        return refused


def plain(text: object) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>()#+-!|$~:" else c for c in str(text))
