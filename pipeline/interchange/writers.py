"""One relation into CSV, TSV, XLSX or Parquet.

CSV (RFC 4180, 2005) is what people double-click: UTF-8 with a byte-order mark, without which Excel reads accents
wrongly, and with an apostrophe before text that a spreadsheet would run as a formula (see `guard`). TSV is what
scripts cut: no mark, no apostrophe, and tabs and line breaks inside a cell become one space, so a line is a row.
XLSX (ECMA-376, 5th edition) holds text as text, never as a formula. Parquet keeps every type. In CSV, TSV and
XLSX a list is joined by `|`, with `|` and `\\` inside an item preceded by `\\`; times are ISO 8601 in UTC.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from pipeline.errors import InputError
from pipeline.interchange.relations import count

BOM = "\ufeff"
XLSX_ROWS = 1_048_576  # Excel specifications and limits, Microsoft 365: rows a sheet, the header among them
XLSX_CHARACTERS = 32_767  # UTF-16 units a cell
BATCH = 10_000

# Apostrophes before the sign are counted in, so that taking one away always gives the text back.
_FORMULA = r"^('*[=+\-@\t\r])"
_BREAKS = r"[\t\r\n\v\f\x1C-\x1E\x{85}\x{2028}\x{2029}]+"  # whatever some reader takes for the end of a line


def guard(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before a leading = + - @ tab or carriage return (OWASP)."""
    return re.sub(_FORMULA, r"'\1", text)


def unguard(text: str) -> str:
    """What `guard` was given."""
    return re.sub(r"^'('*[=+\-@\t\r])", r"\1", text)


def write(connection: duckdb.DuckDBPyConnection, form: str, path: Path) -> int:
    """The relation `result` into a file of a form in FORMS; how many rows it has, the header not counted.

    Raises InputError where XLSX cannot hold it.
    """
    FORMS[form](connection, path)
    return count(connection, "result")


def _csv(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    text = f"regexp_replace({{}}, '{_quoted(_FORMULA)}', '''\\1')"
    with_head(BOM, connection.sql(flat(connection, text)), path, ",")


def _tsv(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    with_head("", connection.sql(flat(connection, one_line())), path, "\t")


def one_line() -> str:
    """SQL of a text on one line, for `flat`."""
    return f"regexp_replace({{}}, '{_BREAKS}', ' ', 'g')"


def with_head(head: str, relation: duckdb.DuckDBPyRelation, path: Path, separator: str) -> None:
    """The relation as delimited text after `head`, which DuckDB has no option for."""
    body = path.with_name(f"{path.name}.body")
    try:
        relation.write_csv(str(body), sep=separator, header=True)
        with path.open("wb") as target, body.open("rb") as source:
            target.write(head.encode())
            shutil.copyfileobj(source, target, 1 << 20)
    finally:
        body.unlink(missing_ok=True)


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    connection.table("result").write_parquet(str(path), compression="zstd")


def _xlsx(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    rows = count(connection, "result")
    if rows >= XLSX_ROWS:
        raise InputError(
            f"{rows:,} rows: an XLSX sheet holds {XLSX_ROWS - 1:,} beside the header; export as csv or parquet, "
            "or raise the minimum rating"
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Lexalign")
    sheet.freeze_panes = "A2"
    relation = connection.execute(flat(connection, "{}"))
    names = [column[0] for column in relation.description]
    sheet.append(names)
    try:
        for line, row in enumerate(_rows(relation), start=2):
            sheet.append([_cell(sheet, value, f"row {line}, {names[i]}") for i, value in enumerate(row)])
    finally:
        sheet.close()
    book.save(path)


def _rows(relation: duckdb.DuckDBPyConnection) -> Iterator[tuple]:
    while batch := relation.fetchmany(BATCH):
        yield from batch


def _cell(sheet, value, where: str):
    if not isinstance(value, str):
        return value
    if len(value.encode("utf-16-le")) // 2 > XLSX_CHARACTERS:
        raise InputError(
            f"{where}: {len(value):,} characters, an XLSX cell holds {XLSX_CHARACTERS:,}; export as csv or parquet"
        )
    if found := ILLEGAL_CHARACTERS_RE.search(value):
        raise InputError(
            f"{where}: control character U+{ord(found[0]):04X}, which XLSX cannot hold; correct the source of "
            f"{value[:40]!r}, or export as csv or parquet"
        )
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
    return cell


def flat(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    """SELECT of `result` with text, numbers and booleans alone; `text` is SQL, {} standing for each text."""
    columns = connection.execute("SELECT column_name, column_type FROM (DESCRIBE result)").fetchall()
    return f"SELECT {', '.join(_flat(name, kind, text) for name, kind in columns)} FROM result"


def _flat(name: str, kind: str, text: str) -> str:
    column = f'"{name}"'
    if kind.startswith("TIMESTAMP"):
        value = f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')"
    elif kind.endswith("[]"):
        value = text.replace("{}", f"array_to_string({_escaped(column)}, '|')")
    elif kind == "VARCHAR":
        value = text.replace("{}", column)
    else:
        value = column
    return f"{value} AS {column}"


def _escaped(column: str) -> str:
    # A missing item stays an empty one, so that lists that go together keep their places.
    item = "coalesce(regexp_replace(item::VARCHAR, '([\\\\|])', '\\\\\\1', 'g'), '')"
    return f"list_transform({column}, lambda item: {item})"


def _quoted(pattern: str) -> str:
    return pattern.replace("'", "''")


FORMS = {"csv": _csv, "tsv": _tsv, "xlsx": _xlsx, "parquet": _parquet}
