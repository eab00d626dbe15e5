"""What stands in the index beside a concept's names, since an entry in everyday words shares none with them: what its
French compounds say (leucopénie: "diminution du nombre de globules blancs"), and the first sentence of a definition."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.compounds import paraphrases
from pipeline.terms import Terms

_TAG = re.compile(r"<[^<>]+>")
_END = re.compile(r"(?<=[\w)]{3}[.;])\s")
"""Of a sentence, or of a part of one that stands by itself; not of "e.g." or "c. à d."."""


@dataclass(frozen=True)
class Beside:
    """Text i stands for concept `concept[i]` of the terms under its name `strings[string[i]]`; it is French where
    not `english[i]`."""

    texts: list[str]
    string: np.ndarray
    concept: np.ndarray
    english: np.ndarray

    def read_by(self, languages: Sequence[str]) -> "Beside":
        """What is in one of the languages (fr, en)."""
        read = np.where(self.english, "en" in languages, "fr" in languages)
        texts = [text for text, own in zip(self.texts, read, strict=True) if own]
        return Beside(texts, self.string[read], self.concept[read], self.english[read])


def joined(*parts: Beside) -> Beside:
    return Beside(
        [text for part in parts for text in part.texts],
        np.concatenate([np.empty(0, np.int64), *(part.string for part in parts)]),
        np.concatenate([np.empty(0, np.int64), *(part.concept for part in parts)]),
        np.concatenate([np.empty(0, bool), *(part.english for part in parts)]),
    )


def wordings(terms: Terms) -> Beside:
    """Of the French strings that are compounds, each for every concept that it names."""
    french = np.ones(len(terms.strings), bool)
    french[terms.string[terms.english]] = False
    found = [
        (number, said)
        for number in np.flatnonzero(french).tolist()
        for said in paraphrases(terms.strings[number], "fr")
    ]
    strings = np.array([number for number, _ in found], np.int64)
    places, concepts = terms.concepts_of(strings)
    texts = [found[place][1] for place in places.tolist()]
    return Beside(texts, strings[places], concepts, np.zeros(len(texts), bool))


def first_sentences(definitions: pa.Table, terms: Terms) -> Beside:
    """Of the definitions (contracts.DEFINITIONS) of the terminology's French and English atoms, each under the name
    of its atom (AUI); what defines an atom that was not ingested is left out."""
    atoms = terms.atoms.filter(pc.is_in(terms.atoms["LAT"], pa.array(["FRE", "ENG"])))
    row = pc.index_in(definitions["AUI"], atoms["AUI"].combine_chunks())
    own = atoms.take(row.drop_null())
    said = definitions["DEF"].filter(row.is_valid()).to_pylist()
    return Beside(
        [first_sentence(text) for text in said],
        pd.Index(terms.strings).get_indexer(own["STR"].to_pylist()),
        pd.Index(terms.concepts).get_indexer(own["CUI"].to_pylist()),
        pc.equal(own["LAT"], "ENG").to_numpy(),
    )


def first_sentence(definition: str) -> str:
    """Without markup, and without what ends it."""
    return _END.split(" ".join(_TAG.sub(" ", definition).split()), maxsplit=1)[0].rstrip(".; ")
