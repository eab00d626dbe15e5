"""What a sentence-transformers folder says of itself, for the contenders that read it on their own."""

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer


def tokenizer(folder: Path, most: int = 512) -> Tokenizer:
    """Unpadded, cut at `most` tokens."""
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(most)
    return found


def pooling(folder: Path) -> str:
    """ "cls" or "mean"."""
    settings = json.loads((folder / "1_Pooling" / "config.json").read_text(encoding="utf8"))
    return "cls" if settings["pooling_mode_cls_token"] else "mean"


def config(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "config.json").read_text(encoding="utf8"))


def copy_descriptions(source: Path, out: Path) -> None:
    """Everything but the weights, so that a converted model has its tokenizer and pooling beside it."""
    for file in source.rglob("*.json"):
        target = out / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
