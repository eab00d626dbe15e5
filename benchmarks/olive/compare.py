"""An encoder quantised by Olive and by us, measured alike: drift, invariance, speed in turns with fp32.

    python benchmarks/olive/compare.py my-encoder-fp32 --olive olive/bin/python [--heads 12 --hidden 768] [--out FILE]

Olive runs in its own environment (requirements.txt beside this file). All models are fed as ours are: buckets of one
length, calls of one thread side by side; so OrtSessionParamsTuning's choice is told, not used.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE.parents[1])

import numpy as np  # noqa: E402 - found through the line above
import onnxruntime  # noqa: E402

from pipeline.encoders import catalogue, texts  # noqa: E402
from pipeline.encoders.build import build, check_source  # noqa: E402
from pipeline.encoders.card import Card, weights_sha256  # noqa: E402
from pipeline.encoders.encoder import FolderEncoder  # noqa: E402
from pipeline.encoders.measure import drift  # noqa: E402
from pipeline.encoders.recipe import COMPARISON, recipe  # noqa: E402
from pipeline.encoders.search import speed  # noqa: E402
from pipeline.encoders.tokens import Spelling  # noqa: E402

CALIBRATION = 128


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("encoder", help="an fp32 export, by name")
    parser.add_argument("--olive", type=Path, required=True, help="the interpreter of Olive's environment")
    parser.add_argument("--heads", type=int, default=0)
    parser.add_argument("--hidden", type=int, default=0)
    parser.add_argument("--out", type=Path, help="a JSON file for the figures")
    given = parser.parse_args()
    source = catalogue.card(given.encoder)
    check_source(source)
    known = texts.sample()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        cards = [_ours(source, known, root)] + [_olives(source, mode, known, root, given) for mode in MODES]
        rows = [_measured(card, source, known) for card in cards]
    print("| model | × fp32 | mean cosine | nearest kept | same bits alone | MB |\n|---|---|---|---|---|---|")
    for row in rows:
        print(
            "| {name} | {ratio:.2f} | {cosine:.5f} | {nearest:.1%} | {same:.1%} | {megabytes:.1f} |".format(**row)
        )
    if given.out:
        given.out.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


MODES = ("dynamic", "static")


def _ours(source: Card, known: list[str], root: Path) -> Card:
    return build(source, recipe("onnxruntime", "int8"), name="ours", texts=known, root=root)


def _olives(source: Card, mode: str, known: list[str], root: Path, given: argparse.Namespace) -> Card:
    told, out = root / "texts.json", root / f"olive-{mode}"
    session = onnxruntime.InferenceSession(str(source.folder / "model.onnx"))
    ids = Spelling(source).tokens(known[:CALIBRATION]).ids
    told.write_text(json.dumps({"ids": ids, "inputs": [entry.name for entry in session.get_inputs()]}), "utf-8")
    command = [str(given.olive), str(HERE / "recipe.py"), mode, str(source.folder / "model.onnx"), str(out)]
    command += ["--heads", str(given.heads), "--hidden", str(given.hidden), "--tune"]
    environment = os.environ | {"LEXALIGN_CALIBRATION": str(told), "OLIVE_DISABLE_TELEMETRY": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"Olive, {mode}: {' / '.join(done.stderr.strip().splitlines()[-3:])}")
    settings = json.loads((out / "model_config.json").read_text("utf-8"))["config"]["inference_settings"]
    tuned = settings["session_options"] if settings else "nothing: the session as it comes was fastest"
    print(f"Olive, {mode}: tuned to {tuned}", file=sys.stderr)
    (out / "tokenizer.json").write_bytes((source.folder / "tokenizer.json").read_bytes())
    digest = weights_sha256(out, "onnxruntime")
    return dataclasses.replace(
        source, folder=out, name=f"olive {mode}", precision=COMPARISON, model_sha256=digest, min_rows=1
    )


def _measured(card: Card, source: Card, known: list[str]) -> dict[str, Any]:
    original, encoder = FolderEncoder(source), FolderEncoder(card)
    vectors = encoder.encode(known)
    alone = np.concatenate([encoder.encode([text]) for text in known])
    found = drift(vectors, original.encode(known))
    seconds = speed.interleaved(original, encoder, known, batches=[speed.USUAL])
    return {
        "name": card.name,
        "ratio": speed.ratio(seconds, speed.USUAL),
        "cosine": found.mean_cosine,
        "nearest": found.neighbours,
        "same": float((vectors == alone).all(axis=1).mean()),
        "megabytes": card.bytes / 1e6,
        "seconds": seconds,
    }


if __name__ == "__main__":
    main()
