"""A study's folder: what was asked in study.json, every trial in trials.json, the front in pareto.json, the report."""

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.encoders import catalogue
from pipeline.encoders.search import trial as trials_
from pipeline.encoders.search.sample import Origin
from pipeline.encoders.search.trial import Constraint, Trial
from pipeline.errors import EncoderError, WorkspaceError
from pipeline.files import read_json, write_json
from pipeline.locks import lock

ASKED = "study.json"
TRIALS = "trials.json"
FRONT = "pareto.json"
TEXTS = "texts.txt"


@dataclass(frozen=True)
class Study:
    """`about`: what makes its trials comparable (source, sample, machine, amounts); `trials` in their order."""

    about: dict[str, Any]
    constraint: Constraint
    trials: list[Trial]

    @property
    def sample(self) -> Origin:
        return Origin(**self.about["sample"])

    @property
    def best(self) -> Trial | None:
        return trials_.best(self.trials, self.constraint)

    @property
    def front(self) -> list[Trial]:
        return trials_.front(self.trials)


def default_folder(encoder: str) -> Path:
    return catalogue.own() / "studies" / encoder


def read(folder: Path) -> Study:
    """What a study has come to, also while it runs. Raises WorkspaceError where `folder` is no study."""
    asked = read_json(folder / ASKED)
    trials = read_json(folder / TRIALS) if (folder / TRIALS).exists() else []
    return Study(
        asked["about"], Constraint(**asked["constraint"]), [trials_.from_json(values) for values in trials]
    )


def begin(folder: Path, about: dict[str, Any], constraint: Constraint) -> None:
    """Write what is asked; a study that is there already must be about the same, its constraint may change.

    Raises EncoderError that names what differs.
    """
    if (folder / ASKED).exists():
        before = read_json(folder / ASKED)["about"]
        if differing := sorted(key for key in {*before, *about} if before.get(key) != about.get(key)):
            key = differing[0]
            raise EncoderError(
                f"{folder}: its trials are of another {', '.join(differing)} ({key}: {before.get(key)}, now "
                f"{about.get(key)}), expected the same, or they could not be compared; name another folder with --study"
            )
    write_json(folder / ASKED, {"about": about, "constraint": dataclasses.asdict(constraint)})


def keep(folder: Path, trials: Sequence[Trial]) -> None:
    """Publish the trials and their front."""
    write_json(folder / TRIALS, [trials_.to_json(trial) for trial in trials])
    write_json(folder / FRONT, [trials_.to_json(trial) for trial in trials_.front(trials)])


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Only one process at a time searches in a folder; a killed one lets go. Raises WorkspaceError where it is busy."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as file:
        if not lock(file, wait=False):
            raise WorkspaceError(
                f"{folder}: another search is running there, expected one at a time; wait for it, or name another "
                "folder with --study"
            )
        yield
