"""A project to rate, its store, and screens that run without a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import session
from app.services import appearance, runs
from curation_db import commands
from curation_db.store import Store, open_store
from pipeline.workspace import Workspace
from tests.app import fixture_workspace

SCREEN = """
import streamlit as st
from app import session
from app.screens import {name}
with session.errors_in_words():
    session.begin()
    {name}.screen()
"""


@pytest.fixture
def project(tmp_path: Path) -> Workspace:
    return fixture_workspace.make(tmp_path / "essai")


@pytest.fixture
def store(project: Workspace) -> Iterator[Store]:
    """Open, the run in use, and Amélie there."""
    with open_store(project.curation) as opened:
        runs.use_first(project, opened, at=session.now())
        commands.add_person(opened, "Amélie", at=session.now())
        yield opened


@pytest.fixture
def asked(project: Workspace, store: Store) -> tuple[Workspace, Store, str]:
    """What a service is told first: the project, its store and who asks, here Amélie, its administrator."""
    return project, store, "Amélie"


@pytest.fixture
def screen(project: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """`screen("review", lang="en", person="Amélie")`: the page, run once."""
    monkeypatch.setenv("LEXALIGN_WORKSPACE", str(project.root))
    monkeypatch.setattr(appearance, "UNSEEN", 0.0)

    def run(name: str, **address: str) -> AppTest:
        test = AppTest.from_string(SCREEN.format(name=name), default_timeout=20)
        for key, value in address.items():
            test.query_params[key] = value
        return test.run()

    yield run
    session._store.clear()
    session._terminology.clear()


@pytest.fixture
def joined(screen: Callable[..., AppTest]) -> Callable[..., AppTest]:
    """As `screen`, with Amélie signed in."""

    def run(name: str, **address: str) -> AppTest:
        with_person = {"lang": "fr", "person": "Amélie"} | address
        commands.add_person(session.store(), with_person["person"], at=session.now())
        return screen(name, **with_person)

    return run
