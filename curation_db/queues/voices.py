"""What everybody said of the current run's candidates, as arrays beside them: the state of `judgement` by row."""

import dataclasses
from collections.abc import Iterable
from typing import Any

import duckdb
import numpy as np
import pyarrow.compute as pc

from curation_db import state
from curation_db.queues.candidates import AFTER_RANKS, Candidates, Key
from curation_db.sql import query
from curation_db.state import Judged

# A cell holds one of these, or a rating + RATED: an array of zeros, so that rows nobody touched take no memory
OPEN, SKIPPED, RATED = 0, 1, 2


@dataclasses.dataclass(eq=False)
class Voice:
    """One person's: `cell` uint8 [rows], `flagged` bool [rows], `settled` bool [entries] by a "none" that stands,
    `added` what they said of concepts that the run does not propose."""

    cell: np.ndarray
    flagged: np.ndarray
    settled: np.ndarray
    added: dict[Key, Judged] = dataclasses.field(default_factory=dict)


class Voices:
    """Everybody's. `low`, `middle` (the lower median) and `high` uint8 [rows] are the people's ratings as cells, 0
    where nobody rated; `decided` bool [rows] marks pairs whose decision stands, `decided_added` the others."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, candidates: Candidates) -> None:
        self._candidates = candidates
        self._people: dict[str, Voice] = {}
        self.flagged = np.zeros(len(candidates), bool)
        self.low, self.middle, self.high = np.zeros((3, len(candidates)), np.uint8)
        self._read(cursor)
        self.decide(cursor)

    def of(self, person: str) -> Voice:
        if person not in self._people:
            rows, entries = len(self._candidates), self._candidates.entries
            self._people[person] = Voice(np.zeros(rows, np.uint8), np.zeros(rows, bool), np.zeros(entries, bool))
        return self._people[person]

    def added(self) -> dict[Key, list[Judged]]:
        """What all people said of concepts that the run does not propose."""
        found: dict[Key, list[Judged]] = {}
        for voice in self._people.values():
            for key, judged in voice.added.items():
                found.setdefault(key, []).append(judged)
        return found

    def hear(self, cursor: duckdb.DuckDBPyConnection, positions: Iterable[int]) -> None:
        """Read again what people said of these entries."""
        at = {self._candidates.entry_id[position].as_py(): position for position in positions}
        if not at:
            return
        everybody = state.everybody(cursor, list(at))
        for person, said in everybody.items():
            for entry_id, position in at.items():
                self._hear(self.of(person), position, said[entry_id])
        for position in at.values():
            self._sum_up(position, [self._people[person] for person in everybody])

    def decide(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Read again which pairs are decided."""
        self.decided, self.decided_added = np.zeros(len(self._candidates), bool), set[Key]()
        for entry_id, cui in cursor.execute("SELECT entry_id, cui FROM decision").fetchall():
            position = self._candidates.position_of(entry_id)
            if position is None:
                continue
            row = next((row for row, one in self._candidates.of(position) if one == cui), None)
            if row is None:
                self.decided_added.add((position, AFTER_RANKS, cui))
            else:
                self.decided[row] = True

    def _hear(self, voice: Voice, position: int, said: state.Said) -> None:
        rows = dict(self._candidates.of(position))
        for row, cui in rows.items():
            judged = said.pairs.get(cui, Judged())
            voice.cell[row], voice.flagged[row] = _cell(judged), judged.flagged
        voice.settled[position] = said.verdict is not None
        proposed = set(rows.values())
        for key in [key for key in voice.added if key[0] == position]:
            del voice.added[key]
        for cui, judged in said.pairs.items():
            if cui not in proposed:
                voice.added[position, AFTER_RANKS, cui] = judged

    def _sum_up(self, position: int, voices: list[Voice]) -> None:
        for row, _ in self._candidates.of(position):
            cells = sorted(cell for voice in voices if (cell := int(voice.cell[row])) >= RATED)
            picked = (cells[0], cells[(len(cells) - 1) // 2], cells[-1]) if cells else (0, 0, 0)
            self.low[row], self.middle[row], self.high[row] = picked
            self.flagged[row] = any(voice.flagged[row] for voice in voices)

    def _read(self, cursor: duckdb.DuckDBPyConnection) -> None:
        known = self._candidates
        found = cursor.execute(query("queue_judgements"), {"run": known.run_no}).to_arrow_table()
        proposed = found.filter(pc.is_valid(found["key"]))
        rows = known.rows(proposed["key"].to_numpy())
        rating = pc.fill_null(proposed["rating"], -1).to_numpy()
        skipped, flagged = (proposed[name].to_numpy() for name in ("skipped", "flagged"))
        cells = np.where(rating >= 0, rating + RATED, np.where(skipped, SKIPPED, OPEN)).astype(np.uint8)
        whose = proposed["person"].combine_chunks().dictionary_encode()
        number = whose.indices.to_numpy()
        for one, person in enumerate(whose.dictionary.to_pylist()):
            own, voice = number == one, self.of(person)
            voice.cell[rows[own]], voice.flagged[rows[own]] = cells[own], flagged[own]
        self.flagged[rows[flagged]] = True
        self._sum_up_all(rows[cells >= RATED], cells[cells >= RATED])
        for row in found.filter(pc.is_null(found["key"])).to_pylist():
            self.of(row["person"]).added[row["position"], AFTER_RANKS, row["cui"]] = _judged(row)
        for entry_id, person in cursor.execute("SELECT entry_id, person FROM verdict").fetchall():
            if (position := known.position_of(entry_id)) is not None:
                self.of(person).settled[position] = True

    def _sum_up_all(self, rows: np.ndarray, cells: np.ndarray) -> None:
        order = np.lexsort((cells, rows))
        cells = cells[order]
        pairs, first, count = np.unique(rows[order], return_index=True, return_counts=True)
        self.low[pairs], self.high[pairs] = cells[first], cells[first + count - 1]
        self.middle[pairs] = cells[first + (count - 1) // 2]


def _cell(judged: Judged) -> int:
    if judged.rating is not None:
        return judged.rating + RATED
    return SKIPPED if judged.skipped else OPEN


def _judged(row: dict[str, Any]) -> Judged:
    return Judged(rating=row["rating"], flagged=row["flagged"], skipped=row["skipped"])
