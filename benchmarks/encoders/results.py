"""benchmarks/results/latest.json: written after every shape, so that a killed run loses one at most."""

from pathlib import Path
from typing import Any

from benchmarks.encoders.contenders import RATIOS, SEARCH_RATIOS
from benchmarks.encoders.shapes import BERT_BASE
from pipeline.files import read_json, write_json

LATEST = Path(__file__).resolve().parents[1] / "results" / "latest.json"


def shapes_of(path: Path) -> dict[str, Any]:
    """What an earlier run measured; nothing where there was none."""
    return read_json(path)["shapes"] if path.exists() else {}


def assembled(about: dict[str, Any], shapes: dict[str, Any], search: dict[str, float]) -> dict[str, Any]:
    """The whole file: `about`, then `ratios` and `products` of the BERT-base shape, then every shape.

    `ratios` has every key of RATIOS and SEARCH_RATIOS, null where something was not measured: strings a second of
    ours over the peer's, ratio of medians.
    """
    base = shapes.get(BERT_BASE.name, {"ratios": {}, "products": {}})
    ratios = {key: (base["ratios"].get(key) or {}).get("of_medians") for key in RATIOS}
    ratios |= {key: search.get(key) for key in SEARCH_RATIOS}
    return {**about, "ratios": ratios, "products": base["products"], "shapes": shapes}


def write(path: Path, about: dict[str, Any], shapes: dict[str, Any], search: dict[str, float]) -> None:
    write_json(path, assembled(about, shapes, search))
