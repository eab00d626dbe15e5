#!/usr/bin/env python3
"""Smaller and steadier encoders against the one that they were made from: size, speed, accuracy clean and misspelt.

  python benchmarks/compression.py DIR PARENT ENCODER... --gold linking_dev.tsv [--gold assets/lay/dev.tsv]

DIR is a project with a release of UMLS; the encoders are registered (`lexalign encoders prune`, `distil`, `harden`).
Misspelt: each entry in one of seven ways, which its place in the file says. What an encoder wins or loses is paired by
entry. Speeds are in turns with the parent. Prints the rows of the table in docs/teaching.md and writes --out.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.answers import answers
from pipeline.encoders import catalogue
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.noise import NOISES
from pipeline.encoders.search import speed
from pipeline.evaluate.gain import gain
from pipeline.evaluate.linking import Gold, figures, first_right, read_gold
from pipeline.evaluate.noise import under
from pipeline.progress import bar
from pipeline.terms import read_release
from pipeline.workspace import Workspace, find

HOME = Path(__file__).resolve().parents[1]
RESULTS = HOME / "benchmarks" / "results" / "compression.json"


def misspelt(gold: Gold) -> Gold:
    """Each entry under one of NOISES, in turns."""
    noised = [under(gold, noise).entries for noise in NOISES]
    rows = [noised[place % len(noised)].slice(place, 1) for place in range(gold.entries.num_rows)]
    return Gold(pa.concat_tables(rows), gold.cuis, gold.match, gold.source)


def ranks(workspace: Workspace, name: str, golds: Mapping[str, Gold]) -> dict[str, list[int]]:
    with bar() as progress:
        answer = answers(workspace, [catalogue.load(name)], workspace.settings(), progress=progress)
        return {kind: first_right(gold, answer(gold.entries)[name]) for kind, gold in golds.items()}


def against(parent: list[int], own: list[int]) -> dict[str, Any]:
    return figures(own) | gain(parent, own)


def times(parent: str, name: str, strings: list[str]) -> float:
    """How many times as fast as the parent, on the same strings."""
    first, other = FolderEncoder(catalogue.card(parent)), FolderEncoder(catalogue.card(name))
    given = speed.texts(strings, speed.amount(first, strings))
    return speed.ratio(speed.interleaved(first, other, given, batches=[speed.USUAL]), speed.USUAL)


def row(found: dict[str, Any], *, at: Sequence[int]) -> str:
    """Cells, without the name's: "35.9 | 1.7 | 80.1 / 91.5, +0.4 (−0.7 to 1.5) | …"; `at` as of `cell`."""
    cells = [f"{found['megabytes']:.1f}", f"{found['times']:.1f}"]
    cells += [cell(one, at=at) for one in found["sets"].values()]
    return " | ".join(cells)


def cell(found: dict[str, Any], *, at: Sequence[int]) -> str:
    """Accuracy at 1 / at 5, and what is won over the parent `at` those ranks, none for the parent itself."""
    right = " / ".join(f"{100 * found[f'accuracy@{k}']:.1f}" for k in (1, 5))
    return ", ".join([right, *([" / ".join(_won(found[f"gain@{k}"]) for k in at)] if at else [])])


def _won(gained: dict[str, Any]) -> str:
    value, low, high = (points(share) for share in (gained["value"], *gained["interval"]))
    return f"{value if value == '0.0' or value[0] == '−' else f'+{value}'} ({low} to {high})"


def points(share: float) -> str:
    return f"{100 * share:.1f}".replace("-0.0", "0.0").replace("-", "−")


def main(folder: Path, names: list[str], golds: list[Path], out: Path) -> None:
    from benchmarks.encoders.machine import machine

    about = machine(list(range(os.cpu_count() or 1)))
    workspace = find(folder)
    sets = {}
    for path in golds:
        clean = read_gold(path)
        sets |= {
            f"{path.parent.name}/{path.stem}": clean,
            f"{path.parent.name}/{path.stem}, misspelt": misspelt(clean),
        }
    strings = pc.unique(read_release(workspace.release("umls"))[0]["STR"]).to_pylist()
    parent = ranks(workspace, names[0], sets)
    print(" | ".join(["", "MB", "speed", *sets]))
    report = {}
    for name in names:
        own = parent if name == names[0] else ranks(workspace, name, sets)
        found = {kind: against(parent[kind], own[kind]) for kind in sets}
        megabytes = catalogue.card(name).bytes / 1e6
        report[name] = {"megabytes": megabytes, "times": times(names[0], name, strings), "sets": found}
        print(f"| {name} | {row(report[name], at=() if name == names[0] else (1,))} |", flush=True)
    written = {"parent": names[0], "machine": about, "encoders": report}
    out.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf8")


if __name__ == "__main__":
    sys.path.append(str(HOME))  # where main finds the other benchmarks
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("project", type=Path)
    asked.add_argument("encoders", nargs="+")
    asked.add_argument("--gold", type=Path, action="append", required=True)
    asked.add_argument("--out", type=Path, default=RESULTS, help="default: %(default)s")
    given = asked.parse_args()
    main(given.project, given.encoders, given.gold, given.out)
