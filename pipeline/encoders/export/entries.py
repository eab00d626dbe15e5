"""The JSON files and the README of a model's folder, which anybody may have written."""

import json
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import EncoderError


def entries(path: Path) -> dict[str, Any]:
    """The object in a JSON file, {} where there is no file. Raises EncoderError where it is anything else."""
    if not path.is_file():
        return {}
    found = load(path)
    if not isinstance(found, dict):
        raise EncoderError(f"{path}: a JSON {type(found).__name__}, expected an object; fetch the folder again")
    return found


def load(path: Path) -> Any:
    """Raises EncoderError where the file is not JSON in UTF-8."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise EncoderError(f"{path}: not JSON ({error}); was it cut short? Fetch the folder again") from error


def front_matter(readme: Path) -> dict[str, Any]:
    """The YAML between the two `---` at the head of a README, {} where there is none that can be read."""
    try:
        parts = readme.read_text("utf-8", errors="replace").split("---\n", 2)
        found = yaml.safe_load(parts[1]) if len(parts) == 3 and not parts[0].strip() else None
    except (OSError, yaml.YAMLError):
        return {}  # a README describes; no encoder fails for it
    return found if isinstance(found, dict) else {}


def words(value: Any) -> tuple[str, ...]:
    """A word or a list of words as a tuple; YAML reads Norwegian's `no` as False."""
    if value is None:
        return ()
    items = value if isinstance(value, list) else [value]
    return tuple("no" if item is False else str(item) for item in items)
