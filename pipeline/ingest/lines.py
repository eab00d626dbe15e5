"""The lines of an RRF file: counted, hashed and checked in one reading; those that are no rows, named with why.

A block of lines is checked whole with NumPy (300 million bytes a second and core); only the lines of a block that
fails are looked at one by one.
"""

import dataclasses
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from pipeline.errors import FormatError

BLOCK = 1 << 18  # what stays in a core's cache
LONGEST_LINE = 1 << 20
MOST_REJECTS = 100_000
TEXT_KEPT = 10_000
CUI = re.compile(rb"C[0-9]{7}")
BOM = b"\xef\xbb\xbf"


@dataclasses.dataclass(frozen=True)
class Table:
    """An RRF table: its columns, and the one (besides CUI) without which a row says nothing."""

    name: str
    schema: pa.Schema
    needed: str

    @property
    def fields(self) -> int:
        return len(self.schema.names)


@dataclasses.dataclass
class Sifted:
    """What a reading found; `rejects` are rows of contracts.REJECTS, an unfinished last line counts as a line."""

    size: int = 0
    sha256: str = ""
    lines: int = 0
    blank: int = 0
    rejects: list[dict[str, str | int]] = dataclasses.field(default_factory=list)


def sift(path: Path, table: Table, name: str, clean: Path | None = None) -> Sifted:
    """Count, hash and check the lines of a file; with `clean`, write the good ones there, with LF ends.

    Raises FormatError past MOST_REJECTS.
    """
    found, digest = Sifted(), hashlib.sha256()
    with path.open("rb") as file, (clean or Path(os.devnull)).open("wb") as out:
        for block in _blocks(file):
            digest.update(block)
            found.size += len(block)
            text = block if found.lines else block.removeprefix(BOM)
            if _all_rows(text, table):
                found.lines += text.count(b"\n")
                good = text
            else:
                good = _rows_of(text, table, name, found)
            if clean:
                out.write(good)
    found.sha256 = digest.hexdigest()
    return found


def _rows_of(block: bytes, table: Table, name: str, found: Sifted) -> bytes:
    """The good lines of a block; the others are added to `found`."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    good = []
    for number, ended in enumerate(lines, found.lines + 1):
        line = ended.removesuffix(b"\r")
        if not line.strip():
            found.blank += 1
        elif why := reason(line, table):
            text = line[:TEXT_KEPT].decode("utf8", "backslashreplace")
            found.rejects.append({"file": name, "line": number, "reason": why, "text": text})
        else:
            good.append(line + b"\n")
    found.lines += len(lines)
    if len(found.rejects) > MOST_REJECTS:
        raise FormatError(
            f"{name} line {found.rejects[0]['line']}: {found.rejects[0]['reason']}; more than "
            f"{MOST_REJECTS:,} such lines; is this {table.name} of a UMLS release?"
        )
    return b"".join(good)


def _all_rows(block: bytes, table: Table) -> bool:
    """Whether every line of a block is a row for `reason`; False also where that is not plain to see."""
    letters = np.frombuffer(block, np.uint8)
    rows = np.count_nonzero(letters == ord("\n"))
    bars = np.flatnonzero(letters == ord("|"))
    if not rows or len(bars) != table.fields * rows or len(block) > LONGEST_LINE:
        return False
    cells = bars.reshape(-1, table.fields)  # the end of each cell, where all lines are whole
    ends = cells[:, -1] + 1
    if ends[-1] != len(block) - 1 or (letters[ends] != ord("\n")).any():
        return False
    starts = np.concatenate(([0], ends[:-1] + 1))
    needed = table.schema.names.index(table.needed)
    if (cells[:, 0] != starts + 8).any() or (cells[:, needed] - cells[:, needed - 1] == 1).any():
        return False
    eights = np.ndarray((len(block) - 7,), "<u8", block, strides=(1,))  # the eight bytes from each byte on
    return (
        _are_cuis(eights[starts]) and not any(odd in block for odd in (b"\0", b"\r", b"\x01")) and _decodes(block)
    )


def _are_cuis(eights: np.ndarray) -> bool:
    """Whether eight bytes in one little-endian number are C and seven digits, for each number.

    A digit is 0x30 to 0x39: its high half is 3, and stays 3 when 6 is added.
    """
    halves, threes = np.uint64(0xF0F0F0F0F0F0F0F0), np.uint64(0x3030303030303040)
    high = (eights & halves) == threes
    low = ((eights + np.uint64(0x0606060606060600)) & halves) == threes
    return bool((high & low & ((eights & np.uint64(0xFF)) == ord("C"))).all())


def _decodes(block: bytes) -> bool:
    # Arrow's check of UTF-8 is three times as fast as Python's, and makes no copy.
    ends = pa.py_buffer(np.array([0, len(block)], np.int32))
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, ends, pa.py_buffer(block)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def reason(line: bytes, table: Table) -> str | None:
    """Why a line (without its end) is no row of the table; None where it is one."""
    pipes = line.count(b"|")
    fields = pipes + (not line.endswith(b"|"))
    if len(line) > LONGEST_LINE:
        return f"{len(line)} bytes, expected {LONGEST_LINE} at most"
    if fields != table.fields:
        return f"{fields} fields, expected {table.fields}"
    if pipes != table.fields:
        return "does not end with '|'"
    cells = line.split(b"|")
    if not cells[0]:
        return "CUI is empty"
    if not CUI.fullmatch(cells[0]):
        return f"CUI is {cells[0].decode('utf8', 'backslashreplace')}, expected C and seven digits"
    if not cells[table.schema.names.index(table.needed)]:
        return f"{table.needed} is empty"
    return _characters(line, cells)


def _characters(line: bytes, cells: list[bytes]) -> str | None:
    if b"\0" in line:
        return "a NUL character"
    if b"\r" in line:
        return "a carriage return inside the line"
    if b"\x01" in cells:
        return "a cell with nothing but the control character U+0001"
    try:
        line.decode("utf8")
    except UnicodeDecodeError as error:
        return f"invalid UTF-8 at byte {error.start + 1}"
    return None


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """The file in pieces of whole lines."""
    rest: list[bytes] = []
    while chunk := file.read(BLOCK):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join([*rest, chunk[:cut]])
            rest = []
        rest.append(chunk[cut:])
    if last := b"".join(rest):
        yield last
