"""An append-only file of JSON lines that several processes share: whole batches or nothing, under an OS lock."""

import errno
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.errors import InputError, WorkspaceError
from pipeline.locks import lock, open_or_explain, unlock


class Log:
    """`read()` gives the lines since the last `read`; `append(lines)` adds some.

    A process that dies half-way leaves a line without an end. The next one moves it to a file of its own beside
    the log and says so in `repairs`: no other line is touched. The order of the lines is the order of time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.repairs: list[str] = []
        self._offset = 0  # bytes read so far, always at the end of a line
        self._lines = 0

    def read(self) -> list[dict[str, Any]]:
        """Raises WorkspaceError where a line that is not the last cannot be read."""
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            rows, torn = self._read(file)
        if not torn:
            return rows
        # another process may be writing it at this moment: only who holds the lock can tell
        with self._locked() as file:
            return rows + self._read_whole(file)

    def append(self, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add lines, on disk when this returns; gives what others added since the last `read`.

        Raises WorkspaceError where the disk is full (the log is then as before), InputError for text that is no
        Unicode.
        """
        data = _encoded(lines)
        with self._locked() as file:
            others = self._read_whole(file)
            _write(file, data, self.path)
            self._offset += len(data)
            self._lines += len(lines)
        return others

    def _read_whole(self, file: BinaryIO) -> list[dict[str, Any]]:
        rows, torn = self._read(file)
        if torn:
            self._repair(file, torn)
        return rows

    def _read(self, file: BinaryIO) -> tuple[list[dict[str, Any]], bytes]:
        """The readable lines after the offset, and the torn end."""
        file.seek(self._offset)
        lines = file.read().split(b"\n")
        torn = lines.pop()
        rows: list[dict[str, Any]] = []
        for number, line in enumerate(lines):
            row = _decoded(line)
            if row is None:
                if any(_decoded(later) is not None for later in lines[number + 1 :]):
                    raise WorkspaceError(
                        f"{self.path} line {self._lines + 1}: not a line of a translation memory; the file was "
                        "edited or the disk is failing: restore a copy, or delete this line"
                    )
                return rows, b"\n".join([*lines[number:], torn])  # a power cut can leave more than one bad line
            rows.append(row)
            self._lines += 1
            self._offset += len(line) + 1
        return rows, torn

    def _repair(self, file: BinaryIO, torn: bytes) -> None:
        kept = self.path.with_name(f"{self.path.name}.torn-{self._offset}")
        kept.write_bytes(torn)
        file.truncate(self._offset)
        os.fsync(file.fileno())
        self.repairs.append(
            f"{self.path}: its last line was cut short ({len(torn)} bytes, a process died while writing); "
            f"moved to {kept.name}, the {self._lines} lines before it are whole"
        )

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        with open_or_explain(self.path) as file:
            lock(file, wait=True)
            try:
                yield file
            finally:
                unlock(file)


def _write(file: BinaryIO, data: bytes, path: Path) -> None:
    start = file.seek(0, os.SEEK_END)
    try:
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]
        os.fsync(file.fileno())
    except OSError as error:
        file.truncate(start)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WorkspaceError(
                f"{path}: the disk is full; free some space and run again, all earlier translations are kept"
            ) from error
        raise


def _encoded(lines: Sequence[dict[str, Any]]) -> bytes:
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    try:
        return text.encode("utf8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"a text holds {text[error.start]!r}, half a character; expected Unicode: is the encoding right?"
        ) from error


def _decoded(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
