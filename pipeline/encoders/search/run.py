"""The search itself: propose, make, ask and time, tell; every step is kept before the next begins."""

import dataclasses
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.encoders.build import check_source
from pipeline.encoders.card import Card
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.engines.cpu import instruction_set, model_name
from pipeline.encoders.recipe import Recipe
from pipeline.encoders.search import figure, journal, report, speed, study
from pipeline.encoders.search.candidate import MAKING, Original, measured
from pipeline.encoders.search.quality import Answers, answer
from pipeline.encoders.search.sample import Sample
from pipeline.encoders.search.space import first, paths
from pipeline.encoders.search.trial import Constraint, Measured
from pipeline.encoders.tokens import Spelling
from pipeline.errors import EncoderError
from pipeline.files import read_json, write_json
from pipeline.progress import Progress, silent

FP32 = "fp32.json"
LAYERS = "layers.json"
LABEL = "trials"
RANKED_BY = 64
"""Texts whose activations say which layers are quantised worst."""


def search(
    source: Card,
    sample: Sample,
    folder: Path,
    *,
    texts: Sequence[str],
    constraint: Constraint = Constraint(),
    engines: Sequence[str] = (),
    trials: int = 40,
    minutes: float = 0,
    language: str = "en",
    progress: Progress = silent,
) -> study.Study:
    """Try recipes of the fp32 encoder `source` until `folder` holds `trials` of them, or for `minutes` (0: as long as
    it takes). A study that was stopped goes on from its last trial.

    `texts` calibrate; `language`: of the report and the plot. Raises EncoderError where `source` is not fp32 or the
    folder's trials are of another sample, machine or encoder; WorkspaceError where another process searches
    there.
    """
    check_source(source)
    allowed = paths(engines)
    with study.owned(folder):
        _clear(folder)
        original, worst = _prepare(source, sample, folder, texts, constraint, progress)
        optuna_study = journal.open_study(folder, first(allowed))
        _run(optuna_study, original, folder, (allowed, worst), constraint, trials, minutes, progress)
        study.keep(folder, journal.trials(optuna_study))
        found = study.read(folder)
        report.write(found, folder, language=language)
        figure.write(found, folder, language=language)
    return found


def _run(
    optuna_study: Any,
    original: Original,
    folder: Path,
    space: tuple[Sequence[str], Sequence[str]],
    constraint: Constraint,
    trials: int,
    minutes: float,
    progress: Progress,
) -> None:
    end = time.monotonic() + 60 * minutes if minutes else float("inf")
    known = {one.recipe: (one.measured, one.reason) for one in journal.trials(optuna_study)}
    done = len(journal.trials(optuna_study))
    progress(done, trials, LABEL)
    while done < trials and time.monotonic() < end:
        asked, choice = journal.propose(optuna_study, *space)
        if choice.recipe not in known:
            known[choice.recipe] = _tried(choice.recipe, original, folder)
        journal.tell(optuna_study, asked, *known[choice.recipe], constraint)
        done += 1
        study.keep(folder, journal.trials(optuna_study))
        progress(done, trials, LABEL)


def _tried(recipe: Recipe, original: Original, folder: Path) -> tuple[Measured | None, str]:
    """What was measured, or the reason why nothing could be: a recipe that fails is a result."""
    try:
        return measured(recipe, original, folder), ""
    except EncoderError as error:
        return None, str(error)


def _prepare(
    source: Card,
    sample: Sample,
    folder: Path,
    texts: Sequence[str],
    constraint: Constraint,
    progress: Progress,
) -> tuple[Original, list[str]]:
    encoder = FolderEncoder(source)
    strings = sample.strings
    amount = _kept_amount(folder) or speed.amount(encoder, strings)
    study.begin(folder, _about(source, sample, encoder, texts, amount), constraint)
    (folder / study.TEXTS).write_text("\n".join(" ".join(text.split()) for text in texts) + "\n", "utf-8")
    answers = _answers(folder, encoder, sample, progress)
    original = Original(source, encoder, sample, answers, texts, speed.texts(strings, amount))
    return original, _worst(folder, source, texts, progress)


def _about(
    source: Card, sample: Sample, encoder: FolderEncoder, texts: Sequence[str], amount: int
) -> dict[str, Any]:
    """What must be the same for two trials to be comparable."""
    return {
        "encoder": source.name,
        "model_sha256": source.model_sha256,
        "fp32_bytes": source.bytes,
        "sample": dataclasses.asdict(sample.origin),
        "sample_digest": sample.digest,
        "calibration_texts": len(texts),
        "timed_texts": amount,
        "threads": encoder.threads,
        "cpu": model_name(),
        "instruction_set": instruction_set(),
    }


def _kept_amount(folder: Path) -> int:
    return read_json(folder / study.ASKED)["about"]["timed_texts"] if (folder / study.ASKED).exists() else 0


def _answers(folder: Path, encoder: FolderEncoder, sample: Sample, progress: Progress) -> Answers:
    """fp32's own, found once a study."""
    if not (folder / FP32).exists():
        write_json(folder / FP32, answer(encoder, sample, progress=progress))
    return read_json(folder / FP32)


def _worst(folder: Path, source: Card, texts: Sequence[str], progress: Progress) -> list[str]:
    """Names of the linear layers, the worst quantised first; ranked once a study."""
    if not (folder / LAYERS).exists():
        from pipeline.encoders.inspect.layers import errors

        tokens = Spelling(source).tokens(texts[:RANKED_BY]).ids
        found = errors(source, tokens, progress=progress)
        write_json(folder / LAYERS, [layer.name for layer in found])
    return read_json(folder / LAYERS)


def _clear(folder: Path) -> None:
    """Models that a killed process left half-made."""
    for left in folder.glob(f"{MAKING}*"):
        shutil.rmtree(left)
