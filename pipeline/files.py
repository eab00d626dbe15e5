"""Files that are whole or absent: written under a temporary name, synced, renamed."""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import InputError, WorkspaceError

CHUNK = 1 << 20
TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR)


@contextmanager
def whole(path: Path, *, secret: bool = False) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on a clean exit it becomes `path`, on an error it is removed.

    `secret`: only its owner may read it, at no moment anybody else.

    Raises WorkspaceError where the disk is full or not writable, or a folder is at `path`.
    """
    with _disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
        part = Path(name)
        try:
            yield part
            _sync(part)
            umask = os.umask(0)
            os.umask(umask)
            part.chmod(0o600 if secret else 0o666 & ~umask)
            part.replace(path)
            _sync(path.parent)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """As `whole`, for a folder that is published at once; WorkspaceError where a file, or a folder that is
    not empty, is at `path` already."""
    with _disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
        try:
            yield part
            for file in part.rglob("*"):
                _sync(file)
            part.chmod(0o755)
            part.rename(path)
            _sync(path.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def write_json(path: Path, value: Any) -> None:
    with whole(path) as part:
        part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf8")


def read_json(path: Path) -> Any:
    """Raises WorkspaceError naming the file where it is absent or not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf8"))
    except FileNotFoundError:
        raise WorkspaceError(f"{path}: not there; was the step that writes it run?") from None
    except ValueError as error:
        raise WorkspaceError(f"{path}: not JSON ({error}); delete it and run its step again") from error


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes. Raises InputError where the file cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its name and permissions") from error
    return digest.hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WorkspaceError(
                f"{path}: the disk is full; free some space and run the command again, nothing was half-written"
            ) from error
        if error.errno in TAKEN and (there := _in_the_way(path)):
            raise WorkspaceError(
                f"{there}: is there already and was left as it is; move it away, or name another place"
            ) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise WorkspaceError(
                f"{path}: cannot be written ({error.strerror}); check the folder's permissions"
            ) from error
        raise


def _in_the_way(path: Path) -> Path | None:
    """What is at `path`, or the file that is where one of its folders is to be."""
    if path.exists():
        return path
    return next((place for place in path.parents if place.exists() and not place.is_dir()), None)
