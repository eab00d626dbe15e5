"""How often a password may be tried: after a few failures each further one makes the next wait twice as long."""

import threading
from dataclasses import dataclass

FORGET = 3600.0
"""Seconds after which failures no longer count."""
MOST = 10_000
"""Names and addresses that are remembered at once."""


@dataclass(frozen=True)
class Pace:
    """`free` failures cost nothing; the next ones 1, 2, 4, … seconds, `longest` at most."""

    free: int
    longest: float


# An address may be a whole lab's; and whoever knows a name must not lock its owner out for long.
NAME = Pace(free=3, longest=60.0)
ADDRESS = Pace(free=12, longest=900.0)


@dataclass(frozen=True)
class _Tried:
    failures: int
    at: float


class Throttle:
    """Counts attempts by name and by address. Kept by the server, so that a reload changes nothing."""

    def __init__(self) -> None:
        self._tried: dict[tuple[Pace, str], _Tried] = {}
        self._alone = threading.Lock()

    def attempt(self, name: str, address: str, now: float) -> float:
        """0 where a password may be tried now, which counts as a failure until `forgive`; else seconds to wait.

        `now` is in seconds of a steady clock.
        """
        keys = ((NAME, name), (ADDRESS, address))
        with self._alone:
            wait = max(self._wait(pace, key, now) for pace, key in keys)
            if wait <= 0:
                for key in keys:
                    self._tried[key] = _Tried(self._failures(key, now) + 1, now)
                self._trim(now)
            return max(0.0, wait)

    def forgive(self, name: str, address: str) -> None:
        """The password was right: the name starts anew, and the address gets this one attempt back."""
        with self._alone:
            self._tried.pop((NAME, name), None)
            if tried := self._tried.get((ADDRESS, address)):
                self._tried[ADDRESS, address] = _Tried(tried.failures - 1, tried.at)

    def _wait(self, pace: Pace, key: str, now: float) -> float:
        over = self._failures((pace, key), now) - pace.free
        if over < 0:
            return 0.0
        return self._tried[pace, key].at + min(pace.longest, 2.0 ** min(over, 60)) - now

    def _failures(self, key: tuple[Pace, str], now: float) -> int:
        tried = self._tried.get(key)
        return tried.failures if tried and now - tried.at < FORGET else 0

    def _trim(self, now: float) -> None:
        if len(self._tried) > MOST:
            newest = sorted(self._tried.items(), key=lambda item: item[1].at)[-MOST // 2 :]
            self._tried = {key: tried for key, tried in newest if now - tried.at < FORGET}
