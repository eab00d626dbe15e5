"""One command looks inside an encoder and writes what it found."""

import json
import subprocess
import sys

import pytest

pytest.importorskip("torch", reason="the extra `models` is not installed")

from pipeline.encoders.build import build
from pipeline.encoders.recipe import Recipe


@pytest.fixture(scope="module")
def small(fp32, texts):
    recipe = Recipe(engine="onnxruntime", precision="int8", bits=7)
    return build(fp32, recipe, name="inspected", texts=texts)


def inspect(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.cli.main", "encoders", "inspect", *map(str, arguments)]
    return subprocess.run([*command, "--progress", "none"], capture_output=True, text=True, check=False)


def test_a_report_holds_layers_maps_and_costs_before_and_after(small, fp32, tmp_path):
    done = inspect(small.name, "--no-energy", "-o", tmp_path / "look")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads((tmp_path / "look" / "inspection.json").read_text("utf-8"))
    assert len(found["layers"]) == len(found["alone"]) == 12
    assert [cost["name"] for cost in found["costs"]] == [fp32.name, small.name]
    assert all(c["latency"]["least"] <= c["latency"]["average"] <= c["latency"]["most"] for c in found["costs"])
    words = (tmp_path / "look" / "report.md").read_text("utf-8")
    assert "| latency of one text, average, ms |" in words
    assert found["layers"][0]["name"] in words
    page = (tmp_path / "look" / "report.html").read_text("utf-8")
    assert page.count("Plotly.newPlot") == 3
    assert "<script src=" not in page


def test_an_encoder_of_other_dimensions_is_no_original(small, tmp_path):
    done = inspect(small.name, "--against", "lexalign-e5", "-o", tmp_path / "look")
    assert (done.returncode, "expected the fp32 export" in done.stderr) == (1, True)
    assert not (tmp_path / "look").exists()
