"""One trial of a search, what a user asks of it, and which of several are best."""

import dataclasses
from collections.abc import Sequence
from statistics import median
from typing import Any

from pipeline.encoders import recipe as recipes
from pipeline.encoders.measure import Drift
from pipeline.encoders.recipe import Recipe
from pipeline.encoders.search.intervals import Loss, Mean
from pipeline.encoders.search.quality import Quality
from pipeline.encoders.search.speed import ORIGINAL, Seconds, ratio
from pipeline.encoders.search.wording import say


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measured:
    """Of a recipe's model: `bytes` on disk, `drift` and `quality` against fp32, `seconds` of each round of timing."""

    bytes: int
    drift: Drift
    quality: Quality
    seconds: Seconds


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trial:
    """`measured` is None where the recipe could not be made, and `reason` says why."""

    number: int
    recipe: Recipe
    batch_tokens: int
    measured: Measured | None
    reason: str = ""

    @property
    def done(self) -> Measured:
        """What was measured; only for a trial that did not fail."""
        assert self.measured is not None
        return self.measured

    @property
    def loss(self) -> Loss:
        return self.done.quality.first

    @property
    def ratio(self) -> float:
        """How many times as fast as fp32."""
        return ratio(self.done.seconds, self.batch_tokens)

    def label(self, language: str = "en") -> str:
        return say(language, "label", recipe=self.recipe.label, tokens=self.batch_tokens)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Constraint:
    """What a recipe must keep: shares of 1.

    `most_loss`: of accuracy@1, as measured; None asks that the sample cannot tell the loss from zero, of the right
    concept at the first place and among the first ten. `least_gain` in speed over fp32 ONNX Runtime.
    `least_agreement`: the mean share of fp32's ten concepts that stay; it can only fall, so no interval of it reaches
    zero loss, and it is asked for only in so many words.
    """

    most_loss: float | None = None
    least_gain: float = 0.2
    least_agreement: float | None = None

    def excess(self, trial: Trial) -> dict[str, float]:
        """By how much the trial breaks each condition; 0 or less where it does not."""
        quality, told = trial.done.quality, self.most_loss is None
        return {
            "first": quality.first.low if told else quality.first.value - (self.most_loss or 0),
            "ten": quality.ten.low if told else 0.0,
            "agreement": (self.least_agreement or 0) - quality.agreement.value,
            "speed": 1 + self.least_gain - trial.ratio,
        }

    def met(self, trial: Trial) -> bool:
        return trial.measured is not None and max(self.excess(trial).values()) <= 0

    def words(self, language: str = "en") -> str:
        told = self.most_loss is None
        parts = [say(language, "loss_told") if told else say(language, "loss_most", loss=self.most_loss)]
        if self.least_agreement:
            parts.append(say(language, "agreement", share=self.least_agreement))
        return "".join([*parts, say(language, "gain", gain=self.least_gain)])


def best(trials: Sequence[Trial], constraint: Constraint) -> Trial | None:
    """The fastest of those that meet the constraint."""
    return max((trial for trial in trials if constraint.met(trial)), key=lambda trial: trial.ratio, default=None)


def front(trials: Sequence[Trial]) -> list[Trial]:
    """Those to which no other is better in both loss of accuracy@1 and speed, the fastest first; one a recipe."""
    ordered = sorted((t for t in trials if t.measured), key=lambda trial: (-trial.ratio, trial.loss.value))
    found: list[Trial] = []
    for trial in ordered:
        if not found or trial.loss.value < found[-1].loss.value:
            found.append(trial)
    return found


def to_json(trial: Trial) -> dict[str, Any]:
    """What `from_json` reads, and the figures that people look for."""
    values: dict[str, Any] = {
        "number": trial.number,
        "state": "done" if trial.measured else "failed",
        "reason": trial.reason,
        "label": trial.recipe.label,
        "recipe": trial.recipe.to_json(),
        "batch_tokens": trial.batch_tokens,
    }
    if trial.measured is None:
        return values
    seconds = trial.measured.seconds
    kept = {key: seconds[key] for key in (ORIGINAL, str(trial.batch_tokens))}
    return values | {
        "loss": trial.loss.value,
        "speed_ratio": trial.ratio,
        "seconds": {key: median(rounds) for key, rounds in kept.items()},
        "measured": dataclasses.asdict(trial.measured),
    }


def from_json(values: dict[str, Any]) -> Trial:
    return Trial(
        number=values["number"],
        recipe=recipes.from_json(values["recipe"]),
        batch_tokens=values["batch_tokens"],
        measured=measured_from_json(values["measured"]) if "measured" in values else None,
        reason=values["reason"],
    )


def measured_from_json(values: dict[str, Any]) -> Measured:
    quality = values["quality"]
    return Measured(
        bytes=values["bytes"],
        drift=Drift(**values["drift"]),
        quality=Quality(Loss(**quality["first"]), Loss(**quality["ten"]), Mean(**quality["agreement"])),
        seconds=values["seconds"],
    )
