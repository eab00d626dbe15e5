"""A study in words: what won, by how much, and what the sample was too small to say."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pipeline.encoders.search.intervals import visible
from pipeline.encoders.search.speed import USUAL, ratio
from pipeline.encoders.search.study import Study
from pipeline.encoders.search.trial import Trial
from pipeline.encoders.search.wording import say

NAME = "report.md"
REFERENCE = 0.0001
"""The loss that the reference work allows."""


def write(found: Study, folder: Path, *, language: str = "en") -> Path:
    (folder / NAME).write_text(words(found, language), encoding="utf-8")
    return folder / NAME


def words(found: Study, language: str = "en") -> str:
    """Markdown, in one of `wording.LANGUAGES`."""
    done = [trial for trial in found.trials if trial.measured]
    failed = [trial for trial in found.trials if not trial.measured]
    parts = [
        f"# {say(language, 'title', encoder=found.about['encoder'])}",
        *_asked(found, language),
        f"## {say(language, 'won')}",
        *_winner(found, language),
        f"## {say(language, 'front')}",
        _table(found.front, found, language),
        f"## {say(language, 'unresolved')}",
        _unresolved(done, found.best, language),
        f"## {say(language, 'how')}",
        _method(found, language),
        f"## {say(language, 'all')}",
        _table(done, found, language),
        *_failed(failed, language),
    ]
    return "\n\n".join(parts) + "\n"


def _asked(found: Study, language: str) -> list[str]:
    about = found.about
    done = [trial for trial in found.trials if trial.measured]
    counts = {"trials": len(found.trials), "recipes": len({t.recipe for t in done})}
    machine = {key: about[key] for key in ("cpu", "instruction_set", "threads")}
    sample = say(language, "sample", words=found.sample.words(language))
    return [
        say(language, "asked", words=found.constraint.words(language)),
        say(language, "trials", failed=len(found.trials) - len(done), **counts, **machine),
        sample if found.sample.kind == "gold" else f"{sample} {say(language, 'synonyms')}",
    ]


def _winner(found: Study, language: str) -> list[str]:
    best = found.best
    if best is None:
        return [say(language, "no_winner")]
    size = best.done.bytes
    told = {"size": size / 1e6, "share": size / found.about["fp32_bytes"], "ratio": best.ratio}
    quality = best.done.quality
    lines = [
        say(language, name, n=loss.n, lost=loss.lost, won=loss.won, **loss.points)
        for name, loss in (("first", quality.first), ("ten", quality.ten))
    ]
    lines.append(say(language, "kept", **vars(quality.agreement)))
    return [
        say(language, "winner", number=best.number, label=best.label(language), **told),
        _list(lines),
        say(language, "not_zero"),
    ]


def _unresolved(done: Sequence[Trial], best: Trial | None, language: str) -> str:
    if not done:
        return say(language, "nothing")
    told = best or done[0]
    loss = told.loss
    lines = [
        say(language, "one_query", n=loss.n, share=1 / loss.n, right=loss.right),
        _visible("visible", visible(loss.n, loss.right), language),
    ]
    if loss.won:
        seen = visible(loss.n, loss.right, loss.won)
        lines.append(_visible("visible_won", seen, language, won=loss.won, number=told.number))
    fewest, needed = round(1 / REFERENCE), _needed(loss.right / loss.n)
    return _list([*lines, say(language, "reference", share=REFERENCE, fewest=fewest, needed=needed)])


def _visible(key: str, seen: float | None, language: str, **values: int) -> str:
    if seen is None:
        return say(language, f"{key}_none", **values)
    return say(language, key, share=seen, **values)


@cache
def _needed(accuracy: float) -> int:
    """Queries with which a loss of REFERENCE could be told from zero, in tens of thousands."""
    n = 10_000
    while (seen := visible(n, round(accuracy * n))) is None or seen > REFERENCE:
        n += 10_000
    return n


def _method(found: Study, language: str) -> str:
    parts = [say(language, "speed", texts=found.about["timed_texts"], usual=USUAL)]
    parts += [say(language, "noise", ratio=noise) for noise in _noise(found)]
    return " ".join([*parts, say(language, "intervals")])


def _noise(found: Study) -> list[float]:
    """What fp32 on ONNX Runtime says of itself, where it is a trial too."""
    same = [
        ratio(trial.measured.seconds, USUAL)
        for trial in found.trials
        if trial.measured and (trial.recipe.engine, trial.recipe.precision) == ("onnxruntime", "fp32")
    ]
    return same[:1]


def _table(trials: Sequence[Trial], found: Study, language: str) -> str:
    rows = [_row(trial, found.about["fp32_bytes"], language) for trial in trials]
    return "\n".join([say(language, "head"), "|---" * 9 + "|", *rows])


def _row(trial: Trial, fp32: int, language: str) -> str:
    done = trial.done
    return say(
        language,
        "row",
        number=trial.number,
        recipe=trial.recipe.label,
        tokens=trial.batch_tokens,
        ratio=trial.ratio,
        **trial.loss.points,
        kept=done.quality.agreement.value,
        cosine=done.drift.mean_cosine,
        size=done.bytes / 1e6,
        share=done.bytes / fp32,
    )


def _failed(trials: Sequence[Trial], language: str) -> list[str]:
    if not trials:
        return []
    reasons = [f"{trial.number}, {trial.recipe.label}: {trial.reason}" for trial in trials]
    return [f"## {say(language, 'failed')}", _list(reasons)]


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
