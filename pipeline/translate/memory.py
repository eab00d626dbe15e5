"""The translation memory of a project: a string is translated once for ever, and a person's word stands."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import Any, Literal, cast, get_args

import pyarrow as pa

from pipeline.errors import InputError, WorkspaceError
from pipeline.locks import alone
from pipeline.translate.log import Log

Origin = Literal["machine", "umls", "person"]
STRENGTH = {"machine": 0, "umls": 1, "person": 2}

TRANSLATIONS = pa.schema(
    [  # one row a translation that was ever given, in the order of time
        ("text", pa.string()),
        ("source", pa.string()),
        ("target", pa.string()),
        ("translation", pa.string()),
        ("translator", pa.string()),
        ("origin", pa.string()),
        ("at", pa.timestamp("us", tz="UTC")),
    ]
)


@dataclass(frozen=True, slots=True)
class Row:
    """`translator`: the translator's name, or the person's where `origin` is "person"."""

    text: str
    translation: str
    translator: str
    origin: Origin
    at: datetime


class Memory:
    """The memory of one direction, `folder`/<source>-<target>.jsonl, one JSON object a line.

    Several processes may use one file at once: each append is whole, and `refresh` reads what others added.
    Raises WorkspaceError where the file is damaged elsewhere than at its end; `repairs` tells of a mended end.
    """

    def __init__(self, folder: Path, *, source: str = "fr", target: str = "en") -> None:
        self.source, self.target = source, target
        self._folder = folder
        self._log = Log(folder / f"{source}-{target}.jsonl")
        self._standing: dict[str, Row] = {}
        self._older: dict[str, list[Row]] = {}  # every row of the texts that have more than one, in order
        self.refresh()

    @property
    def repairs(self) -> tuple[str, ...]:
        return tuple(self._log.repairs)

    def refresh(self) -> None:
        self._take(self._log.read())

    def lookup(self, texts: Iterable[str]) -> dict[str, str]:
        """The translation that stands of each text that has one."""
        found = {text: self._standing.get(text) for text in texts}
        return {text: row.translation for text, row in found.items() if row is not None}

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The distinct texts without a translation, in their order; blank texts need none."""
        return [text for text in dict.fromkeys(texts) if text not in self._standing and text.strip()]

    def history(self, text: str) -> list[Row]:
        """Every translation that the text ever had, the oldest first."""
        if text in self._older:
            return list(self._older[text])
        return [self._standing[text]] if text in self._standing else []

    def standing(self, text: str) -> Row | None:
        """The row that `lookup` reads: a person's last, else UMLS's last, else the first machine's."""
        return self._standing.get(text)

    def add(
        self, pairs: Iterable[tuple[str, str]], *, translator: str, at: datetime, origin: Origin = "machine"
    ) -> None:
        """Keep (text, translation) pairs; all are on disk when this returns. Raises InputError for a blank one."""
        lines = [self._line(text, translation, translator, origin, at) for text, translation in pairs]
        if lines:
            self._take([*self._log.append(lines), *lines])

    def correct(self, text: str, translation: str, person: str, at: datetime) -> None:
        """A person's translation wins over every machine's and over earlier corrections; all stay on record."""
        self.add([(text, translation)], translator=person, at=at, origin="person")

    def translating(self) -> AbstractContextManager[None]:
        """Held while texts are being sent, so that no text is paid for twice. Corrections need not wait for it.

        Raises WorkspaceError where another process holds it.
        """
        pair = f"{self.source}-{self.target}"
        return alone(
            self._folder / f"{pair}.lock",
            f"{self._folder}: another process translates {pair} here; wait until it is done, or stop it "
            "(what it has done is kept)",
        )

    def table(self) -> pa.Table:
        """Every row ever, as TRANSLATIONS, by text and then by time."""
        rows = [row for text in self._standing for row in self.history(text)]
        columns = [
            [getattr(row, name) for row in rows] for name in ("text", "translation", "translator", "origin", "at")
        ]
        text, translation, translator, origin, at = columns
        pair = [[self.source] * len(rows), [self.target] * len(rows)]
        return pa.table([text, *pair, translation, translator, origin, at], schema=TRANSLATIONS)

    def __len__(self) -> int:
        return len(self._standing)

    def _line(self, text: str, translation: str, translator: str, origin: Origin, at: datetime) -> dict[str, Any]:
        if not text.strip() or not translation.strip() or not translator.strip():
            raise InputError(
                f"{text!r} -> {translation!r} by {translator!r}: blank, expected a text, a translation and a name"
            )
        if origin not in get_args(Origin) or at.tzinfo is None:
            raise InputError(
                f"origin {origin!r} at {at}: expected {' or '.join(STRENGTH)} and a time with its zone"
            )
        values = (text, self.source, self.target, translation, translator, origin, at.isoformat())
        return dict(zip(TRANSLATIONS.names, values, strict=True))

    def _take(self, lines: Sequence[dict[str, Any]]) -> None:
        for line in lines:
            try:
                row = _row(line)
            except (KeyError, TypeError, ValueError) as error:
                raise WorkspaceError(
                    f"{self._log.path}: no readable {error} in a line; expected {', '.join(TRANSLATIONS.names)}; "
                    "restore a copy, or delete this line"
                ) from error
            before = self._standing.get(row.text)
            if before is None:
                self._standing[row.text] = row
                continue
            self._older.setdefault(row.text, [before]).append(row)
            # of two machines the first stands: a text that changed for no reason would change its vectors
            strength, standing = STRENGTH[row.origin], STRENGTH[before.origin]
            if strength > standing or strength == standing > 0:
                self._standing[row.text] = row


def _row(line: dict[str, Any]) -> Row:
    """Raises KeyError, TypeError or ValueError where a field is absent or of another kind."""
    origin: Origin = cast(Origin, intern(line["origin"]))
    if origin not in STRENGTH:
        raise ValueError(f"origin {origin!r}")
    return Row(line["text"], line["translation"], intern(line["translator"]), origin, _time(line["at"]))


@lru_cache(maxsize=1024)  # the rows of a batch share their time
def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
