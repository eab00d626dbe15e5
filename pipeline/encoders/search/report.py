"""A study in words: what won, by how much, and what the sample was too small to say."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.encoders.search.intervals import visible
from pipeline.encoders.search.speed import USUAL, ratio
from pipeline.encoders.search.study import Study
from pipeline.encoders.search.trial import Trial

NAME = "report.md"
REFERENCE = 0.0001
"""The loss that the reference work allows."""


def write(found: Study, folder: Path) -> Path:
    (folder / NAME).write_text(words(found), encoding="utf-8")
    return folder / NAME


def words(found: Study) -> str:
    """Markdown."""
    about = found.about
    done = [trial for trial in found.trials if trial.measured]
    recipes = {trial.recipe for trial in done}
    parts = [
        f"# Search: {about['encoder']}",
        f"Asked for: {found.constraint.words}.",
        f"{len(found.trials)} trials, {len(recipes)} recipes made and measured, "
        f"{len(found.trials) - len(done)} trials failed. Machine: {about['cpu']}, {about['instruction_set']}, "
        f"{about['threads']} calls of one thread side by side.",
        f"Sample: {about['sample']}.{_synonyms(about['kind'])}",
        "## What won",
        _winner(found),
        "## Pareto front",
        _table(found.front, about["fp32_bytes"]),
        "## What the sample could not resolve",
        _unresolved(done, found.best),
        "## How it was measured",
        _method(found),
        "## All trials",
        _table(done, about["fp32_bytes"]),
        *_failed([trial for trial in found.trials if not trial.measured]),
    ]
    return "\n\n".join(parts) + "\n"


def _synonyms(kind: str) -> str:
    if kind == "gold":
        return ""
    return (
        " No gold was given: each query is a name of a concept, taken out of the target, and the concept is the right "
        "answer. This tells encoders apart; it is not the accuracy on a lay lexicon."
    )


def _winner(found: Study) -> str:
    best = found.best
    if best is None:
        return "No trial keeps what was asked. `pareto.json` holds the best compromises; nothing was registered."
    loss, ten, agreement = best.loss, best.done.quality.ten, best.done.quality.agreement
    return (
        f"Trial {best.number}: **{best.label}**, {best.ratio:.2f} times as fast as fp32, "
        f"{best.done.bytes / 1e6:.1f} MB ({best.done.bytes / found.about['fp32_bytes']:.2f} of fp32).\n\n"
        f"- Right concept first: {loss.lost} of {loss.n} queries lost, {loss.won} won: "
        f"{_points(loss.value)} points lost, interval {_points(loss.low)} to {_points(loss.high)}.\n"
        f"- Right concept among ten: {ten.lost} lost, {ten.won} won: {_points(ten.value)} points, interval "
        f"{_points(ten.low)} to {_points(ten.high)}.\n"
        f"- Of fp32's ten concepts {agreement.value:.2%} stay ({agreement.low:.2%} to {agreement.high:.2%}).\n\n"
        "Not told from zero is not zero: a loss up to the interval's upper end may be there."
    )


def _unresolved(done: Sequence[Trial], best: Trial | None) -> str:
    if not done:
        return "Nothing was measured."
    loss = (best or done[0]).loss
    seen, changed = visible(loss.n, loss.right), visible(loss.n, loss.right, loss.won)
    lines = [
        f"- {loss.n} queries: one query is {1 / loss.n:.3%}; fp32 has {loss.right} right at the first place.",
        f"- Had no query changed for the better, the smallest loss told from zero would be {_share(seen)}.",
    ]
    if loss.won:
        lines.append(
            f"- With {loss.won} changed for the better, as in trial {(best or done[0]).number}, it is "
            f"{_share(changed)}."
        )
    lines.append(
        f"- The reference work's {REFERENCE:.2%} is less than one query below {round(1 / REFERENCE):,} queries, and "
        f"told from zero only with about {_needed(loss.right / loss.n):,}, were every change for the worse."
    )
    return "\n".join(lines)


def _needed(accuracy: float) -> int:
    """Queries with which a loss of REFERENCE could be told from zero, in tens of thousands."""
    n = 10_000
    while (seen := visible(n, round(accuracy * n))) is None or seen > REFERENCE:
        n += 10_000
    return n


def _method(found: Study) -> str:
    return (
        f"Speed: {found.about['timed_texts']} strings of the target, in full buckets of one length, encoded in turns "
        "by fp32 and by the trial, tokens to vectors; the ratio is the median over rounds, whose seconds are in "
        "trials.json. "
        f"{_noise(found)}Intervals of losses are Newcombe's for paired shares (1998, method 10), of agreement "
        "a bootstrap's, all of 95 % and one trial each: the best of many trials is a little luckier than its interval."
    )


def _noise(found: Study) -> str:
    """What fp32 on ONNX Runtime says of itself, where it is a trial too."""
    same = [
        trial.measured.seconds
        for trial in found.trials
        if trial.measured and (trial.recipe.engine, trial.recipe.precision) == ("onnxruntime", "fp32")
    ]
    if not same:
        return ""
    return (
        f"fp32 on ONNX Runtime against itself came out {ratio(same[0], USUAL):.3f} times as fast: the noise of this "
        "machine at that time. "
    )


def _table(trials: Sequence[Trial], fp32: int) -> str:
    lines = [
        "| trial | recipe | tokens a call | × fp32 | acc@1 lost, points | top-10 kept | mean cosine | MB | of fp32 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for trial in trials:
        loss, done = trial.loss, trial.done
        lines.append(
            f"| {trial.number} | {trial.recipe.label} | {trial.batch_tokens} | {trial.ratio:.2f} | "
            f"{_points(loss.value)} [{_points(loss.low)}, {_points(loss.high)}] | {done.quality.agreement.value:.2%} | "
            f"{done.drift.mean_cosine:.5f} | {done.bytes / 1e6:.1f} | {done.bytes / fp32:.2f} |"
        )
    return "\n".join(lines)


def _failed(trials: Sequence[Trial]) -> list[str]:
    if not trials:
        return []
    return ["## Failed", "\n".join(f"- {trial.number}, {trial.recipe.label}: {trial.reason}" for trial in trials)]


def _points(share: float) -> str:
    return f"{100 * share:+.2f}"


def _share(value: float | None) -> str:
    return "none: no loss could be told from zero" if value is None else f"{value:.2%}"
