"""Olive's passes over an encoder. Run in Olive's environment, by benchmarks/olive/compare.py or by hand:

    python recipe.py dynamic MODEL.onnx OUT --heads 12 --hidden 384 [--tune]
    python recipe.py static MODEL.onnx OUT --heads 12 --hidden 384 [--tune]
    python recipe.py convert TRANSFORMERS_FOLDER OUT

The passes of the reference work: conversion to ONNX (tokens' states, not yet a text's vector), graph fusion for
transformers, INT8 (one scale a batch, or static and calibrated), and the tuning of the session's parameters.
"""

import argparse
import json
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("OLIVE_DISABLE_TELEMETRY", "1")  # read when olive is imported

TEXTS = "texts"
QUANTISED = {"dynamic": ["MatMul", "Gemm", "Attention", "Gather"], "static": ["MatMul", "Gemm", "Attention"]}
"""Not the pooling: see README.md for what other choices end in."""


def config(given: argparse.Namespace) -> dict[str, Any]:
    """Olive's own format; `olive run --config` takes it as JSON."""
    here = {
        "type": "LocalSystem",
        "accelerators": [{"device": "cpu", "execution_providers": ["CPUExecutionProvider"]}],
    }
    common = {"output_dir": str(given.out), "cache_dir": str(given.out / "cache")}
    common |= {"systems": {"here": here}, "host": "here", "target": "here"}
    if given.mode == "convert":
        model = {"type": "HfModel", "model_path": str(given.source), "task": "feature-extraction"}
        # the default exporter fails with transformers 5: see README.md
        return common | {
            "input_model": model,
            "passes": {"convert": {"type": "OnnxConversion", "use_dynamo_exporter": True}},
        }
    return common | {
        "input_model": {"type": "ONNXModel", "model_path": str(given.source)},
        "data_configs": [_texts()],
        "passes": _passes(given),
    }


def _passes(given: argparse.Namespace) -> dict[str, Any]:
    sizes = {"num_heads": given.heads, "hidden_size": given.hidden}
    quantise = {"per_channel": True, "quant_preprocess": False, "op_types_to_quantize": QUANTISED[given.mode]}
    kinds = {
        "dynamic": {"type": "OnnxDynamicQuantization"},
        "static": {
            "type": "OnnxStaticQuantization",
            "data_config": TEXTS,
            "quant_format": "QDQ",
            "activation_type": "uint8",  # signed ones end in a model that ONNX Runtime refuses: README.md
        },
    }
    passes: dict[str, Any] = {
        "fuse": {"type": "OrtTransformersOptimization", "model_type": "bert", **sizes},
        "quantise": kinds[given.mode] | quantise,
    }
    if given.tune:
        passes["tune"] = {
            "type": "OrtSessionParamsTuning",
            "data_config": TEXTS,
            "device": "cpu",
            "io_bind": False,
        }
    return passes


def _texts() -> dict[str, Any]:
    return {
        "name": TEXTS,
        "type": "DataContainer",
        "user_script": str(Path(__file__).with_name("calibration.py")),
        "load_dataset_config": {"type": "lexalign_texts"},
        "dataloader_config": {"type": "default_dataloader", "params": {"batch_size": 1}},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mode", choices=["dynamic", "static", "convert"])
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--heads", type=int, default=0, help="0: found in the graph")
    parser.add_argument("--hidden", type=int, default=0, help="0: found in the graph")
    parser.add_argument("--tune", action="store_true")
    given = parser.parse_args()
    from olive.workflows import run

    wanted = config(given)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "recipe.json").write_text(json.dumps(wanted, indent=1) + "\n", "utf-8")
    run(wanted)


if __name__ == "__main__":
    main()
