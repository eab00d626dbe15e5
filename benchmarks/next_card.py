"""Time of one annotator's step: rate a card, find the next, draw it; on synthetic data.

Run it from the repository root: python benchmarks/next_card.py [--entries 100000] [--ratings 200000] [--steps 300]
Prints p50, p95 and max in milliseconds and writes benchmarks/results/next_card.json. Beside the wall clock it
gives the CPU time of the step, which other work on the machine does not stretch.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from curation_db import commands, queries
from curation_db.store import Store, open_store
from pipeline.contracts import ENTRIES, MERGED
from pipeline.files import write_json

RESULT = Path(__file__).with_name("results") / "next_card.json"
PEOPLE = ("Ana", "Benoît", "Chloé", "Driss", *(f"Personne {number}" for number in range(5, 26)))
RANKED = ("useful", "near", "mine", "all", "again")
STARTED = datetime(2026, 1, 5, 9, tzinfo=UTC)
TOP = 10
BULK = """
INSERT INTO event BY NAME
SELECT
    1000 + row_number() OVER () AS event_id, uuid() AS command_id,
    $from::TIMESTAMP + INTERVAL 2 SECOND * (row_number() OVER ()) AS at_utc, 'rate' AS kind,
    person, entry_id, cui, (hash(cui) % 6)::TINYINT AS rating, 'candidate' AS origin, 'synthetic' AS run, encoders,
    rank, score, position, 2.0 AS seconds
FROM (
    (SELECT $first AS person, * FROM alignment ORDER BY position, rank LIMIT $half)
    UNION ALL
    (
        SELECT ($others::VARCHAR[])[1 + (hash(position) % len($others::VARCHAR[]))::INTEGER] AS person, *
        FROM alignment
        ORDER BY hash(position), rank
        LIMIT $half
    )
)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--ratings", type=int, default=200_000)
    parser.add_argument("--steps", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), options.entries, options.ratings, options.steps)
    for name, figures in result["milliseconds"].items():
        print(f"{name:28} p50 {figures['p50']:8.1f}   p95 {figures['p95']:8.1f}   max {figures['max']:8.1f} ms")
    print({key: value for key, value in result.items() if key != "milliseconds"})
    write_json(RESULT, result)


