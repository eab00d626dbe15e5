"""A trial's recipe made again, to stay."""

import dataclasses
from pathlib import Path

from pipeline.encoders import catalogue
from pipeline.encoders.build import build
from pipeline.encoders.card import Card, read_card, to_json
from pipeline.encoders.search import study
from pipeline.encoders.search.trial import Trial
from pipeline.errors import EncoderError
from pipeline.files import write_json
from pipeline.progress import Progress, silent


def register(folder: Path, which: str, *, name: str, progress: Progress = silent) -> Card:
    """Encoder `name` by the recipe of trial `which` ("best" or a number) of the study in `folder`, calibrated on the
    same texts, and run with as many tokens a call. The card says where it comes from.

    Raises EncoderError where there is no such trial, it failed, or the fp32 encoder is not the one searched.
    """
    found = study.read(folder)
    chosen = _chosen(found, which, folder)
    source = catalogue.card(found.about["encoder"])
    if source.model_sha256 != found.about["model_sha256"]:
        raise EncoderError(
            f"{source.name}: its model is {source.model_sha256[:12]}…, the study in {folder} searched "
            f"{found.about['model_sha256'][:12]}…; search again, or add the encoder that was searched"
        )
    texts = (folder / study.TEXTS).read_text("utf-8").splitlines()
    card = build(
        source, chosen.recipe, name=name, texts=texts, batch_tokens=chosen.batch_tokens, progress=progress
    )
    return _with_origin(card, chosen, found)


def _chosen(found: study.Study, which: str, folder: Path) -> Trial:
    if which == "best":
        if found.best is None:
            raise EncoderError(
                f"{folder}: none of {len(found.trials)} trials keeps {found.constraint.words()}; search on with more "
                "--trials or another constraint, or name a trial of pareto.json with --trial NUMBER"
            )
        return found.best
    numbers = {str(trial.number): trial for trial in found.trials if trial.measured}
    if which not in numbers:
        raise EncoderError(
            f"{folder}: no trial {which} that was measured, expected best or one of {', '.join(numbers) or 'none'}"
        )
    return numbers[which]


def _with_origin(card: Card, chosen: Trial, found: study.Study) -> Card:
    told = {
        "trial": chosen.number,
        "speed_ratio": chosen.ratio,
        "loss": dataclasses.asdict(chosen.loss),
        "agreement": dataclasses.asdict(chosen.done.quality.agreement),
        "sample": found.about["sample"],
    }
    write_json(
        card.folder / "encoder.json", to_json(dataclasses.replace(card, tags={**card.tags, "searched": told}))
    )
    return read_card(card.folder)
