"""The folders of one project on disk. Everything but curation.duckdb is immutable and named by content."""

import dataclasses
from pathlib import Path

from pipeline import settings as settings_file
from pipeline.errors import WorkspaceError
from pipeline.files import read_json, whole, write_json
from pipeline.settings import Settings

KINDS = ("lexicon", "umls")


@dataclasses.dataclass(frozen=True)
class Workspace:
    root: Path

    @property
    def toml(self) -> Path:
        return self.root / "lexalign.toml"

    @property
    def sources(self) -> Path:
        return self.root / "sources"

    @property
    def translations(self) -> Path:
        return self.root / "translations"

    @property
    def embeddings(self) -> Path:
        return self.root / "embeddings"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def curation(self) -> Path:
        return self.root / "curation.duckdb"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    def settings(self) -> Settings:
        return settings_file.read(self.toml)

    def save_settings(self, settings: Settings) -> None:
        with whole(self.toml) as part:
            part.write_text(settings_file.to_toml(settings), encoding="utf8")

    def release(self, kind: str) -> Path:
        """Folder of the current release of a kind in KINDS.

        Raises WorkspaceError that names the command to run where none was ingested.
        """
        name = self._current().get(kind)
        if name is None:
            what = "lexicon FILE" if kind == "lexicon" else "umls PATH"
            raise WorkspaceError(f"{self.root}: no {kind} yet; run `lexalign -w {self.root} ingest {what}` first")
        folder = self.sources / name
        if not (folder / "manifest.json").is_file():
            raise WorkspaceError(f"{folder}: the current {kind} release is gone or cut short; ingest it again")
        return folder

    def has_release(self, kind: str) -> bool:
        return kind in self._current()

    def make_current(self, kind: str, name: str) -> None:
        write_json(self.sources / "current.json", self._current() | {kind: name})

    def finished_runs(self) -> list[Path]:
        """Folders of the finished runs, the oldest first."""
        return sorted(path.parent for path in self.runs.glob("*/manifest.json"))

    def latest_run(self) -> Path:
        """Raises WorkspaceError where none is finished."""
        runs = self.finished_runs()
        if not runs:
            raise WorkspaceError(f"{self.root}: no finished run; run `lexalign -w {self.root} align` first")
        return runs[-1]

    def _current(self) -> dict[str, str]:
        path = self.sources / "current.json"
        return read_json(path) if path.exists() else {}


def create(root: Path, settings: Settings = Settings()) -> Workspace:
    """A new, empty project. Raises WorkspaceError where the folder is a project already."""
    workspace = Workspace(root)
    if workspace.toml.exists():
        raise WorkspaceError(f"{root}: is a Lexalign project already; use it with `lexalign -w {root} …`")
    workspace.save_settings(settings)
    for folder in (
        workspace.sources,
        workspace.translations,
        workspace.embeddings,
        workspace.runs,
        workspace.exports,
    ):
        folder.mkdir(parents=True, exist_ok=True)
    return workspace


def find(root: Path) -> Workspace:
    """The project at `root`. Raises WorkspaceError where there is none."""
    workspace = Workspace(root)
    if not workspace.toml.is_file():
        raise WorkspaceError(
            f"{root}: not a Lexalign project (no lexalign.toml); make one with `lexalign init {root}`"
        )
    return workspace
