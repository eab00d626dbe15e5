"""The house's arrows: app -> curation_db -> pipeline.contracts; app -> pipeline; no stage imports another."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
FILES = [file for package in ("app", "curation_db", "pipeline") for file in (HOME / package).rglob("*.py")]
STAGES = [
    "ingest",
    "translate",
    "normalise",
    "encode",
    "retrieve",
    "recalibrate",
    "merge",
    "interchange",
    "evaluate",
    "compounds",
]
STORE_MAY_IMPORT = {"pipeline.contracts", "pipeline.errors", "pipeline.files", "pipeline.progress"}


def imported(file: Path) -> set[str]:
    return imported_by(ast.walk(ast.parse(file.read_text(encoding="utf8"))))


def imported_by(nodes: Iterable[ast.AST]) -> set[str]:
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | (
                {f"pipeline.{a.name}" for a in node.names} if node.module == "pipeline" else set()
            )
    return names


def name_of(file: Path) -> str:
    return str(file.relative_to(HOME))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_arrows_point_one_way(file):
    package, names = file.relative_to(HOME).parts[0], imported(file)
    roots = {name.split(".")[0] for name in names}
    if package != "app":
        assert not roots & {"streamlit", "app"}
    if package == "pipeline":
        assert "curation_db" not in roots
    if package == "curation_db":
        assert {name for name in names if name.startswith("pipeline.")} <= STORE_MAY_IMPORT


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_imports_another(stage):
    files = [
        file
        for file in FILES
        if file.relative_to(HOME).parts[:1] == ("pipeline",)
        and file.relative_to(HOME).parts[1].removesuffix(".py") == stage
    ]
    assert files
    others = {f"pipeline.{other}" for other in STAGES if other != stage}
    for file in files:
        assert not {name for name in imported(file) if ".".join(name.split(".")[:2]) in others}, file


MODELS = {"torch", "transformers", "onnx", "onnx_ir", "openvino", "nncf", "optuna", "codecarbon", "safetensors"}
WORKSHOP = {
    "convert",
    "export",
    "quantise",
    "trim",
    "search",
    "inspect",
    "pretrain",
    "train",
    "prune",
    "distil",
    "harden",
}


def test_the_plain_install_needs_no_torch():
    """At a module's top; what imports them inside its functions says which extra is missing."""
    for file in FILES:
        if not WORKSHOP & set(file.parts) and file.name != "local.py":
            tops = ast.parse(file.read_text(encoding="utf8")).body
            assert not {name.split(".")[0] for name in imported_by(tops)} & MODELS, file
