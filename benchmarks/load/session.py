"""All raters at once against one server, for so many seconds; the server may be killed meanwhile."""

import asyncio
import time
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.load.rater import Rater
from benchmarks.load.server import Server
from pipeline.progress import Progress


@dataclass(frozen=True)
class Plan:
    """`pace`: the least and the most seconds between two ratings of a person; `join`: seconds within which all open
    their pages, before the clock starts; `kill_after`: seconds until kill -9, None for never."""

    seconds: float
    pace: tuple[float, float]
    join: float
    kill_after: float | None = None


@dataclass(frozen=True)
class Held:
    """When the clock started and stopped, the CPU seconds that the server spent between (of no use after a kill, which
    starts another process), and how long it was away after one, which the clock does not count as seconds of rating."""

    began: float
    ended: float
    cpu_seconds: float
    away: float | None


async def hold(server: Server, raters: list[Rater], plan: Plan, progress: Progress) -> Held:
    """Raises a group with what those raters raised who could not go on."""
    watching = asyncio.create_task(server.watch())
    try:
        progress(0, None, "raters open their pages")
        await _all(rater.join(plan.join) for rater in raters)
        began, spent, over = time.monotonic(), server.cpu_seconds, asyncio.Event()
        async with asyncio.TaskGroup() as group:
            leading = group.create_task(_lead(server, plan, over, progress))
            for rater in raters:
                group.create_task(rater.rate_until(over))
        return Held(began, time.monotonic(), server.cpu_seconds - spent, leading.result())
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await _all(rater.leave() for rater in raters)


async def _lead(server: Server, plan: Plan, over: asyncio.Event, progress: Progress) -> float | None:
    """Set `over` after the plan's seconds; kill -9 and start again meanwhile, and give the seconds that this took."""
    away = None
    for second in range(round(plan.seconds)):
        progress(second, round(plan.seconds), "seconds of rating")
        if away is None and plan.kill_after is not None and second >= plan.kill_after:
            away = await _killed(server)
        await asyncio.sleep(1)
    over.set()
    return away


async def _killed(server: Server) -> float:
    began = time.monotonic()
    server.kill()
    await asyncio.to_thread(server.start)
    return time.monotonic() - began


async def _all(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for work in works:
            group.create_task(work)
