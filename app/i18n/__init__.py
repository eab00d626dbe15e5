"""The interface's words: one data file a language, with the same keys."""

import re
import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = {"fr": "Français", "en": "English"}
NARROW_SPACE = "\u202f"
HARD_SPACE = "\u00a0"


@cache
def messages(language: str) -> dict[str, str]:
    """Dotted key -> message, of a language in LANGUAGES."""
    sections = tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text(encoding="utf8"))
    spaced = _spaced if language == "fr" else str
    return {f"{section}.{key}": spaced(text) for section, keys in sections.items() for key, text in keys.items()}


def message(language: str, key: str, **values: object) -> str:
    """The message with its {fields} filled in; numbers are written as the language writes them."""
    text = messages(language)[key]
    shown = {name: number(language, v) if isinstance(v, (int, float)) else v for name, v in values.items()}
    return text.format(**shown) if shown else text


def number(language: str, value: float, digits: int | None = None) -> str:
    """`value` with thousands apart, and the decimals of the language; integers have none unless asked."""
    digits = digits if digits is not None else (0 if isinstance(value, int) else 2)
    text = f"{value:,.{digits}f}"
    if language == "fr":
        text = text.replace(",", NARROW_SPACE).replace(".", ",")
    return text


def _spaced(text: str) -> str:
    """French with its hard spaces, so that no line begins with a colon or a closing quotation mark."""
    text = re.sub(" (?=[;?!])", NARROW_SPACE, text)
    return re.sub(r"(?<=«) | (?=[:»%](?!\w))", HARD_SPACE, text)


def from_locale(locale: str | None) -> str:
    """French for French browsers and for those that do not say, English for all others."""
    return "fr" if not locale or locale.lower().startswith("fr") else "en"
