"""One file of a hub to a path: goes on where it stopped, and is there only when whole and as the hub states it."""

import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
from huggingface_hub import get_session
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import hf_raise_for_status

from pipeline.encoders.export.hub_errors import full
from pipeline.errors import EncoderError
from pipeline.files import CHUNK

TIMEOUT = 20.0  # seconds without a byte
TRIES = 4  # in a row without a byte
WAIT = 1.0  # seconds before the next
PASSING = (408, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Listed:
    """A file of a repository: bytes and checksum as the hub states them, SHA-256 of a large file (LFS), git's own
    SHA-1 of a small one."""

    name: str
    bytes: int
    checksum: str


def download(file: Listed, url: str, to: Path, headers: dict[str, str], progress: Callable[[int], None]) -> str:
    """The SHA-256 of the file at `to`, fetched where it is not there yet; `progress` gets the bytes that are there.

    Raises EncoderError where it is not what the hub states, httpx2's errors after TRIES without a byte.
    """
    if to.is_file() and _is_as_stated(to, file):
        return _sha256(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.{file.checksum[:12]}.part")
    part.touch()
    _check_space(file, part)
    _fetch(file, url, part, headers, progress)
    if not _is_as_stated(part, file):
        found = part.stat().st_size
        part.unlink()
        raise EncoderError(
            f"{file.name}: {found:,} bytes with another checksum than the hub states ({file.bytes:,} bytes, "
            f"{file.checksum[:12]}…); it was removed, run it again, or take another mirror"
        )
    part.replace(to)
    return _sha256(to)


def _fetch(file: Listed, url: str, part: Path, headers: dict[str, str], progress: Callable[[int], None]) -> None:
    """Append until the size is reached; a server that breaks off is asked for the rest."""
    tries = 0
    while (before := part.stat().st_size) < file.bytes:
        try:
            _append(file, url, part, headers, progress)
        except (httpx2.TransportError, HfHubHTTPError) as error:
            tries = 0 if part.stat().st_size > before else tries + 1
            passing = not isinstance(error, HfHubHTTPError) or error.response.status_code in PASSING
            if tries >= TRIES or not passing:
                raise
            time.sleep(WAIT)
        else:
            if part.stat().st_size < file.bytes:
                return  # the server says that this is all


def _append(file: Listed, url: str, part: Path, headers: dict[str, str], progress: Callable[[int], None]) -> None:
    have = part.stat().st_size
    asked = headers | {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with get_session().stream("GET", url, headers=asked, timeout=TIMEOUT) as response:
        hf_raise_for_status(response)
        _check_kind(file, response)
        partial = response.status_code == httpx2.codes.PARTIAL_CONTENT
        with part.open("ab" if partial else "wb") as stream:
            for chunk in response.iter_bytes():
                stream.write(chunk)
                if stream.tell() > file.bytes:
                    return  # not the file; the checksum says so
                progress(stream.tell())


def _check_kind(file: Listed, response: httpx2.Response) -> None:
    if "text/html" in response.headers.get("content-type", ""):
        raise EncoderError(
            f"{file.name}: {response.url.host} answered with a web page, expected the file; "
            "is a proxy's log-in in between, or the mirror's address wrong?"
        )


def _check_space(file: Listed, part: Path) -> None:
    if shutil.disk_usage(part.parent).free < file.bytes - part.stat().st_size:
        raise full(f"{part.parent}, {file.bytes:,} bytes to come")


def _is_as_stated(path: Path, file: Listed) -> bool:
    if path.stat().st_size != file.bytes:
        return False
    return file.checksum == (_sha256(path) if len(file.checksum) == 64 else _git_sha1(path))


def _sha256(path: Path) -> str:
    return _digest(path, hashlib.sha256())


def _git_sha1(path: Path) -> str:
    """As `git hash-object` has it."""
    return _digest(path, hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False))


def _digest(path: Path, digest: "hashlib._Hash") -> str:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
