"""Delimited text to rows of cells, with the lines that cannot be read named; nothing is swallowed.

A cell is quoted where it opens with `"` and a closing `"` stands before a delimiter or a line end; any other is
a letter. Files written without quoting have such letters too, so a quoted cell that spans lines is believed only
where its row comes out with the right number of cells, and its lines do not read as rows by themselves.
"""

import codecs
import dataclasses
import re
from collections.abc import Iterator

from pipeline.errors import FormatError

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
MOST_LINES_IN_A_CELL = 1000
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
OTHER_FILES = {
    b"PK\x03\x04": "a spreadsheet or zip",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip",
}
UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclasses.dataclass(frozen=True)
class Record:
    """A row of cells, or what is wrong with it. `line` counts from 1; `text` is as it stands in the file."""

    line: int
    cells: tuple[str, ...]
    text: str
    problem: str | None = None


def decode(data: bytes, name: str) -> tuple[str, str]:
    """(text, encoding). A byte that the encoding does not know becomes a lone surrogate, which `records` refuses.

    Raises FormatError for what is no text.
    """
    for magic, what in OTHER_FILES.items():
        if data.startswith(magic):
            raise FormatError(f"{name}: found {what}, expected text; save it as tab-separated text (Unicode)")
    for bom, encoding in BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding, "surrogateescape" if encoding == "utf-8-sig" else "strict"), encoding
            except UnicodeDecodeError as error:
                raise FormatError(f"{name}: {error}, expected UTF-16; is the file cut short?") from error
    if data.count(b"\0") > len(data) // 100:
        raise FormatError(f"{name}: found binary data, expected text; save it as tab-separated text in UTF-8")
    encoding = _encoding(data)
    return data.decode(encoding, "surrogateescape"), encoding


def _encoding(data: bytes) -> str:
    """UTF-8 where it decodes, or where most of its bytes beyond ASCII do; else the one-byte codes of the west."""
    try:
        data.decode("utf8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    high = sum(byte > 127 for byte in data)
    if sum(map(len, UTF8_SEQUENCE.findall(data))) > high / 2:
        return "utf-8"
    return "cp1252" if re.search(rb"[\x80-\x9f]", data) else "latin-1"


def header_cells(line: str, delimiter: str) -> list[str]:
    cells, _ = _quoted(line, delimiter)
    return [cell.strip() for cell in (cells or line.rstrip("\r\n").split(delimiter))]


def lines_of(text: str) -> list[str]:
    """Lines with their ends (CR, LF or CRLF, nothing else)."""
    return LINE.findall(text)


def records(lines: list[str], delimiter: str, width: int, first: int = 0) -> Iterator[Record]:
    """Rows from line index `first` on, `width` cells each; blank lines come as records without cells."""
    at = first
    while at < len(lines):
        record, used = _record(lines, at, delimiter, width)
        yield _checked(record)
        at += used


def _record(lines: list[str], at: int, delimiter: str, width: int) -> tuple[Record, int]:
    plain = tuple(lines[at].rstrip("\r\n").split(delimiter))
    text = lines[at].rstrip("\r\n")
    if not text.replace(delimiter, "").strip():
        return Record(at + 1, (), text), 1
    cells, used = _joined(lines, at, delimiter)
    if cells is None:
        if len(plain) == width:
            return Record(at + 1, plain, text), 1
        return Record(at + 1, plain, text, "a quote is opened and never closed"), 1
    if len(cells) == width and not (used > 1 and _rows_by_themselves(lines[at : at + used], delimiter, width)):
        return Record(at + 1, tuple(map(_unix, cells)), "".join(lines[at : at + used]).rstrip("\r\n"), None), used
    if len(plain) == width:
        return Record(at + 1, plain, text), 1
    if used > 1 and _rows_by_themselves(lines[at + 1 : at + used - 1], delimiter, width, share=0.5):
        return Record(at + 1, plain, text, f"a quote opened here would swallow {used - 1} more rows"), 1
    whole = "".join(lines[at : at + used]).rstrip("\r\n")
    return Record(at + 1, tuple(cells), whole, f"{len(cells)} cells, expected {width}"), used


def _joined(lines: list[str], at: int, delimiter: str) -> tuple[list[str] | None, int]:
    """The cells of the row that starts at a line and the lines it takes; None where a quote stays open."""
    row = ""
    for used, line in enumerate(lines[at : at + MOST_LINES_IN_A_CELL], 1):
        row += line
        # A line without a quote cannot close one.
        if used > 1 and '"' not in line:
            continue
        cells, closed = _quoted(row, delimiter)
        if closed:
            return cells, used
    return None, 1


def _quoted(row: str, delimiter: str) -> tuple[list[str], bool]:
    """(cells, whether every quoted cell is closed) of a row with its line end."""
    row = row.removesuffix("\n").removesuffix("\r")
    cells, at = [], 0
    while True:
        cell, at, closed = _cell(row, at, delimiter)
        if not closed:
            return [], False
        cells.append(cell)
        if at >= len(row):
            return cells, True
        at += 1
        if at == len(row):
            return [*cells, ""], True


def _cell(row: str, at: int, delimiter: str) -> tuple[str, int, bool]:
    """(cell, index of the delimiter after it or len(row), closed)."""
    if row[at : at + 1] == '"':
        end = at + 1
        while (end := row.find('"', end)) >= 0 and row[end + 1 : end + 2] == '"':
            end += 2
        if end < 0:
            return "", len(row), False
        if end + 1 == len(row) or row[end + 1] == delimiter:
            return row[at + 1 : end].replace('""', '"'), end + 1, True
    end = row.find(delimiter, at)
    # Not a quoted cell after all: its text ends with the line, whatever follows.
    stop = re.search(r"[\r\n]", row[at:])
    if stop and (end < 0 or at + stop.start() < end):
        return "", len(row), False
    end = len(row) if end < 0 else end
    return row[at:end], end, True


def _rows_by_themselves(lines: list[str], delimiter: str, width: int, share: float = 1.0) -> bool:
    """Whether lines read without quoting have the right number of cells: all of them, or over a share."""
    if width < 2 or not lines:
        return False
    right = sum(line.count(delimiter) == width - 1 for line in lines)
    return right == len(lines) if share == 1.0 else right > share * len(lines)


def _unix(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def _checked(record: Record) -> Record:
    """The record with what its characters tell: undecodable bytes and NULs."""
    if record.problem or not record.cells:
        return record
    bad = next((c for c in record.text if "\udc80" <= c <= "\udcff"), None)
    if bad:
        return dataclasses.replace(record, problem=f"byte 0x{ord(bad) - 0xDC00:02X} is not of the file's encoding")
    if "\0" in record.text:
        return dataclasses.replace(record, problem="a NUL character")
    return record
