import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from app.i18n import LANGUAGES, from_locale, message, messages, number
from pipeline.settings import EntryText

HOME = Path(__file__).parents[2] / "app"
SOURCE = {file.name: file.read_text(encoding="utf8") for file in HOME.rglob("*.py")}
USED = re.compile(r"""\bt\(\s*(f?)["']([a-z_]+\.[^"']*)["']""")
QUOTED = re.compile(r"""["']((?:review|sources)\.[a-z_]+)["']""")


def used() -> tuple[set[str], set[str]]:
    """Keys in full, and what keys that are put together begin with."""
    whole, begun = set(), set()
    for text in SOURCE.values():
        for made, key in USED.findall(text):
            (begun if made else whole).add(key.split("{")[0] if made else key)
    return whole, begun


def test_both_languages_have_the_same_keys_and_fields():
    french, english = messages("fr"), messages("en")
    assert list(french) == list(english)
    for key in french:
        fields = [{name for _, name, _, _ in Formatter().parse(m[key]) if name} for m in (french, english)]
        assert fields[0] == fields[1], key


def test_every_key_that_a_screen_uses_exists():
    whole, begun = used()
    known = set(messages("fr"))
    assert len(whole) > 60
    assert whole - known == set()
    assert [start for start in begun if not any(key.startswith(start) for key in known)] == []
    assert set(QUOTED.findall(SOURCE["markup.py"])) - known == set()


def test_every_key_is_used():
    whole, begun = used()
    quoted = set().union(*(QUOTED.findall(text) for text in SOURCE.values()))
    beginnings = tuple(begun - {""})
    unused = [key for key in messages("fr") if key not in whole | quoted and not key.startswith(beginnings)]
    assert unused == []


def test_no_message_is_empty_or_left_in_the_other_language():
    same = {key for key, text in messages("fr").items() if text == messages("en")[key]}
    assert all(text.strip() for code in LANGUAGES for text in messages(code).values())
    assert "review.skip" not in same
    assert len(same) < 35


@pytest.mark.parametrize(
    ("language", "value", "digits", "shown"),
    [
        ("fr", 1234567, None, "1\u202f234\u202f567"),
        ("en", 1234567, None, "1,234,567"),
        ("fr", 0.5, 3, "0,500"),
        ("en", 0.5, 3, "0.500"),
        ("fr", 3, None, "3"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language, value, digits, shown):
    assert number(language, value, digits) == shown


def test_a_message_takes_its_fields():
    assert message("en", "review.rank_of", rank=2, candidates=1200) == "candidate 2 / 1,200"


@pytest.mark.parametrize(
    ("locale", "language"), [("fr-FR", "fr"), ("fr", "fr"), ("en-US", "en"), ("de-DE", "en"), (None, "fr")]
)
def test_the_browser_chooses_the_first_language(locale, language):
    assert from_locale(locale) == language


def test_every_choice_of_text_has_a_name():
    assert {f"settings.text_{which}" for which in get_args(EntryText)} <= set(messages("fr"))
