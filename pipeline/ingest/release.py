"""The files of a UMLS release: whole, gzipped, or split in parts; and one plain file of each table to read."""

import dataclasses
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.errors import FormatError, InputError
from pipeline.progress import Progress

CHUNK = 1 << 20
TABLES = ("MRCONSO", "MRSTY", "MRDEF")
GZIP = b"\x1f\x8b"
NAME = re.compile(r"(?P<whole>.+?\.RRF)(\.(?P<part>[a-z]{2}))?(\.gz)?", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Source:
    """One file of a release, as it lies on the disk."""

    name: str
    size: int
    sha256: str


def find(path: Path | Sequence[Path]) -> dict[str, list[Path]]:
    """The files of each table in TABLES that is there, parts in their order.

    `path` is a folder (or the folder that holds META), a file of MRCONSO, or its parts; MRSTY and MRDEF are taken
    from beside it. Raises InputError where there is no MRCONSO, FormatError where a part is missing.
    """
    given = [path] if isinstance(path, Path) else list(path)
    for one in given:
        if not one.exists():
            raise InputError(f"{one}: not there; check its name")
    if len(given) == 1 and given[0].is_dir():
        return _in_folder(given[0])
    if not given or any(one.is_dir() for one in given):
        raise InputError(f"{len(given)} paths given, expected one folder, or MRCONSO.RRF, or all its parts")
    beside = _tables(given[0].parent)
    named: dict[str, list[Path]] = {}
    for one in given:
        table = next((name for name in TABLES[1:] if one.name.upper().startswith(name)), "MRCONSO")
        named.setdefault(table, []).append(one)
    if "MRCONSO" not in named:
        raise InputError(f"{given[0]}: no MRCONSO among the files given; name its file, its parts or the folder")
    if len(given) == 1 and _part(given[0]) is not None:
        named = {}
    found = beside | {table: _in_order(files) for table, files in named.items()}
    return found


def joined(files: Sequence[Path], plain: Path, progress: Progress) -> list[Source]:
    """Write the text of compressed or split files to `plain`; the files with their hashes.

    Parts may be gzip files each, or slices of one: they are read as one stream. Raises FormatError where the gzip
    is damaged or cut short.
    """
    digests = [hashlib.sha256() for _ in files]
    total = sum(file.stat().st_size for file in files)
    done = 0

    def raw() -> Iterator[bytes]:
        nonlocal done
        for file, digest in zip(files, digests, strict=True):
            with file.open("rb") as handle:
                while chunk := handle.read(CHUNK):
                    digest.update(chunk)
                    done += len(chunk)
                    progress(done, total, "reading the parts")
                    yield chunk

    chunks = _unzipped(raw(), files[-1].name) if is_gzip(files[0]) else raw()
    with plain.open("wb") as out:
        out.writelines(chunks)
    return [
        Source(file.name, file.stat().st_size, digest.hexdigest())
        for file, digest in zip(files, digests, strict=True)
    ]


def is_gzip(file: Path) -> bool:
    with file.open("rb") as handle:
        return handle.read(2) == GZIP


def check_text(plain: Path, name: str, fields: int) -> None:
    """Raises FormatError where the file is empty or its beginning is no RRF."""
    with plain.open("rb") as handle:
        head = handle.read(1 << 16)
    if not head.strip():
        raise FormatError(f"{name}: empty, expected lines of {fields} fields; copy it again from the release")
    if b"|" not in head or head.count(b"\0") > len(head) // 100:
        raise FormatError(
            f"{name}: found no '|' in its beginning or binary data, expected {fields} fields a line, each ended "
            "by '|'; is it the RRF file of a UMLS release?"
        )


def _in_folder(folder: Path) -> dict[str, list[Path]]:
    for place in (folder, folder / "META"):
        found = _tables(place)
        if "MRCONSO" in found:
            return found
    names = sorted(file.name for file in folder.iterdir())
    raise InputError(
        f"{folder}: no MRCONSO.RRF; found {', '.join(names[:8]) or 'nothing'}{' …' * (len(names) > 8)}, expected "
        "MRCONSO.RRF, MRCONSO.RRF.gz or MRCONSO.RRF.aa.gz, .ab.gz …; name the META folder of the release"
    )


def _tables(folder: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    if not folder.is_dir():
        return found
    for table in TABLES:
        files = [
            file for file in folder.iterdir() if file.is_file() and file.name.upper().startswith(f"{table}.RRF")
        ]
        files = [file for file in files if NAME.fullmatch(file.name)]
        whole = sorted((file for file in files if _part(file) is None), key=lambda file: len(file.name))
        if chosen := whole[:1] or _in_order(files):
            found[table] = chosen
    return found


def _part(file: Path) -> str | None:
    match = NAME.fullmatch(file.name)
    return match["part"].lower() if match and match["part"] else None


def _in_order(files: Sequence[Path]) -> list[Path]:
    """Parts by their letters; files that are not named as parts, as given."""
    letters = [_part(file) for file in files]
    if len(files) < 2 or None in letters:
        return list(files)
    expected = [chr(97 + i // 26) + chr(97 + i % 26) for i in range(len(files))]
    ordered = sorted(files, key=lambda file: _part(file) or "")
    for file, letter in zip(ordered, expected, strict=True):
        if _part(file) != letter:
            raise FormatError(
                f"{file.name}: found this part, expected part .{letter}; copy the missing part beside it"
            )
    return ordered


def _unzipped(chunks: Iterable[bytes], last: str) -> Iterator[bytes]:
    """The text of one or more gzip members that follow one another, cut anywhere."""
    decoder = zlib.decompressobj(31)
    try:
        for chunk in chunks:
            while chunk:
                if decoder.eof:
                    decoder = zlib.decompressobj(31)
                yield decoder.decompress(chunk)
                chunk = decoder.unused_data
    except zlib.error as error:
        raise FormatError(f"{last}: damaged gzip ({error}); copy it again from the release") from error
    if not decoder.eof:
        raise FormatError(
            f"{last}: the gzip is cut short, expected its end; is a part missing? Copy it again from the release"
        )
