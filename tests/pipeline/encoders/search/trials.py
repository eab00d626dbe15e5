"""Trials as a search leaves them, made by hand."""

import numpy as np

from pipeline.encoders.measure import Drift
from pipeline.encoders.recipe import Recipe
from pipeline.encoders.search.intervals import loss, mean
from pipeline.encoders.search.quality import Quality
from pipeline.encoders.search.trial import Measured, Trial

QUERIES = 400
ABOUT = {
    "encoder": "e5-fp32",
    "fp32_bytes": 90_000_000,
    "cpu": "a CPU",
    "instruction_set": "avx2",
    "threads": 2,
    "sample": {"kind": "gold", "queries": 400, "atoms": 900, "all": 9000, "of": "project", "file": "gold.tsv"},
    "timed_texts": 400,
}


def trial(number: int, *, faster: float, lost: int = 0, won: int = 0, agreement: float = 0.95, **recipe) -> Trial:
    """Of QUERIES queries fp32 has 300 right."""
    original = np.arange(QUERIES) < 300
    other = original.copy()
    other[:lost] = False
    other[300 : 300 + won] = True
    quality = Quality(loss(original, other), loss(original, original), mean([agreement] * QUERIES))
    seconds = {"fp32": [2.0, 4.0, 2.0], "512": [value / faster for value in (2.0, 4.0, 2.0)]}
    measured = Measured(bytes=24_000_000, drift=Drift(400, 0.99, 0.9, 0.95), quality=quality, seconds=seconds)
    given = {"engine": "onnxruntime", "precision": "int8", "bits": 7} | recipe
    return Trial(number=number, recipe=Recipe(**given), batch_tokens=512, measured=measured)


def failed(number: int) -> Trial:
    recipe = Recipe(engine="openvino", precision="int8-static", alpha=0.5)
    return Trial(number=number, recipe=recipe, batch_tokens=2048, measured=None, reason="no calibration texts")
