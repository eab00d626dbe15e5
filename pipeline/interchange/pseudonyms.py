"""A curation without its people's names: for a file that leaves the team."""

import dataclasses
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.interchange.mapping import Curation

WORDS = ("comment", "reason", "text")


def pseudonymous(curation: Curation, names: Mapping[str, str]) -> Curation:
    """The same judgements, verdicts and decisions under `names` (name -> pseudonym), without free words: a comment
    may name somebody. Raises KeyError for a person without a pseudonym."""
    return dataclasses.replace(
        curation,
        judgements=_renamed(curation.judgements, names),
        verdicts=_renamed(curation.verdicts, names),
        decisions=_renamed(curation.decisions, names),
    )


def _renamed(table: pa.Table, names: Mapping[str, str]) -> pa.Table:
    person = pa.array([names[name] for name in table["person"].to_pylist()], pa.string())
    table = table.set_column(table.schema.get_field_index("person"), "person", person)
    for word in WORDS:
        if word in table.column_names:
            blank = pc.if_else(pc.is_valid(table[word]), "", None)
            table = table.set_column(table.schema.get_field_index(word), word, blank)
    return table
