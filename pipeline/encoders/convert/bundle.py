"""Writes an encoder's folder: model.onnx, tokenizer.json, encoder.json."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.encoders.trim import vocabulary
from pipeline.files import sha256, whole_folder

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What encoder.json says besides what the conversion finds; `file` is the weights' place in the package."""

    package: str
    file: str
    sha256: str
    licence: str
    prefix: str
    min_rows: int
    pooling: str


def write(folder: Path, *, name: str, dimension: int, max_length: int, precision: str, origin: Origin,
          model: "onnx.ModelProto", tokenizer: vocabulary.Spec) -> None:  # fmt: skip
    """The same source and the same kept pieces write the same bytes. Raises WorkspaceError where `folder` is there
    already."""
    import onnx

    onnx.checker.check_model(model)
    with whole_folder(folder) as part:
        (part / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
        vocabulary.write(tokenizer, part / "tokenizer.json")
        values = {
            "name": name,
            "dimension": dimension,
            "prefix": origin.prefix,
            "lowercase": True,  # measured: it links lay terms better without capitals
            "languages": ["fr", "en"],
            "max_length": max_length,
            "min_rows": origin.min_rows,
            "precision": precision,
            "pooling": origin.pooling,
            "licence": origin.licence,
            "source": f"{origin.package}, {origin.file}",
            "source_sha256": origin.sha256,
            "model_sha256": sha256(part / "model.onnx"),
            "tokenizer_sha256": sha256(part / "tokenizer.json"),
            "vocabulary": len(vocabulary.pieces(tokenizer)),
        }
        (part / "encoder.json").write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", "utf-8")
