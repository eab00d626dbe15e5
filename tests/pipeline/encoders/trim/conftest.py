"""A folder like an XLM-R export: real pieces and XLM-R's frame of markers, random weights."""

import json
from pathlib import Path

import numpy as np
import pytest

BUNDLED = Path(__file__).parents[4] / "assets" / "encoders" / "lexalign-e5" / "tokenizer.json"
MARKERS = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
DIMENSION = 8


@pytest.fixture(scope="session")
def spec() -> dict:
    """tokenizer.json of XLM-R's make: <mask> last, NFKC, words cut at spaces, a frame of <s> and </s>."""
    spec = json.loads(BUNDLED.read_text("utf-8"))
    vocabulary = [*spec["model"]["vocab"], ["咳嗽", -9.5], ["嗽", -11.5], ["<mask>", 0.0]]
    markers = MARKERS | {"<mask>": len(vocabulary) - 1}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return spec | {
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "WhitespaceSplit"}, spec["pre_tokenizer"]],
        },
        "added_tokens": [{"id": number, "content": piece, **flags} for piece, number in markers.items()],
        "padding": {
            "strategy": "BatchLongest",
            "direction": "Right",
            "pad_to_multiple_of": None,
            "pad_id": 1,
            "pad_type_id": 0,
            "pad_token": "<pad>",
        },
        "model": spec["model"] | {"vocab": vocabulary},
    }


@pytest.fixture(scope="session")
def weights(spec) -> dict[str, np.ndarray]:
    """Words with the 37 rows too many that e5's table has, and positions."""
    random = np.random.default_rng(3)
    rows = len(spec["model"]["vocab"]) + 37
    return {
        "words": random.standard_normal((rows, DIMENSION), np.float32),
        "positions": random.standard_normal((514, DIMENSION), np.float32),
    }


@pytest.fixture(scope="session")
def model(weights):
    """Positions from the ids, as XLM-R's code has it: 1 + how many of them up to here are not padding."""
    pytest.importorskip("onnx", reason="the extra `models` is not installed")
    from tests.pipeline.encoders.trim.small import Small

    graph = Small()
    used = graph.op("Cast", graph.op("Not", graph.op("Equal", "input_ids", graph.integers(1))), to=7)
    place = graph.op("Add", graph.op("CumSum", used, graph.integers(1)), graph.integers(1))
    words = graph.op("Gather", graph.floats(weights["words"]), graph.op("Cast", "input_ids", to=6), axis=0)
    x = graph.op("Add", words, graph.op("Gather", graph.floats(weights["positions"]), place, axis=0))
    x = graph.op("Tanh", graph.layer_norm(x, np.ones(DIMENSION), np.zeros(DIMENSION), 1e-5))
    return graph.model(graph.op("Div", graph.total(x), graph.length()), dimension=DIMENSION)


@pytest.fixture(params=["inside", "outside"])
def folder(request, tmp_path, spec, model) -> Path:
    """The export with its weights inside of model.onnx, or outside as torch leaves them."""
    import onnx

    made = tmp_path / "whole"
    made.mkdir()
    (made / "tokenizer.json").write_text(json.dumps(spec), "utf-8")
    copied = onnx.ModelProto.FromString(model.SerializeToString())
    if request.param == "inside":
        onnx.save(copied, made / "model.onnx")
    else:
        onnx.save(copied, made / "model.onnx", save_as_external_data=True, location="model.onnx.data")
    return made
