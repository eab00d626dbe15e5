"""Enlarge an open MRCONSO to the size of a release: new identifiers, languages and sources, some rows broken.

    python benchmarks/enlarge_mrconso.py SOURCE OUT --rows 10000000

The same arguments write the same bytes. What was written is printed as JSON, by verdict, so that an ingest's
counts can be compared with it.
"""

import argparse
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

OTHER_LANGUAGES = ("SPA", "POR", "GER", "DUT", "ITA", "JPN", "RUS", "CZE", "SWE")
SOURCES = ("HPO", "MSH", "SNOMEDCT_US", "MDR", "ICD10CM", "NCI", "MTH", "LNC", "RXNORM", "OMIM")
FRENCH_SOURCES = ("MSHFRE", "MDRFRE", "ICPCFRE", "MTHMSTFRE", "WHOFRE")
BREAKS = ("17 fields", "19 fields", "invalid UTF-8", "malformed CUI", "empty STR")
BATCH = 20_000
QUOTED_EVERY = 997  # a prime, so that strings with a " fall in every language and source


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=2025)
    parser.add_argument("--reject-share", type=float, default=0.00001)
    parser.add_argument("--suppressed-share", type=float, default=0.1)
    parser.add_argument("--french-share", type=float, default=0.15, help="of the French rows, those that stay so")
    options = parser.parse_args()
    counts = enlarge(
        options.source,
        options.out,
        options.rows,
        seed=options.seed,
        reject_share=options.reject_share,
        suppressed_share=options.suppressed_share,
        french_share=options.french_share,
    )
    print(json.dumps(counts))


def enlarge(
    source: Path,
    out: Path,
    rows: int,
    *,
    seed: int = 2025,
    reject_share: float = 0.00001,
    suppressed_share: float = 0.1,
    french_share: float = 0.15,
) -> dict[str, int]:
    """Write `rows` lines sorted by CUI; the lines written, by language and kind of break."""
    chance = random.Random(seed)
    broken = set(chance.sample(range(rows), round(rows * reject_share)))
    made = itertools.islice(_rows(_templates(source), chance, suppressed_share, french_share), rows)
    counts: Counter[str] = Counter()
    with out.open("wb") as file:
        for start in range(0, rows, BATCH):
            lines = [_line(number, row) for number, row in enumerate(itertools.islice(made, BATCH), start)]
            counts.update(line[9:12] + (" suppressed" if line[-4] != "N" else "") for line in lines)
            encoded = [line.encode() for line in lines] if broken else []
            for number in sorted(broken.intersection(range(start, start + len(lines)))):
                kind = BREAKS[number % len(BREAKS)]
                line = lines[number - start]
                counts[line[9:12] + (" suppressed" if line[-4] != "N" else "")] -= 1
                counts[kind] += 1
                encoded[number - start] = _break(encoded[number - start], kind)
            file.write(b"".join(encoded) if broken else "".join(lines).encode())
    return {"lines": rows, "rejects": len(broken), **dict(sorted(counts.items()))}


Template = tuple[bool, str, str, str]  # new concept, language, term type, string


def _templates(source: Path) -> list[Template]:
    templates, last = [], ""
    for line in source.read_text(encoding="utf8").split("\n"):
        if line:
            cells = line.split("|")
            templates.append((cells[0] != last, cells[1], cells[12], cells[14]))
            last = cells[0]
    return templates


def _rows(
    templates: list[Template], chance: random.Random, suppressed: float, french: float
) -> Iterator[tuple[int, str, str, str, str, str]]:
    """(concept, language, source, term type, string, SUPPRESS) without end, concepts in rising order."""
    concept = 0
    draw = chance.random
    for copy in itertools.count():
        tail = "" if copy == 0 else f", type {copy}"
        for new, language, kind, text in templates:
            concept += new
            luck = draw()
            if language == "FRE":
                if luck > french:
                    language = OTHER_LANGUAGES[int(luck * 1000) % len(OTHER_LANGUAGES)]
                names = FRENCH_SOURCES
            else:
                names = SOURCES
            flag = "N" if draw() >= suppressed else "OEY"[int(luck * 100) % 3]
            yield concept, language, names[int(luck * 10_000) % len(names)], kind, text + tail, flag


def _line(number: int, row: tuple[int, str, str, str, str, str]) -> str:
    concept, language, source, kind, text, flag = row
    if number % QUOTED_EVERY == 0:
        text = f'"{text}" dit'
    return (
        f"C{concept:07}|{language}|P|L{number:08}|PF|S{number:08}|Y|A{number:08}|||{source}:{concept}|{source}|"
        f"{kind}|{source}:{concept}|{text}|0|{flag}||\n"
    )


def _break(line: bytes, kind: str) -> bytes:
    cells = line.split(b"|")
    if kind == "17 fields":
        del cells[8]
    elif kind == "19 fields":
        cells.insert(8, b"")
    elif kind == "invalid UTF-8":
        cells[14] = cells[14] + b"\xe9"
    elif kind == "malformed CUI":
        cells[0] = cells[0].lower()
    else:
        cells[14] = b""
    return b"|".join(cells)


if __name__ == "__main__":
    main()
