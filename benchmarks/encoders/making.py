"""What a contender reads, made once: each by a process of its own, in the contender's environment."""

import hashlib
import importlib
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.encoders import environments
from benchmarks.encoders.contenders import Contender
from pipeline.files import whole_folder


class NotMade(Exception):
    """A contender's model could not be made; the message is the last lines of what its process said."""


def ready(contender: Contender, source: Path, texts: Path, cache: Path) -> Path:
    """The folder that `contender` loads, beside `source`. Raises NotMade or environments.NotInstalled."""
    given = ready(contender.after, source, texts, cache) if contender.after else source
    if contender.made is None:
        return given
    folder = source.parent / (contender.name + _version(contender))
    if not folder.exists():
        print(f"making {folder}", file=sys.stderr, flush=True)
        with whole_folder(folder) as part:
            _make(contender, environments.python(contender.environment, cache), given, part, texts)
    return folder


def size(folder: Path) -> int:
    """Bytes of all files in it."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _make(contender: Contender, interpreter: Path, source: Path, out: Path, texts: Path) -> None:
    spec = {
        "peer": contender.module,
        "source": str(source),
        "out": str(out),
        "texts": str(texts),
        "settings": contender.made,
    }
    command = [str(interpreter), "-m", "benchmarks.encoders.making", json.dumps(spec)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=environments.HOME, check=False)
    if done.returncode:
        raise NotMade("\n".join((done.stderr or done.stdout).strip().splitlines()[-5:]))


def _version(contender: Contender) -> str:
    """Lexalign's own encoders are made again when the code that makes them changes."""
    if contender.peer != "lexalign":
        return ""
    code = sorted((environments.HOME / "pipeline" / "encoders").rglob("*.py"))
    return "-" + hashlib.sha256(b"".join(file.read_bytes() for file in code)).hexdigest()[:8]


def _main(spec: dict) -> None:
    peer = importlib.import_module(spec["peer"])
    texts = json.loads(Path(spec["texts"]).read_text(encoding="utf8"))
    peer.make(Path(spec["source"]), Path(spec["out"]), texts, **spec["settings"])


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