def measure(folder: Path, entries: int, ratings: int, steps: int) -> dict:
    write_run(folder, entries)
    clock: dict[str, list[float]] = {}
    with open_store(folder / "curation.duckdb") as store:
        began = time.perf_counter()
        alignments = commands.load_run(store, folder / "run", folder / "lexicon", at=STARTED)
        loading = time.perf_counter() - began
        for person in PEOPLE:
            commands.add_person(store, person, at=STARTED)
        bulk_ratings(store, entries, ratings)
    began = time.perf_counter()
    with open_store(folder / "curation.duckdb") as store:
        opening = time.perf_counter() - began
        for person in PEOPLE[:2]:
            annotate(store, person, steps // 2, clock)
        for queue in RANKED:
            follow(store, queue, steps // 5, clock)
        for name, ask in readings(store).items():
            for _ in range(5):
                timed(clock, name, ask)
        rated = len(queries.judgements(store))
    return {
        "milliseconds": {name: figures(times) for name, times in clock.items()},
        "candidates": alignments,
        "ratings": rated,
        "steps": steps,
        "load_run_seconds": round(loading, 2),
        "open_seconds": round(opening, 3),
        "file_megabytes": round((folder / "curation.duckdb").stat().st_size / 2**20, 1),
        "peak_memory_megabytes": round(psutil.Process().memory_info().rss / 2**20),
        "load_average": os.getloadavg()[0],
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, duckdb {duckdb.__version__}",
    }


def annotate(store: Store, person: str, steps: int, clock: dict[str, list[float]]) -> None:
    """What the review screen does at every key-press."""
    place = timed(clock, "first card", lambda: queries.next_card(store, person))
    for step in range(steps):
        began, spent = time.perf_counter(), time.process_time()
        judgement = seen(store, place, person, step)
        timed(clock, "rate", lambda j=judgement: commands.rate(store, j, at=datetime.now(UTC)))
        place = timed(clock, "next_card", lambda at=place: queries.next_card(store, person, after=at))
        timed(clock, "card", lambda at=place: queries.card(store, at, person))
        clock.setdefault("rate + next_card + card", []).append(time.perf_counter() - began)
        clock.setdefault("the three, CPU", []).append(time.process_time() - spent)


def follow(store: Store, queue: queries.Queue, steps: int, clock: dict[str, list[float]]) -> None:
    """The next cards of a queue, for each person in turn, each after a rating that somebody else gave."""
    places = {
        person: timed(clock, f"{queue}: first card", lambda p=person: queries.next_card(store, p, queue=queue))
        for person in PEOPLE
    }
    for step in range(steps):
        person, other = PEOPLE[step % len(PEOPLE)], PEOPLE[(step + 1) % len(PEOPLE)]
        if other_place := queries.next_card(store, other):
            commands.rate(store, seen(store, other_place, other, step), at=datetime.now(UTC))
        at = places[person]
        places[person] = timed(
            clock,
            f"{queue}: next_card",
            lambda at=at, p=person: queries.next_card(store, p, after=at, queue=queue),
        )


def seen(store: Store, place: queries.Place, person: str, step: int) -> commands.Judgement:
    return commands.Judgement(
        command_id=str(uuid.uuid4()),
        person=person,
        entry_id=place.entry_id,
        cui=place.cui,
        rating=step % 6,
        run="synthetic",
        encoders=("e5", "use"),
        rank=1,
        score=0.5,
        position=step,
        seconds=2.0,
    )


def readings(store: Store) -> dict[str, Callable[[], object]]:
    return {
        "next_card from the start": lambda: queries.next_card(store, PEOPLE[0]),
        "next_card of mine": lambda: queries.next_card(store, PEOPLE[0], queue="mine"),
        "next_card, by letter and rating": lambda: queries.next_card(
            store, PEOPLE[0], queue="mine", only=queries.Filters(letter="h", text="99", rated=(4, 5))
        ),
        "counts": lambda: queries.counts(store, PEOPLE[0]),
        "progress": lambda: queries.progress(store, PEOPLE[0]),
        "entries, first page": lambda: queries.entries(store, person=PEOPLE[0]),
        "entries, text": lambda: queries.entries(store, "arterielle 99", person=PEOPLE[0]),
        "judgements": lambda: queries.judgements(store),
        "curated": lambda: queries.curated(store),
        "scores": lambda: queries.scores(store),
        "rating_counts": lambda: queries.rating_counts(store),
    }


def timed(clock: dict[str, list[float]], name: str, ask: Callable[[], object]):
    began = time.perf_counter()
    answer = ask()
    clock.setdefault(name, []).append(time.perf_counter() - began)
    return answer


def figures(times: list[float]) -> dict[str, float]:
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
    shown = {"p50": statistics.median(times), "p95": p95, "max": max(times)}
    return {name: round(value * 1000, 2) for name, value in shown.items()}


def write_run(folder: Path, entries: int) -> None:
    """A lexicon of so many entries, and a run that proposes ten concepts for each by two encoders."""
    rng = np.random.default_rng(7)
    ids = [f"lex:{number:07d}" for number in rng.permutation(entries)]  # not in the order of the file
    columns = {name: [""] * entries for name in ENTRIES.names}
    columns |= {"entry_id": ids, "line": list(range(1, entries + 1))}
    columns |= {"term": [f"hypertension artérielle {number}" for number in range(entries)]}
    columns |= {"explanation": [f"pression trop forte du sang dans les vaisseaux, {one}" for one in ids]}
    for name in ("lexicon", "run"):
        (folder / name).mkdir()
    pq.write_table(pa.table(columns, schema=ENTRIES), folder / "lexicon" / "entries.parquet")
    pq.write_table(merged(rng, ids), folder / "run" / "merged.parquet")
    write_json(folder / "run" / "manifest.json", {"run": "synthetic", "encoders": ["e5", "use"]})


def merged(rng: np.random.Generator, ids: list[str]) -> pa.Table:
    total = len(ids) * TOP
    rank = np.tile(np.arange(1, TOP + 1, dtype=np.int16), len(ids))
    # ten consecutive numbers from a random start: no concept twice in an entry
    cui = np.repeat(rng.integers(0, 4_000_000, len(ids)), TOP) + rank
    score = rng.random(total, dtype=np.float32)
    offsets = pa.array(np.arange(0, 2 * total + 1, 2, dtype=np.int32))
    encoders = pa.array(["e5", "use"] * total)
    evidence = pa.StructArray.from_arrays(
        [encoders, *(pa.array(np.repeat(one, 2)) for one in (rank, score * 0.9, score))],
        fields=list(MERGED.field("evidence").type.value_type),
    )
    columns = {
        "entry_id": pa.array(np.repeat(np.array(ids), TOP)),
        "rank": rank,
        "CUI": [f"C{number:07d}" for number in cui],
        "AUI": [f"A{number:08d}" for number in range(total)],
        "name": [f"Hypertensive disease, variant {number}" for number in cui],
        "LAT": ["FRE", "ENG"] * (total // 2),
        "score": score,
        "encoders": pa.ListArray.from_arrays(offsets, encoders),
        "evidence": pa.ListArray.from_arrays(offsets, evidence),
    }
    return pa.table(columns).select(MERGED.names).cast(MERGED)


def bulk_ratings(store: Store, entries: int, ratings: int) -> None:
    """Past work: the first person has half of it, entry after entry; the others took entries here and there."""
    with store.writing() as cursor:
        cursor.execute(
            BULK,
            {
                "from": (STARTED + timedelta(days=1)).replace(tzinfo=None),
                "first": PEOPLE[0],
                "others": list(PEOPLE[1:]),
                "half": ratings // 2,
            },
        )


if __name__ == "__main__":
    main()
