"""Schema of every table that crosses a border, and the protocols of what varies.

Column names of UMLS tables are MRFILES/MRCOLS' own, in capitals; the others are the field's names in lower case.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pyarrow as pa

from pipeline.errors import FormatError

TEXT = pa.string()

ENTRIES = pa.schema(
    [  # one row a lexicon entry, in the order of the files
        ("entry_id", TEXT),
        ("term", TEXT),
        ("complexity_rate", TEXT),
        ("comparison_index", TEXT),
        ("explanation", TEXT),
        ("simplification_rate", TEXT),
        ("sources", TEXT),
        ("file", TEXT),
        ("line", pa.int64()),
    ]
)
ATOMS = pa.schema(
    [  # MRCONSO, every column as it stands in the release
        (name, TEXT)
        for name in (
            "CUI",
            "LAT",
            "TS",
            "LUI",
            "STT",
            "SUI",
            "ISPREF",
            "AUI",
            "SAUI",
            "SCUI",
            "SDUI",
            "SAB",
            "TTY",
            "CODE",
            "STR",
            "SRL",
            "SUPPRESS",
            "CVF",
        )
    ]
)
SEMANTIC_TYPES = pa.schema([(name, TEXT) for name in ("CUI", "TUI", "STN", "STY", "ATUI", "CVF")])  # MRSTY
DEFINITIONS = pa.schema(
    [  # MRDEF
        (name, TEXT) for name in ("CUI", "AUI", "ATUI", "SATUI", "SAB", "DEF", "SUPPRESS", "CVF")
    ]
)
REJECTS = pa.schema([("file", TEXT), ("line", pa.int64()), ("reason", TEXT), ("text", TEXT)])

CANDIDATES = pa.schema(
    [  # one row a (entry, encoder, rank); sorted by entry order, encoder, rank; the cosine is to the atom, or to what
        # stands beside it (pipeline.beside), drawn toward its concept's other strings (pipeline.gathered)
        ("entry_id", TEXT),
        ("encoder", TEXT),
        ("rank", pa.int16()),
        ("CUI", TEXT),
        ("AUI", TEXT),
        ("name", TEXT),
        ("LAT", TEXT),
        ("cosine", pa.float32()),
        ("score", pa.float32()),
    ]
)
EVIDENCE = pa.struct(
    [  # what one encoder says of a merged candidate; rank is null where it did not propose it
        ("encoder", TEXT),
        ("rank", pa.int16()),
        ("cosine", pa.float32()),
        ("score", pa.float32()),
    ]
)
MERGED = pa.schema(
    [  # one row a (entry, rank); the list that people judge
        ("entry_id", TEXT),
        ("rank", pa.int16()),
        ("CUI", TEXT),
        ("AUI", TEXT),
        ("name", TEXT),
        ("LAT", TEXT),
        ("score", pa.float32()),
        ("encoders", pa.list_(TEXT)),
        ("evidence", pa.list_(EVIDENCE)),
    ]
)

JUDGEMENTS = pa.schema(  # one row a (entry, concept, person): what stands now, undone and superseded rows left out
    [
        ("entry_id", TEXT),
        ("CUI", TEXT),
        ("person", TEXT),
        ("rating", pa.int8()),  # 0-5; null where the person only flagged or commented
        ("origin", TEXT),  # "candidate", or "search" for a concept that the person found
        ("flagged", pa.bool_()),
        ("comment", TEXT),
        ("at", pa.timestamp("us", tz="UTC")),
        ("run", TEXT),  # what the rater saw
        ("encoders", pa.list_(TEXT)),
        ("rank", pa.int16()),
        ("score", pa.float32()),
        ("position", pa.int64()),
        ("seconds", pa.float32()),
        ("relation", TEXT),  # what the concept is to the term: a name in RELATIONS, null where not said
        ("reason", TEXT),  # of a low rating, from the project's list
        ("blind", pa.bool_()),  # whether scores and others' ratings were hidden until then; null: not recorded
    ]
)
RELATIONS = ("exact", "broader", "narrower", "related", "none")
DECISIONS = pa.schema(  # one row a (entry, concept) that an adjudicator settled; it goes before all ratings
    [
        ("entry_id", TEXT),
        ("CUI", TEXT),
        ("person", TEXT),
        ("rating", pa.int8()),
        ("relation", TEXT),
        ("text", TEXT),  # why
        ("at", pa.timestamp("us", tz="UTC")),
        ("run", TEXT),  # what the adjudicator saw
        ("encoders", pa.list_(TEXT)),
    ]
)
VERDICTS = pa.schema(  # one row a (entry, person): "none", no candidate fits; "absent", no concept of the release
    [
        ("entry_id", TEXT),
        ("person", TEXT),
        ("verdict", TEXT),
        ("comment", TEXT),
        ("at", pa.timestamp("us", tz="UTC")),
    ]
)

BLIND = (
    pa.schema(  # one row a (entry, concept, person): the last rating given without seeing the others' or a score
        [
            ("entry_id", TEXT),
            ("CUI", TEXT),
            ("person", TEXT),
            ("rating", pa.int8()),
            ("at", pa.timestamp("us", tz="UTC")),
            ("seconds", pa.float32()),
            ("stage", TEXT),  # "main" or "calibration"
            ("encoders", pa.list_(TEXT)),  # those that propose the pair; none for one found by search
            ("decision", pa.int8()),  # the adjudicated rating of the pair, null where there is none
            ("first", pa.int8()),  # what the person had said before the second pass, null without one
            ("again", pa.int8()),  # what they said in it
        ]
    )
)


class Encoder(Protocol):
    """Texts to vectors. The same text has the same vector, to the bit, whatever its batch-mates."""

    name: str
    dimension: int
    fingerprint: str  # changes whenever a vector could
    precision: str  # fp32, int8, …
    languages: tuple[str, ...]  # ISO 639-1, those that it reads

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors, float32 [len(texts), dimension], in the order of `texts`."""


class Translator(Protocol):
    """Texts to texts, in one direction."""

    name: str
    source: str  # ISO 639-1
    target: str
    sends: str | None  # the host that texts leave for, None where they stay on the machine

    def translate(self, texts: Sequence[str]) -> list[str]:
        """As many translations as texts, in their order. Raises TranslationError."""


def check(table: pa.Table, schema: pa.Schema, origin: str) -> pa.Table:
    """The table with the schema's columns, in its order and types.

    Raises FormatError that names `origin`, what is missing and what was found.
    """
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise FormatError(
            f"{origin}: no column {', '.join(missing)}; found {', '.join(table.column_names) or 'none'}, "
            f"expected {', '.join(schema.names)}; was it written by another version? Run its step again"
        )
    try:
        return table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise FormatError(f"{origin}: {error}; expected {schema.to_string()}; run its step again") from error
