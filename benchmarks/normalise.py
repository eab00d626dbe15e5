"""Strings a second of pipeline.normalise against a bare loop over simplemma, on the same strings, in one run.

    python benchmarks/normalise.py RELEASE_FOLDER [--strings 400000] [--rounds 3]

RELEASE_FOLDER holds a MRCONSO.RRF. Its French strings are enlarged to as many distinct ones as asked by joining
the words of two of them. Both sides take turns, in one process and one thread; medians count. The bare loop does
less: it lowers, splits and lemmatises, with no stop words, no reasons and no fixed point.
"""

import argparse
import json
import platform
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import simplemma

from pipeline.files import write_json
from pipeline.normalise import FRENCH, normalise

RESULTS = Path(__file__).parent / "results" / "normalise.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--strings", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    strings = enlarged(french_of(options.release / "MRCONSO.RRF"), options.strings)
    normalise(strings[:1000], FRENCH)  # simplemma reads its dictionary at the first word
    ours, bare = [], []
    for _ in range(options.rounds):
        ours.append(seconds(lambda: normalise(strings, FRENCH)))
        bare.append(seconds(lambda: bare_loop(strings)))
    result = {
        "strings": len(strings),
        "words a string, median": statistics.median(len(text.split()) for text in strings),
        "ours, seconds": [round(value, 2) for value in ours],
        "bare simplemma loop, seconds": [round(value, 2) for value in bare],
        "ours, strings a second": round(len(strings) / statistics.median(ours)),
        "bare simplemma loop, strings a second": round(len(strings) / statistics.median(bare)),
        "ours / bare": round(statistics.median(bare) / statistics.median(ours), 2),
        "simplemma": simplemma.__version__,
        "python": platform.python_version(),
        "seed": 2025,
    }
    options.out.parent.mkdir(exist_ok=True)
    write_json(options.out, result)
    print(json.dumps(result, indent=1))


def french_of(path: Path) -> list[str]:
    rows = (line.split("|") for line in path.read_text(encoding="utf8").splitlines())
    return sorted({row[14] for row in rows if row[1] == "FRE"})


def enlarged(strings: list[str], count: int) -> list[str]:
    """The strings and random halves of two of them, all distinct, in a random order; the same each time."""
    chance, every = random.Random(2025), dict.fromkeys(strings[:count])
    while len(every) < count:
        one, other = (chance.choice(strings).split() for _ in range(2))
        every[" ".join([*one[: len(one) // 2 + 1], *other[len(other) // 2 :]])] = None
    result = list(every)
    chance.shuffle(result)
    return result


def bare_loop(strings: list[str]) -> list[str]:
    return [" ".join(simplemma.lemmatize(word, lang="fr") for word in text.lower().split()) for text in strings]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
