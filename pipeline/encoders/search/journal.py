"""Optuna's journal in the study's folder: what was proposed and what came of it, whatever kills the process."""

import dataclasses
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.encoders import recipe as recipes
from pipeline.encoders.search.space import Choice, suggest
from pipeline.encoders.search.trial import Constraint, Measured, Trial, measured_from_json
from pipeline.errors import EncoderError
from pipeline.extras import INSTALL

NAME = "journal.log"
MEASURED, REASON, CHOICE = "measured", "reason", "choice"


def open_study(folder: Path, first: Sequence[dict[str, Any]]) -> Any:
    """The optuna.Study in `folder`: minimise the loss of accuracy@1, maximise speed over fp32; `first` are the
    parameters to try first in a new one. Who calls owns the folder alone.

    Raises EncoderError where Optuna is not installed.
    """
    optuna = _optuna()
    path = folder / NAME
    _mend(path)
    backend = optuna.storages.journal.JournalFileBackend(
        str(path), lock_obj=optuna.storages.journal.JournalFileOpenLock(str(path))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)  # grouped TPE
        sampler = optuna.samplers.TPESampler(multivariate=True, group=True, n_startup_trials=2 * len(first))
    study = optuna.create_study(
        study_name="search",
        storage=optuna.storages.JournalStorage(backend),
        directions=["minimize", "maximize"],
        sampler=sampler,
        load_if_exists=True,
    )
    _retry(optuna, study)
    if not study.get_trials(deepcopy=False):
        for parameters in first:
            study.enqueue_trial(parameters)
    return study


def trials(study: Any) -> list[Trial]:
    """The finished ones, failed ones too, but not those that a kill cut short."""
    found = study.get_trials(deepcopy=False)
    return [_trial(one) for one in found if one.state.is_finished() and {MEASURED, REASON} & set(one.user_attrs)]


def propose(study: Any, allowed: Sequence[str], worst: Sequence[str]) -> tuple[Any, Choice]:
    """Optuna's trial and what it wants tried."""
    asked = study.ask()
    choice = suggest(asked, allowed, worst)
    asked.set_user_attr(CHOICE, {"recipe": choice.recipe.to_json(), "batch_tokens": choice.batch_tokens})
    return asked, choice


def tell(study: Any, asked: Any, measured: Measured | None, reason: str, constraint: Constraint) -> None:
    """What came of a proposal: what was measured, or the reason why it could not be."""
    if measured is None:
        asked.set_user_attr(REASON, reason)
        study.tell(asked, state=_optuna().trial.TrialState.FAIL)
        return
    asked.set_user_attr(MEASURED, dataclasses.asdict(measured))
    found = _trial(asked)
    for name, excess in constraint.excess(found).items():
        asked.set_constraint(name, excess)
    study.tell(asked, [found.loss.value, found.ratio])


def _trial(frozen: Any) -> Trial:
    """Of Optuna's trial, finished or not."""
    choice, values = frozen.user_attrs[CHOICE], frozen.user_attrs.get(MEASURED)
    return Trial(
        number=frozen.number,
        recipe=recipes.from_json(choice["recipe"]),
        batch_tokens=choice["batch_tokens"],
        measured=measured_from_json(values) if values else None,
        reason=frozen.user_attrs.get(REASON, ""),
    )


def _retry(optuna: Any, study: Any) -> None:
    """What was being tried when the process was killed is tried first."""
    states = optuna.trial.TrialState
    for cut in study.get_trials(deepcopy=False, states=(states.RUNNING,)):
        study.tell(cut.number, state=states.FAIL)
        study.enqueue_trial(cut.params)


def _mend(path: Path) -> None:
    """A killed process leaves a lock and, at worst, half a line."""
    for left in path.parent.glob(f"{path.name}.lock*"):
        left.unlink()
    if path.exists():
        content = path.read_bytes()
        if (end := content.rfind(b"\n") + 1) < len(content):
            with path.open("r+b") as file:
                file.truncate(end)


def _optuna() -> Any:
    try:
        import optuna
        import optuna.storages.journal
    except ModuleNotFoundError as error:
        raise EncoderError(
            f"{error.name} is not installed, expected the extra `search`; run {INSTALL} and try again"
        ) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
