"""One file of the lexicon: its layout found out, its rows by column, its rejects with their reasons."""

import dataclasses
import hashlib
import unicodedata
from pathlib import Path
from typing import Any

from pipeline.contracts import ENTRIES
from pipeline.errors import FormatError, InputError
from pipeline.ingest.cells import Record, decode, header_cells, lines_of, records

FRENCH = (
    "Terme",
    "Taux de complexité",
    "Indice de comparaison",
    "Explication au grand public",
    "Taux de simplification",
    "Sources",
)
ENGLISH = (
    "Biomedical Term",
    "Complexity Rate",
    "Comparison Index",
    "Public Explanation",
    "Simplification Rate",
    "Sources",
)
COLUMNS = tuple(ENTRIES.names[1:7])
DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma"}


@dataclasses.dataclass(frozen=True)
class Layout:
    """How one file was written: what was detected, and which of its columns is which."""

    file: str
    size: int
    sha256: str
    encoding: str
    delimiter: str
    columns: dict[str, int]  # of COLUMNS, by index in the file
    ignored: list[str]


def read_file(path: Path) -> tuple[Layout, list[dict[str, Any]], list[dict[str, Any]], int]:
    """(layout, rows, rejects, how many of them are of broken structure) of one file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its name and permissions") from error
    text, encoding = decode(data, path.name)
    lines = lines_of(text)
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise FormatError(f"{path.name}: empty, expected a header with Terme and rows below it")
    delimiter, columns, names = _header(lines[first], path.name)
    layout = Layout(
        path.name,
        len(data),
        hashlib.sha256(data).hexdigest(),
        encoding,
        DELIMITERS[delimiter],
        columns,
        [name for i, name in enumerate(names) if i not in columns.values()],
    )
    rows, rejects, broken = [], [], 0
    blank_before = (Record(i + 1, (), "") for i in range(first))
    for record in (*blank_before, *records(lines, delimiter, len(names), first + 1)):
        row = {name: record.cells[i].strip() for name, i in columns.items()} if _whole(record, len(names)) else {}
        if why := record.problem or ("blank line" if not record.cells else "" if row["term"] else "no term"):
            shown = record.text.encode("utf8", "backslashreplace").decode("utf8")
            rejects.append({"file": path.name, "line": record.line, "reason": why, "text": shown})
            broken += record.problem is not None
        else:
            rows.append({name: row.get(name, "") for name in COLUMNS} | {"file": path.name, "line": record.line})
    return layout, rows, rejects, broken


def _whole(record: Record, width: int) -> bool:
    return record.problem is None and len(record.cells) == width


def _header(line: str, name: str) -> tuple[str, dict[str, int], list[str]]:
    """(delimiter, columns by index, names found): the delimiter under which most columns are known."""
    best: dict[str, int] = {}
    chosen = "\t"
    for delimiter in DELIMITERS:
        known = _known(header_cells(line, delimiter), name)
        if len(known) > len(best):
            chosen, best = delimiter, known
    names = header_cells(line, chosen)
    if "term" not in best:
        raise FormatError(
            f"{name}: no column Terme; found {', '.join(map(repr, names[:8]))}, expected {', '.join(FRENCH)} "
            "(or their English names), separated by tabs, semicolons or commas; name the columns in its first line"
        )
    return chosen, best, names


def _known(cells: list[str], name: str) -> dict[str, int]:
    known: dict[str, int] = {}
    for i, cell in enumerate(cells):
        column = NAMES.get(_folded(cell))
        if column in known:
            raise FormatError(f"{name}: column {cell!r} stands twice in the header, expected once; rename one")
        if column:
            known[column] = i
    return known


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in letters if c.isalnum())


NAMES = {_folded(name): column for names in (FRENCH, ENGLISH) for name, column in zip(names, COLUMNS, strict=True)}
NAMES |= {"term": "term", "explication": "explanation", "explanation": "explanation", "source": "sources"}
