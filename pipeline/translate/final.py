"""The texts that encoders read, and which of them changed: vectors are cached by the content of the final text."""

import hashlib
from collections.abc import Sequence, Set
from dataclasses import dataclass

from pipeline.errors import TranslationError
from pipeline.translate.memory import Memory


@dataclass(frozen=True)
class Change:
    """`index`: position in the list of texts."""

    index: int
    before: str
    after: str


def translated(texts: Sequence[str], memory: Memory, *, keep_untranslated: bool = False) -> list[str]:
    """The translation of each text, in their order; blank texts as they are.

    Raises TranslationError where some have none, unless `keep_untranslated`: they then stay in their language.
    """
    if not keep_untranslated and (missing := memory.missing(texts)):
        shown = ", ".join(f"“{text[:40]}”" for text in missing[:3])
        raise TranslationError(
            f"{len(missing)} of {len(texts)} texts have no {memory.source}-{memory.target} translation, such as "
            f"{shown}; translate them first, or pass keep_untranslated"
        )
    known = memory.lookup(texts)
    return [known.get(text, text) for text in texts]


def content(text: str) -> str:
    """The name of a final text: the SHA-256 of its UTF-8, in hex. Equal texts share their vectors."""
    return hashlib.sha256(text.encode("utf8")).hexdigest()


def stale(final: Sequence[str], cached: Set[str]) -> list[str]:
    """The distinct final texts whose content has no vector yet: all that an encoder has to read again."""
    return [text for text in dict.fromkeys(final) if content(text) not in cached]


def changed(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """Where two lists of final texts of the same entries differ. Raises ValueError where they differ in length."""
    pairs = enumerate(zip(before, after, strict=True))
    return [Change(index, old, new) for index, (old, new) in pairs if old != new]
