"""Translate what the memory lacks: in batches, with patience, keeping whatever was done."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.contracts import Translator
from pipeline.errors import ServiceError, TranslationError
from pipeline.progress import Progress, silent
from pipeline.translate.memory import Memory
from pipeline.translate.refusals import Unusable


@dataclass(frozen=True, kw_only=True)
class Patience:
    """`attempts` a batch; waits double from `first_wait` to `longest_wait` seconds, give or take a quarter.

    What ends a run: a service that asks for over `longest_asked` seconds, `in_a_row` failures one after the other,
    `failures` in all.
    """

    attempts: int = 6
    first_wait: float = 1.0
    longest_wait: float = 60.0
    longest_asked: float = 600.0
    in_a_row: int = 5
    failures: int = 100


@dataclass(frozen=True)
class Failure:
    text: str
    reason: str


@dataclass(frozen=True)
class Report:
    """`known`: distinct texts that the memory had; `characters`: those of the texts that were translated."""

    known: int
    translated: int
    characters: int
    retries: int
    seconds_waited: float
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Preview:
    """What `translate_missing` would send; `host` is None where nothing leaves the machine."""

    count: int
    characters: int
    host: str | None
    translator: str
    first: tuple[str, ...]


@dataclass
class _Tally:
    translated: int = 0
    characters: int = 0
    retries: int = 0
    waited: float = 0.0
    in_a_row: int = 0
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True)
class _Sending:
    translator: Translator
    patience: Patience
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    tally: _Tally


def preview(texts: Sequence[str], memory: Memory, translator: Translator) -> Preview:
    """For the person who is to agree: how much would leave, for where, and the first ten texts."""
    missing = memory.missing(texts)
    return Preview(len(missing), sum(map(len, missing)), translator.sends, translator.name, tuple(missing[:10]))


def translate_missing(
    texts: Sequence[str],
    translator: Translator,
    memory: Memory,
    *,
    batch: int | None = None,
    patience: Patience = Patience(),
    sleep: Callable[[float], None] = time.sleep,
    chance: Callable[[], float] = random.random,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Progress = silent,
) -> Report:
    """Fill the memory; each distinct text is sent once, and each batch is on disk before the next is sent.

    `batch` defaults to the translator's own `batch`, else 32. A text that the translator refuses is in the report
    and is sent again by the next run. Raises TranslationError where the translator gave up for good (what was done
    is kept), WorkspaceError where another process translates here. An interruption loses the batch in flight.
    """
    _same_direction(translator, memory)
    size: int = batch if batch else getattr(translator, "batch", 32)
    tally = _Tally()
    sending = _Sending(translator, patience, sleep, chance, tally)
    with memory.translating():
        memory.refresh()
        missing, known = memory.missing(texts), len(memory.lookup(texts))
        for start in range(0, len(missing), size):
            progress(start, len(missing), "translated")
            for part, answers in _results(missing[start : start + size], sending):
                memory.add(zip(part, answers, strict=True), translator=translator.name, at=clock())
                tally.translated += len(part)
                tally.characters += sum(map(len, part))
        progress(len(missing), len(missing), "translated")
    return Report(known, tally.translated, tally.characters, tally.retries, tally.waited, tuple(tally.failures))


def _results(texts: Sequence[str], sending: _Sending) -> Iterator[tuple[Sequence[str], list[str]]]:
    """Yield (texts, translations); a batch that is refused is tried text by text, to find the one at fault."""
    try:
        answers = _patiently(texts, sending)
    except Unusable as error:
        raise _stop(error, sending.tally) from error
    except TranslationError as error:
        if len(texts) > 1 and not getattr(error, "passing", False):
            for text in texts:
                yield from _results([text], sending)
            return
        _count_failure(texts, error, sending)
        return
    sending.tally.in_a_row = 0
    yield texts, answers


def _patiently(texts: Sequence[str], sending: _Sending) -> list[str]:
    patience, attempt = sending.patience, 1
    while True:
        try:
            return _whole(sending.translator.translate(texts), texts, sending.translator)
        except ServiceError as error:
            if not error.passing or attempt >= patience.attempts:
                raise
            wait = _wait(attempt, error.retry_after, patience, sending.chance)
            if wait > patience.longest_asked:
                raise Unusable(f"{error}; that is over {patience.longest_asked:.0f} s: run again then") from error
        attempt += 1
        sending.tally.retries += 1
        sending.tally.waited += wait
        sending.sleep(wait)


def _wait(attempt: int, asked: float | None, patience: Patience, chance: Callable[[], float]) -> float:
    """Seconds: what the service asked for, and never less; else doubling, spread so that clients do not march."""
    if asked is not None:
        return asked + chance()
    return min(patience.first_wait * 2 ** (attempt - 1), patience.longest_wait) * (0.75 + 0.5 * chance())


def _whole(answers: list[str], texts: Sequence[str], translator: Translator) -> list[str]:
    if len(answers) != len(texts):
        raise TranslationError(
            f"{translator.name}: {len(answers)} translations of {len(texts)} texts, expected as many; none is kept"
        )
    for text, answer in zip(texts, answers, strict=True):
        if not isinstance(answer, str) or not answer.strip():
            raise TranslationError(f"{translator.name}: nothing for “{text[:40]}”, expected a translation")
    return answers


def _count_failure(texts: Sequence[str], error: TranslationError, sending: _Sending) -> None:
    tally, patience = sending.tally, sending.patience
    tally.failures += [Failure(text, str(error)) for text in texts]
    tally.in_a_row += 1
    if tally.in_a_row >= patience.in_a_row or len(tally.failures) >= patience.failures:
        raise _stop(error, tally) from error


def _stop(error: TranslationError, tally: _Tally) -> TranslationError:
    kind = type(error) if isinstance(error, ServiceError) else TranslationError
    return kind(
        f"{error} — stopped after {tally.translated} translations, which are kept, and {len(tally.failures)} "
        f"failures, {tally.in_a_row} in a row; mend the cause and run again: only what is missing is sent"
    )


def _same_direction(translator: Translator, memory: Memory) -> None:
    found, expected = (translator.source, translator.target), (memory.source, memory.target)
    if found != expected:
        raise TranslationError(
            f"{translator.name} translates {'-'.join(found)}, the memory holds {'-'.join(expected)}; match them"
        )
