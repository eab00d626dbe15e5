"""Terms to the texts that are compared, as in the reference: lower case, alphanumerics, content words, lemmas.

What is kept, on purpose:
- accents (côte is not côté) and digits (vitamine B12, T3, CD4), with their letters: B-12 is b12, IL-6 is il6;
- single letters (hépatite B, vitamine A) and negations (pas, sans, non, no, not, without);
- the sense of signs: CD4+ is "cd4 positif", 10 % "10 pourcent", 37 °C "37 celsius", n° 4 "numéro 4". A hyphen at
  the end is no minus: "pré- et post-opératoire". Other symbols (<, ≥, ±) are dropped, as in the reference work.
What is made one: œ and oe; β and beta (a letter by itself, apart from its neighbours: "beta bloquant");
µg, μg and mcg (ug, UCUM's own spelling); 2e, 2ème, 2ième, 2nd; apostrophes ' and ’.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from pipeline.normalise.characters import steps
from pipeline.normalise.rules import ENGLISH, FRENCH, STEPS, Rules
from pipeline.normalise.words import Lemmatise, Words, spacy_lemmas
from pipeline.progress import Progress, silent

__all__ = [
    "ENGLISH",
    "FRENCH",
    "NORMALISED",
    "STEPS",
    "Normalised",
    "Rules",
    "as_table",
    "normalise",
    "spacy_lemmas",
]

NORMALISED = pa.schema([("source", pa.string()), ("text", pa.string()), ("rules", pa.list_(pa.string()))])


@dataclass(frozen=True, slots=True)
class Normalised:
    """`rules`: the names of those that changed the text, in the order in which they did; then "kept-symbols" where
    it holds nothing but symbols, "kept-stop-words" where it holds nothing but stop words."""

    source: str
    text: str
    rules: tuple[str, ...]


def normalise(
    texts: Sequence[str], rules: Rules, *, lemmatise: Lemmatise | None = None, progress: Progress = silent
) -> list[Normalised]:
    """One row a text, in their order. Normalising twice changes nothing more; only a blank text becomes empty.

    `lemmatise` (word to lemma, `spacy_lemmas` for one) replaces simplemma's lemmas.
    """
    words, rows = Words(rules, lemmatise), []
    for number, text in enumerate(texts):
        if number % 10_000 == 0:
            progress(number, len(texts), "normalised")
        rows.append(_one(text, rules, words))
    progress(len(rows), len(texts), "normalised")
    return rows


def as_table(rows: Sequence[Normalised]) -> pa.Table:
    """The rows as NORMALISED."""
    columns = ([row.source for row in rows], [row.text for row in rows], [list(row.rules) for row in rows])
    return pa.table(list(columns), schema=NORMALISED)


def _one(source: str, rules: Rules, words: Words) -> Normalised:
    text = source
    applied: list[str] = []
    for name, step in steps(rules):
        after = step(text)
        if after == text:
            continue
        if not after:  # nothing but symbols: a text for whoever reads it, so it stays
            applied += ["kept-symbols"] if text.strip() else []
            return Normalised(source, text if text.strip() else "", tuple(applied))
        text = after
        applied.append(name)
    tokens = text.split()
    for name, change in (("ordinals", words.ordinals), ("stop-words", words.content), ("lemma", words.lemmas)):
        changed = change(tokens) if name in rules.steps else tokens
        if changed != tokens:
            applied.append(name)
        tokens = changed
    if tokens and rules.stop_words.issuperset(tokens):
        applied.append("kept-stop-words")
    return Normalised(source, " ".join(tokens), tuple(applied))
