"""What the benchmark makes of its turns: medians, ratios, products, the table, the JSON."""

import numpy as np
import pytest

pytest.importorskip("psutil")

from benchmarks.encoders import figures, results, table
from benchmarks.encoders.contenders import CHAIN, CONTENDERS, OURS, RATIOS, TRUTH
from benchmarks.encoders.measure import waste
from benchmarks.encoders.shapes import BERT_BASE, XLMR_LARGE
from benchmarks.encoders.turns import Turn

KEYS = {
    "int8/onnxruntime-fp32",
    "int8/sentence-transformers",
    "int8/openvino-int8",
    "int8/ctranslate2-int8",
    "int8/fastembed",
    "int8/reference",
    "int8/padded-512",
    "search-fp32/faiss-flat",
    "search-int8/faiss-flat",
}


def turns(*rates: float, strings: int = 100) -> list[Turn]:
    return [Turn(seconds=strings / rate, strings=strings, peak_mb=500) for rate in rates]


MEASURED = {
    OURS: turns(400, 440, 420),
    "ours-onnxruntime-fp32": turns(150, 140, 160),
    "torch-exact": turns(120, 125, 110),
    "reference": turns(50, 40, 60),
    "padded-512": turns(4, 5, 6, strings=10),
}


def test_a_ratio_has_both_medians_and_its_spread():
    found = figures.ratio(turns(200, 400, 300), turns(100, 100, 300))
    assert found == pytest.approx({"of_medians": 3.0, "median_of_rounds": 2.0, "min": 1.0, "max": 4.0})


def test_strings_a_second_compare_contenders_that_encode_different_numbers():
    assert figures.ratios(MEASURED)["int8/padded-512"]["of_medians"] == pytest.approx(84)


def test_what_was_not_measured_has_no_ratio():
    found = figures.ratios(MEASURED)
    assert set(found) == set(RATIOS)
    assert found["int8/fastembed"] is None


@pytest.mark.parametrize("start", ["reference", "padded-512"])
def test_the_factors_multiply_to_the_ratio_of_medians(start):
    found = figures.product(MEASURED, start, dedup=1.0)
    assert np.prod([found[name] for name in CHAIN]) == pytest.approx(found["total"])
    assert found["total"] == pytest.approx(figures.ratios(MEASURED)[f"int8/{start}"]["of_medians"])


def test_a_product_with_a_step_missing_is_none():
    assert figures.product({OURS: MEASURED[OURS]}, "reference", dedup=1.0) is None


def test_every_named_contender_exists():
    names = [contender.name for contender in CONTENDERS]
    assert len(names) == len(set(names))
    assert {OURS, TRUTH, *RATIOS.values(), *CHAIN.values()} <= set(names)


def test_cosines_are_of_the_first_rows_of_the_truth():
    truth = np.array([[1, 0], [0, 2], [1, 1]], np.float32)
    assert figures.cosines(np.array([[2, 0], [1, 0]], np.float32), truth) == {"mean": 0.5, "min": 0.0}


@pytest.mark.parametrize(("shape", "gflop"), [(BERT_BASE, 2.73), (XLMR_LARGE, 9.69)])
def test_operations_of_sixteen_tokens_are_the_known_ones(shape, gflop):
    assert shape.flop(16) / 1e9 == pytest.approx(gflop, abs=0.01)


def test_padding_to_the_longest_wastes_what_the_others_lack():
    assert waste([2, 4, 6, 6], rows=2) == pytest.approx((2 * 4 + 2 * 6) / 18)


def shape_report() -> dict:
    row = {
        "label": "Lexalign int8, default engine",
        **figures.described(MEASURED[OURS]),
        "unchanged": {"alone": 1.0, "shuffled": 1.0},
        "bytes": 110_000_000,
        "share_of_gemm_peak": None,
    }
    return {
        "shape": {"weights": "random"},
        "strings": {"count": 100, "mean_tokens": 9.5},
        "contenders": {OURS: row},
        "ratios": figures.ratios(MEASURED),
        "products": {"reference": figures.product(MEASURED, "reference", dedup=1.0)},
        "gemm": {"peak": {"fp32": 1.5e11, "int8": 3e11}},
        "errors": {"fastembed": "no such module"},
        "rounds": 3,
    }


def test_the_file_has_exactly_the_keys_that_are_read(tmp_path):
    path = tmp_path / "latest.json"
    results.write(path, {"at": "now"}, {"bert-base": shape_report()}, {"search-fp32/faiss-flat": 1.1})
    written = results.assembled({}, results.shapes_of(path), {"search-fp32/faiss-flat": 1.1})
    assert set(written["ratios"]) == KEYS
    assert written["ratios"]["int8/reference"] == pytest.approx(8.4)
    assert written["ratios"]["search-fp32/faiss-flat"] == 1.1
    assert written["ratios"]["search-int8/faiss-flat"] is None


def test_a_file_without_the_base_shape_still_has_every_key():
    assert results.assembled({}, {"minilm": shape_report()}, {})["ratios"] == dict.fromkeys(KEYS)


def test_the_table_says_what_is_missing_and_that_weights_are_random():
    text = table.table("bert-base", shape_report())
    assert "weights: random" in text
    assert "fastembed is missing: no such module" in text
    assert "int8/fastembed               not measured" in text
    assert "reference -> Lexalign int8: 8.4 = dedup 1.00 × padding 2.40 × runtime 1.25" in text
