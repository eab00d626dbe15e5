"""Right answers as of `lexalign evaluate linking`: terms of a lexicon, their explanations and CUIs."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import Taught
from pipeline.evaluate.linking import read_gold


def read(path: Path) -> Iterator[Taught]:
    gold = read_gold(path)
    terms, explanations = (gold.entries[name].to_pylist() for name in ("term", "explanation"))
    for term, explanation, cuis in zip(terms, explanations, gold.cuis, strict=True):
        if len(cuis) > 2:  # said of many concepts, it is a word for none of them
            continue
        concepts = tuple(f"UMLS:{cui}" for cui in sorted(cuis))[:1]
        yield Taught(concepts, term, "fr", "mention")
        if explanation:
            yield Taught(concepts, explanation, "fr", "gloss")
