"""Concepts by CUI, code or name, forgiving case, accents, ligatures, word order and typing errors."""

import dataclasses
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Literal

import duckdb

from curation_db.sql import query
from pipeline.errors import WorkspaceError
from pipeline.files import whole

FORMAT = 2  # changes whenever search_build.sql does
Match = Literal["cui", "code", "exact", "prefix", "words", "part", "near"]
MATCHES: tuple[Match, ...] = ("cui", "code", "exact", "prefix", "words", "part", "near")
WORDS = 12  # of a query; more say nothing more
NEAR = 4  # known words that a misspelt one may stand for
NAMES = 10  # read for each concept wanted: a concept may match by several of its names
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "autoinstall_known_extensions": "false",
    "memory_limit": "1GB",
}


@dataclasses.dataclass(frozen=True)
class Hit:
    """A concept found, the name or code it was found by, and how it matches."""

    cui: str
    name: str
    lat: str
    match: Match


@dataclasses.dataclass(frozen=True)
class _Keep:
    """What is kept of the hits; None and no types are everything."""

    language: str | None
    types: list[str]
    limit: int


class SearchTable:
    """The folded names of a release in a DuckDB file of the cache, built at the first search.

    Where the cache cannot be written or read the table is built in memory.
    """

    def __init__(self, folder: Path, cache: Path) -> None:
        self._atoms, self._types = folder / "atoms.parquet", folder / "semantic_types.parquet"
        self._path = cache / f"{folder.name}-{self._atoms.stat().st_size}-{FORMAT}.duckdb"
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Build or open the table. Two processes that build it at once write the same file."""
        self._cursor().close()

    def search(
        self, text: str, *, language: str | None = None, types: Collection[str] = (), limit: int = 20
    ) -> list[Hit]:
        """The best concepts, each once: by CUI or code; names equal to `text`, beginning with it, with all its
        words, with all of them as parts of words (from three letters on); then, where none is found, names with
        words spelt nearly so.

        In a group French names come before others, short before long. `language` keeps names of one LAT, `types`
        concepts that have one of these semantic types.
        """
        keep = _Keep(language, list(types), limit)
        cursor = self._cursor()
        try:
            hits = _by_code(cursor, text.strip(), keep)
            [(folded,)] = cursor.execute("SELECT folded(?)", [text]).fetchall()
            words = list(dict.fromkeys(folded.split()))[:WORDS]
            if words and len(hits) < limit:
                hits += _by_words(cursor, folded, [[word] for word in words], keep)
            if words and not hits:
                meant = [_meant(cursor, word) for word in words]
                near = _by_words(cursor, folded, meant, keep) if all(meant) else []
                hits = [dataclasses.replace(hit, match="near") for hit in near]
        finally:
            cursor.close()
        return list({hit.cui: hit for hit in reversed(hits)}.values())[::-1][:limit]

    def types(self) -> list[str]:
        """The semantic types of the release, in the alphabet's order."""
        cursor = self._cursor()
        try:
            return [sty for (sty,) in cursor.execute("SELECT DISTINCT sty FROM kind ORDER BY sty").fetchall()]
        finally:
            cursor.close()

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._connection is None:
                self._connection = self._opened()
            return self._connection.cursor()

    def _opened(self) -> duckdb.DuckDBPyConnection:
        try:
            if not self._path.is_file():
                with whole(self._path) as part:
                    part.unlink()
                    with duckdb.connect(str(part), config=CONFIG) as connection:
                        _build(connection, self._atoms, self._types)
            return duckdb.connect(str(self._path), read_only=True, config=CONFIG)
        except (WorkspaceError, OSError, duckdb.IOException):
            # the cache is full, read-only or damaged: searching is worth the memory
            connection = duckdb.connect(config=CONFIG)
            _build(connection, self._atoms, self._types)
            return connection


def _build(connection: duckdb.DuckDBPyConnection, atoms: Path, types: Path) -> None:
    files = {"atoms": str(atoms), "types": str(types)}
    for statement in query("search_build").split(";\n"):
        values = {name: file for name, file in files.items() if f"${name}" in statement}
        connection.execute(statement, values)


def _by_code(cursor: duckdb.DuckDBPyConnection, text: str, keep: _Keep) -> list[Hit]:
    values = {"text": text.upper(), "types": keep.types, "limit": keep.limit}
    rows = cursor.execute(query("search_code"), values).fetchall()
    return [Hit(cui, name, lat, MATCHES[grade]) for cui, name, lat, grade in rows]


def _by_words(cursor: duckdb.DuckDBPyConnection, folded: str, words: list[list[str]], keep: _Keep) -> list[Hit]:
    """Names with, for every word, one of its spellings."""
    # the longest first: it leaves the fewest names for the others
    words = sorted(words, key=lambda spellings: -min(map(len, spellings)))
    inside, bounded = (
        " AND ".join("(" + " OR ".join([test] * len(spellings)) + ")" for spellings in words)
        for test in ("contains(folded, ?)", "contains(' ' || folded || ' ', ' ' || ? || ' ')")
    )
    spelt = [spelling for spellings in words for spelling in spellings]
    last = [keep.language, keep.language, keep.types, keep.types, keep.limit * NAMES]
    values = [folded, folded, *spelt, *spelt, *last]
    if len(folded) < 3:  # nearly every name has a letter inside
        inside, values = "starts_with(folded, ?)", [folded, folded, *spelt, folded, *last]
    rows = cursor.execute(query("search_words").format(inside=inside, bounded=bounded), values).fetchall()
    return [Hit(cui, name, lat, MATCHES[grade]) for cui, name, lat, grade in rows]


def _meant(cursor: duckdb.DuckDBPyConnection, word: str) -> list[str]:
    """The known words that a word may stand for: itself where it is known, else the nearest spellings."""
    rows = cursor.execute(query("search_near"), {"word": word, "limit": NEAR}).fetchall()
    if rows and rows[0][1] == 0:
        return [word]
    return [near for near, _ in rows]
