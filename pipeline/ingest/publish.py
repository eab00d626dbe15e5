"""A release is built in a folder of its own, then published whole under a name made of its content."""

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import WorkspaceError
from pipeline.files import read_json, whole_folder
from pipeline.workspace import Workspace


def release_name(kind: str, content: Any) -> str:
    """`<kind>-<12 hex of the content>`; `content`: hashes of the files, options that change the rows."""
    text = json.dumps([kind, 1, content], ensure_ascii=False)
    return f"{kind}-{hashlib.sha256(text.encode('utf8')).hexdigest()[:12]}"


def published(workspace: Workspace, kind: str, name: str, allow_rejects: bool) -> Path | None:
    """The folder of this release, made current, where it was ingested before."""
    folder = workspace.sources / name
    if not (folder / "manifest.json").is_file():
        return None
    if read_json(folder / "manifest.json")["broken_rows"] and not allow_rejects:
        return None
    workspace.make_current(kind, name)
    return folder


@contextmanager
def staging(workspace: Workspace, kind: str) -> Iterator[Path]:
    """A folder beside the releases, gone at the end; leftovers of killed processes are swept.

    Raises WorkspaceError where DuckDB finds the disk full.
    """
    workspace.sources.mkdir(parents=True, exist_ok=True)
    for left in workspace.sources.glob(f".{kind}.*.staging"):
        if not psutil.pid_exists(int(left.name.split(".")[2])):
            shutil.rmtree(left, ignore_errors=True)
    process = psutil.Process().pid
    folder = Path(tempfile.mkdtemp(prefix=f".{kind}.{process}.", suffix=".staging", dir=workspace.sources))
    try:
        yield folder
    except duckdb.Error as error:
        if "No space left" in str(error) or "OutOfMemory" in type(error).__name__:
            raise WorkspaceError(
                f"{folder}: not enough disk or memory to read the release ({error}); free some and run the "
                "command again, nothing was half-written"
            ) from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(workspace: Workspace, kind: str, name: str, staged: Path) -> Path:
    """Move the staged files to the release's folder and make it current."""
    folder = workspace.sources / name
    if folder.exists():
        # An older release of the same content, or one cut short by hand: the new one says the same.
        shutil.rmtree(folder)
    with whole_folder(folder) as part:
        for file in staged.iterdir():
            file.rename(part / file.name)
    workspace.make_current(kind, name)
    return folder


def write_table(path: Path, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")


def peak_megabytes() -> int:
    """The most memory that this process held so far."""
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset >> 20
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> (20 if sys.platform == "darwin" else 10)
