"""The whole project as one file, and back again: the same figures, whole or absent, nothing that is secret."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from curation_db import access
from curation_db.store import Store, open_store
from pipeline.errors import FormatError, InputError
from pipeline.files import sha256, whole, whole_folder
from pipeline.progress import Progress, silent
from pipeline.workspace import Workspace, find

FORMAT, VERSION = "lexalign-archive", 1
MANIFEST = "manifest.json"
MANIFEST_LIMIT = 64 << 20
STORE = "curation.duckdb"
FILES = ("lexalign.toml", STORE)
FOLDERS = ("sources", "translations", "runs", "exports")
VECTORS = "embeddings"
PACKED = (".parquet", ".xlsx", ".zip", ".npz")  # deflating them again takes time and saves nothing
CHUNK = 1 << 20


def export(
    workspace: Workspace,
    store: Store,
    by: str,
    to: Path,
    *,
    at: datetime,
    embeddings: bool = False,
    progress: Progress = silent,
) -> Path:
    """Write the project to `to`, as `pack`. Refused for whoever is not an administrator."""
    access.require(store, by, "safety")
    return pack(workspace, store, to, at=at, embeddings=embeddings, progress=progress)


def pack(
    workspace: Workspace,
    store: Store,
    to: Path,
    *,
    at: datetime,
    embeddings: bool = False,
    progress: Progress = silent,
) -> Path:
    """The settings, sources, translations, runs, exports and a copy of the store in a ZIP of that name.

    Accounts, keys, backups, logs and hidden files stay behind; vectors come along where asked (they can be computed
    again). A manifest names each file's size and SHA-256. Raises WorkspaceError where it cannot be written.
    """
    if to.exists():
        raise InputError(f"{to}: exists already, expected a new name; an archive never replaces one")
    folders = (*FOLDERS, VECTORS) if embeddings else FOLDERS
    to.parent.mkdir(parents=True, exist_ok=True)
    with whole(to) as part, tempfile.TemporaryDirectory(prefix=".archive-", dir=to.parent) as scratch:
        copy = Path(scratch) / STORE
        store.backup(copy)
        files = {"lexalign.toml": workspace.toml, STORE: copy} | dict(_files(workspace.root, folders))
        _write(part, files, at, progress)
    return to


def unpack(archive: Path, folder: Path, *, progress: Progress = silent) -> Workspace:
    """The project in a new or empty folder, every file checked against the manifest.

    Raises FormatError, with nothing written, for an archive that is cut, was changed, or names files that have no
    place in a project; WorkspaceError where the folder is not empty.
    """
    try:
        with zipfile.ZipFile(archive) as file, whole_folder(folder) as part:
            manifest = _manifest(file, archive)
            for number, (name, noted) in enumerate(manifest.items()):
                progress(number, len(manifest), "reading the archive")
                _read(file, name, noted, part / name, archive)
            find(part).settings()
            open_store(part / STORE).close()
            progress(len(manifest), len(manifest), "reading the archive")
    except FileNotFoundError as error:
        raise InputError(f"{archive}: not there; check the name") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise FormatError(f"{archive}: {error}; expected a whole archive of Lexalign, copy it again") from error
    return Workspace(folder)


def _files(root: Path, folders: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            hidden = any(part.startswith(".") for part in inside.parts)
            if path.is_file() and not path.is_symlink() and not hidden:
                yield inside.as_posix(), path


def _write(part: Path, files: Mapping[str, Path], at: datetime, progress: Progress) -> None:
    noted = {}
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as file:
        for number, (name, path) in enumerate(files.items()):
            progress(number, len(files), "writing the archive")
            noted[name] = _add(file, name, path)
        manifest = {"format": FORMAT, "version": VERSION, "at": at.isoformat(), "files": noted}
        file.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    progress(len(files), len(files), "writing the archive")


def _add(file: zipfile.ZipFile, name: str, path: Path) -> dict[str, object]:
    """Its size and digest as they went into the archive: a translation may be added to its file meanwhile."""
    info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED if path.suffix in PACKED else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, file.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += target.write(chunk)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _manifest(file: zipfile.ZipFile, archive: Path) -> dict[str, dict[str, object]]:
    """Name -> size and digest, where the names are those in the file and have their place in a project."""
    try:
        if file.getinfo(MANIFEST).file_size > MANIFEST_LIMIT:
            raise ValueError("longer than a manifest is")
        manifest = json.loads(file.read(MANIFEST))
        kind, version, files = manifest["format"], manifest["version"], dict(manifest["files"])
        right = all(type(noted["bytes"]) is int and type(noted["sha256"]) is str for noted in files.values())
    except (KeyError, ValueError, TypeError) as error:
        raise FormatError(f"{archive}: no manifest of a Lexalign archive ({error}); export it again") from error
    if (kind, version) != (FORMAT, VERSION) or not right:
        raise FormatError(f"{archive}: {kind} {version}, expected {FORMAT} {VERSION}; update Lexalign")
    if sorted(file.namelist()) != sorted([*files, MANIFEST]) or not set(FILES) <= files.keys():
        raise FormatError(f"{archive}: its files are not those of its manifest; export it again")
    if foreign := [name for name in files if not _in_place(name)]:
        raise FormatError(f"{archive}: {foreign[0]!r} has no place in a project; this archive was changed")
    return files


def _in_place(name: str) -> bool:
    path = PurePosixPath(name)
    plain = str(path) == name and not any(c in name for c in "\\:\0") and all(p[0] != "." for p in path.parts)
    return name in FILES or (plain and len(path.parts) > 1 and path.parts[0] in (*FOLDERS, VECTORS))


def _read(file: zipfile.ZipFile, name: str, noted: Mapping[str, object], to: Path, archive: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if file.getinfo(name).file_size != noted["bytes"]:
        raise FormatError(f"{archive}: {name} is not of the size in the manifest; copy the archive again")
    with file.open(name) as source, to.open("wb") as target:
        shutil.copyfileobj(source, target, CHUNK)
    if sha256(to) != noted["sha256"]:
        raise FormatError(f"{archive}: {name} was changed after the export; copy the archive again")
