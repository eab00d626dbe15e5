"""One annotator: signs in under their name, reads, rates, reads the next card, and goes on after a crash."""

import asyncio
import random
import re
from dataclasses import dataclass

from benchmarks.load.page import GONE, Drawn, Page, PageError, Run

RATE = re.compile(r"rate_(?P<entry>.+)_(?P<cui>C\d{7})_(?P<rating>[0-5])")
AGAIN = 0.5
"""Seconds between two looks for a server that is gone."""


@dataclass(frozen=True)
class Press:
    """A rating that was sent. `told`: another card came, so the rater takes it for saved; `answered`: the server drew
    the page to its end. Times in seconds from the press: `card` to the last key of the next card, `whole` to the end
    of the run; None where it did not come so far."""

    person: str
    entry_id: str
    cui: str
    rating: int
    sent: float
    told: bool
    answered: bool
    card: float | None
    whole: float | None


class Rater:
    """`presses` is what they did, in order; `said` what the server told them in alerts; `opened` how many seconds
    each opening of their page took."""

    def __init__(self, name: str, port: int, pace: tuple[float, float], seed: int) -> None:
        self.name = name
        self.presses: list[Press] = []
        self.said: list[str] = []
        self.opened: list[float] = []
        self._page = Page(port, "lang=fr")
        self._pace = pace
        self._chance = random.Random(f"{seed} {name}")
        self._keys: dict[tuple[str, str, int], Drawn] = {}

    async def join(self, within: float) -> None:
        """Open the page at some moment within these seconds. Raises PageError where nothing can be rated."""
        await asyncio.sleep(self._chance.uniform(0, within))
        await self._open()

    async def rate_until(self, over: asyncio.Event) -> None:
        """Rate at the pace until it is over. Raises PageError where nothing is left to rate."""
        await asyncio.sleep(self._chance.uniform(*self._pace))
        while not over.is_set():
            try:
                await self._rate()
            except GONE:
                await self._reopen(over)
            await asyncio.sleep(self._chance.uniform(*self._pace))

    async def leave(self) -> None:
        await self._page.close()

    async def _rate(self) -> None:
        (entry, cui, rating), button = self._chance.choice(list(self._keys.items()))
        try:
            await self._page.press(button)
        finally:
            if self._page.shown.sent:
                self._note(entry, cui, rating, self._page.shown)
        self._look(self._page.shown)

    def _note(self, entry: str, cui: str, rating: int, run: Run) -> None:
        after = [one.at for place, one in keys(run).items() if place[:2] != (entry, cui)]
        card = max(after) - run.began if after else None
        whole = run.ended - run.began if run.ended else None
        told, answered = bool(after), bool(run.ended)
        self.presses.append(Press(self.name, entry, cui, rating, run.began, told, answered, card, whole))

    async def _open(self) -> None:
        run = await self._page.open()
        if me := run.buttons.get(f"be_{self.name}"):
            run = await self._page.press(me)
        self.opened.append(run.ended - run.began)
        self._look(run)

    async def _reopen(self, over: asyncio.Event) -> None:
        while not over.is_set():
            try:
                return await self._open()
            except GONE:
                await asyncio.sleep(AGAIN)

    def _look(self, run: Run) -> None:
        self.said += run.said
        self._keys = keys(run)
        if not self._keys:
            shown = ", ".join(list(run.buttons)[:8])
            raise PageError(f"{self.name}: no rating keys, expected six; the page said {run.said}, has {shown}")


def keys(run: Run) -> dict[tuple[str, str, int], Drawn]:
    """The rating keys of the card that a run drew: (entry_id, CUI, rating) -> button."""
    found = {name: RATE.fullmatch(name) for name in run.buttons}
    return {
        (match["entry"], match["cui"], int(match["rating"])): run.buttons[name]
        for name, match in found.items()
        if match
    }
