"""OBO 1.4 (the Human Phenotype Ontology's hp.obo): names, synonyms, definitions, and the UMLS concepts it names."""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import Taught

QUOTED = re.compile(r'"(.*?)(?<!\\)"')
LAY = "layperson"


def read(path: Path) -> Iterator[Taught]:
    for term in _terms(path):
        concepts = (term["id"][0], *(xref for xref in term.get("xref", ()) if re.fullmatch(r"UMLS:C\d{7}", xref)))
        for name in term.get("name", ()):
            yield Taught(concepts, name, "en", "name")
        for line in term.get("synonym", ()):
            yield Taught(concepts, _quoted(line), "en", "lay" if LAY in line else "name")
        for line in term.get("def", ()):
            yield Taught(concepts, _quoted(line), "en", "definition")


def _terms(path: Path) -> Iterator[dict[str, list[str]]]:
    """Tag -> values, of every term that is not obsolete."""
    for stanza in path.read_text("utf-8").split("\n\n"):
        kind, _, lines = stanza.partition("\n")
        if kind != "[Term]":
            continue
        term: dict[str, list[str]] = {}
        for line in lines.splitlines():
            tag, _, value = line.partition(": ")
            term.setdefault(tag, []).append(value.split(" {")[0] if tag == "xref" else value)
        if "is_obsolete" not in term:
            yield term


def _quoted(line: str) -> str:
    found = QUOTED.search(line)
    if not found:
        raise ValueError(f"no quoted text in {line!r}")
    return found[1].replace('\\"', '"')
