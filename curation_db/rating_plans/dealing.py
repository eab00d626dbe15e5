"""Who rates which entry: a design dealt to entries. Pure: the same design and entries give the same hands."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

Way = Literal["everybody", "random", "type", "letter", "hand", "pool"]
By = Literal["entry", "type", "letter"]


class Line(NamedTuple):
    """A line of a table made by hand: the person rates this entry, or the entries of this type or first letter."""

    person: str
    by: By
    value: str


class Item(NamedTuple):
    """An entry to deal: `type` is the first semantic type of its first candidate, "" where it has none; `letter` the
    term's first, without case and accent, "#" where it begins with something else."""

    entry_id: str
    type: str = ""
    letter: str = "#"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Design:
    """How a project is rated.

    `way`: "everybody" rates everything; "pool": an entry is given to the first who come; else it is dealt
    beforehand, "random", by "type" or "letter" (all of one goes to one person), or by "hand", as `table` says.
    `people` take part; none is whoever may rate, for "everybody" and "pool" alone. A share `overlap` (0-1) of the
    entries is rated by `raters` people, the others by one. `calibration` holds the entries that each rates before
    anything else. `seed` makes another hand of the same design.
    """

    way: Way = "everybody"
    people: tuple[str, ...] = ()
    raters: int = 1
    overlap: float = 1.0
    seed: int = 0
    table: tuple[Line, ...] = ()
    calibration: tuple[str, ...] = ()

    @property
    def dealt(self) -> bool:
        """Whether each entry has its raters beforehand."""
        return self.way not in ("everybody", "pool")


def quotas(design: Design, entry_ids: Iterable[str]) -> dict[str, int]:
    """How many people rate each entry: `raters` for the share `overlap`, rounded, of them, one for the others."""
    order = sorted(entry_ids, key=lambda entry_id: (_hash(design.seed, entry_id), entry_id))
    several = round(design.overlap * len(order))
    return {entry_id: design.raters if place < several else 1 for place, entry_id in enumerate(order)}


def deal(
    design: Design,
    items: Sequence[Item],
    *,
    given: Mapping[str, Sequence[str]] | None = None,
    load: Mapping[str, int] | None = None,
    owners: Mapping[str, str] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Raters by entry, in a seeded order; none for an entry that a table made by hand does not name.

    Whoever rated an entry already (`given`) is one of its raters; the others are those with the fewest entries so
    far, `load` included. `owners` are the people of types or letters that were dealt before.
    """
    load = {person: (load or {}).get(person, 0) for person in design.people}
    named = _named(design, items, load, owners or {})
    by_id = {item.entry_id: item for item in items}
    hands: dict[str, tuple[str, ...]] = {}
    given = {entry_id: [one for one in people if one in load] for entry_id, people in (given or {}).items()}
    wanting = quotas(design, by_id)
    # what is rated already is dealt first, so that the others make up for it
    for entry_id in sorted(wanting, key=lambda entry_id: not given.get(entry_id)):
        wanted = wanting[entry_id]
        first = named(by_id[entry_id])
        if design.way == "hand" and not first:
            hands[entry_id] = ()
            continue
        rated = given.get(entry_id, [])
        raters = list(dict.fromkeys([*first, *rated] if design.way == "hand" else [*rated, *first]))
        # a table made by hand is followed to the letter, even beyond the number of raters
        raters = raters[: max(wanted, len(first) if design.way == "hand" else len(rated))]
        mix = _hash(design.seed, entry_id)
        while len(raters) < min(wanted, len(load)):
            least = min(count for person, count in load.items() if person not in raters)
            nearest = [person for person, count in load.items() if count == least and person not in raters]
            mix, place = divmod(mix, len(nearest))
            raters.append(nearest[place])
        for person in raters:
            load[person] += 1
        hands[entry_id] = tuple(raters)
    return hands


def group(design: Design, item: Item) -> str:
    """What decides whose the entry is."""
    return item.type if design.way == "type" else item.letter


def _named(
    design: Design, items: Sequence[Item], load: Mapping[str, int], owners: Mapping[str, str]
) -> Callable[[Item], list[str]]:
    """item -> the people whom the way names for it, before anybody else is added."""
    if design.way == "hand":
        table: dict[tuple[str, str], list[str]] = {}
        for line in design.table:
            table.setdefault((line.by, line.value), []).append(line.person)
        return lambda item: [
            person
            for by, value in (("entry", item.entry_id), ("type", item.type), ("letter", item.letter))
            for person in table.get((by, value), ())
        ]
    if design.way == "random":
        return lambda item: []
    whose = _owners(design, items, load, owners)
    return lambda item: [whose[group(design, item)]]


def _owners(
    design: Design, items: Sequence[Item], load: Mapping[str, int], owners: Mapping[str, str]
) -> dict[str, str]:
    """The person of each group: the largest first, to whoever has the fewest entries by then."""
    sizes: dict[str, int] = {}
    for item in items:
        sizes[group(design, item)] = sizes.get(group(design, item), 0) + 1
    whose, hand = {}, dict(load)
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        owner = owners.get(name)
        whose[name] = owner if owner in hand else min(design.people, key=lambda person: (hand[person], person))
        hand[whose[name]] += sizes[name]
    return whose


def _hash(seed: int, text: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}\n{text}".encode(), digest_size=7).digest())
