"""Files that one process at a time may hold; the system frees them however the process ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import WorkspaceError


@contextmanager
def alone(path: Path, refusal: str) -> Iterator[None]:
    """Hold the lock file `path`; raises WorkspaceError with `refusal` where another process holds it.

    The system frees it when the process ends, however it ends.
    """
    with open_or_explain(path) as file:
        if not lock(file, wait=False):
            raise WorkspaceError(refusal)
        try:
            yield
        finally:
            unlock(file)


def open_or_explain(path: Path) -> BinaryIO:
    """The file, made where it is absent, to read and append. Raises WorkspaceError where that is forbidden."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+b", buffering=0)
    except OSError as error:
        raise WorkspaceError(
            f"{path}: cannot be opened for writing ({error.strerror}); check the folder's permissions"
        ) from error


if sys.platform == "win32":
    import msvcrt

    def lock(file: BinaryIO, *, wait: bool) -> bool:
        """Whether the lock was had. msvcrt waits ten seconds, then raises."""
        file.seek(1 << 40)  # a byte that no text reaches: Windows locks forbid reading what they cover
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def unlock(file: BinaryIO) -> None:
        file.seek(1 << 40)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def lock(file: BinaryIO, *, wait: bool) -> bool:
        """Whether the lock was had."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def unlock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
