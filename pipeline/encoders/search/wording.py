"""What a search tells people, in their language: a data file each, with the same keys."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr")
FRENCH = str.maketrans({",": "\u202f", ".": ",", "-": "−", "%": "\u202f%"})


@dataclass(frozen=True)
class _French:
    """A number that is written as French writes it, whatever format a message asks for."""

    value: float

    def __format__(self, spec: str) -> str:
        return format(self.value, spec).translate(FRENCH)


def say(language: str, key: str, **values: object) -> str:
    """The message `key` in one of LANGUAGES with its {fields} filled in; messages say how numbers are rounded."""
    french = language == "fr"
    given = {
        name: _French(value) if french and isinstance(value, (int, float)) else value
        for name, value in values.items()
    }
    return _messages(language)[key].format(**given)


@cache
def _messages(language: str) -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "words" / f"{language}.toml").read_text("utf-8"))
