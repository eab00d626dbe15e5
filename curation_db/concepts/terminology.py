"""Concepts of a UMLS release, read from its Parquet: looked up by CUI, and found by their names."""

import dataclasses
import functools
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from curation_db.concepts.search import Hit, SearchTable
from curation_db.sql import query
from pipeline.errors import WorkspaceError

LANGUAGES = ("FRE", "ENG")  # shown first, in this order
CONCEPTS_KEPT = 4096  # a release never changes, so neither does a concept that was read once


@dataclasses.dataclass(frozen=True)
class Name:
    """An atom: a name that the source `sab` gives to the concept. `restriction` is MRCONSO's SRL, 0 for none."""

    text: str
    lat: str
    sab: str
    tty: str
    code: str
    preferred: bool
    restriction: str


@dataclasses.dataclass(frozen=True)
class Concept:
    """`names`: every atom, French, English, then others; in each language the preferred first, then by length.
    `types`: semantic types; `definitions`: (source, text), French first, languages in `definition_languages`
    ("FRE", "ENG" or "" where unknown); `sources`: SABs, sorted."""

    cui: str
    names: tuple[Name, ...]
    types: tuple[str, ...]
    definitions: tuple[tuple[str, str], ...]
    definition_languages: tuple[str, ...]
    sources: tuple[str, ...]

    def preferred(self, lat: str) -> str | None:
        """The preferred name in a language such as "FRE", None where the concept has none."""
        return next((name.text for name in self.names if name.lat == lat), None)


class Terminology:
    """A release; made by `open_terminology`. Safe to share between threads."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self._connection = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false"})
        self._lock = threading.Lock()
        self._search = SearchTable(folder, cache)
        self._kept: dict[str, Concept | None] = {}

    def concept(self, cui: str) -> Concept | None:
        """The concept, None where the release does not have it."""
        return self.concepts([cui]).get(cui)

    def concepts(self, cuis: Iterable[str]) -> dict[str, Concept]:
        """The concepts that the release has among `cuis`, read together."""
        wanted = list(dict.fromkeys(cuis))
        found = {cui: self._kept[cui] for cui in wanted if cui in self._kept}
        missing = [cui for cui in wanted if cui not in found]
        if missing:
            read = self._read(missing)
            fresh = {cui: read.get(cui) for cui in missing}
            found |= fresh
            with self._lock:
                if len(self._kept) + len(fresh) > CONCEPTS_KEPT:
                    self._kept = {}
                self._kept = self._kept | fresh
        return {cui: concept for cui in wanted if (concept := found[cui]) is not None}

    def search(
        self, text: str, *, language: str | None = None, types: Collection[str] = (), limit: int = 20
    ) -> list[Hit]:
        """Concepts by CUI, code or name, the best first, each once: see `SearchTable.search`."""
        return self._search.search(text, language=language, types=types, limit=limit)

    def types(self) -> list[str]:
        """The semantic types of the release, in the alphabet's order."""
        return self._search.types()

    def prepare(self) -> None:
        """Build the search table now rather than at the first search (seconds for a million atoms)."""
        self._search.prepare()

    def close(self) -> None:
        with self._lock:
            self._search.close()
            self._connection.close()

    def __enter__(self) -> "Terminology":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._lock:
            cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def _read(self, cuis: list[str]) -> dict[str, Concept]:
        # constants, not a joined list: they let Parquet's statistics leave row groups unread
        marks = ", ".join("?" * len(cuis))
        rows: list[dict[str, list[tuple]]] = []
        with self._cursor() as cursor:
            for table in ("atoms", "semantic_types", "definitions"):
                grouped: dict[str, list[tuple]] = {}
                values = [str(self.folder / f"{table}.parquet"), *cuis]
                for cui, *row in cursor.execute(query(f"concept_{table}").format(marks=marks), values).fetchall():
                    grouped.setdefault(cui, []).append(tuple(row))
                rows.append(grouped)
        atoms, types, definitions = rows
        return {cui: _concept(cui, atoms[cui], types.get(cui, []), definitions.get(cui, [])) for cui in atoms}


def open_terminology(folder: Path, *, cache: Path | None = None) -> Terminology:
    """The release in `folder`: atoms.parquet, semantic_types.parquet, definitions.parquet. Opening reads nothing.

    The search table is built at the first search and kept in `cache`, by default .search beside the release.
    Raises WorkspaceError where a table is missing.
    """
    for table in ("atoms", "semantic_types", "definitions"):
        if not (folder / f"{table}.parquet").is_file():
            raise WorkspaceError(f"{folder}: no {table}.parquet, expected a UMLS release; ingest it again")
    return Terminology(folder, cache or folder.parent / ".search")


def _concept(cui: str, atoms: list[tuple], types: list[tuple], definitions: list[tuple]) -> Concept:
    lat_of = {aui: lat for aui, lat, *_ in atoms}
    names = [
        Name(text, lat, sab, tty, code, preferred, srl)
        for _, lat, text, sab, tty, code, preferred, srl, _ in sorted(atoms, key=_atom_order)
    ]
    told = [(_language(cvf, lat_of.get(aui, ""), sab), sab, text) for aui, sab, text, cvf in definitions]
    told.sort(key=lambda one: _rank(one[0]))  # stable: in a language, the release's order
    told = list(dict.fromkeys(told))
    return Concept(
        cui,
        tuple(dict.fromkeys(names)),
        tuple(dict.fromkeys(sty for (sty,) in types)),
        tuple((sab, text) for _, sab, text in told),
        tuple(language for language, _, _ in told),
        tuple(sorted({name.sab for name in names})),
    )


def _atom_order(atom: tuple) -> tuple:
    _, lat, text, _, _, _, preferred, _, suppressed = atom
    return _rank(lat), suppressed, not preferred, len(text), text


@functools.cache
def _rank(language: str) -> int:
    return LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)


def _language(cvf: str, atom_lat: str, sab: str) -> str:
    """A definition's language: MRDEF has no column for it. Open releases say it in CVF; translated sources of the
    UMLS end in the language (MSHFRE); else it is that of the atom it is attached to."""
    if cvf in LANGUAGES:
        return cvf
    return next((lat for lat in LANGUAGES if sab.endswith(lat)), atom_lat)
