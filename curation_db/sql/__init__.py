"""The long queries, each a file beside this one, read once."""

from functools import cache
from pathlib import Path


@cache
def query(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf8")
