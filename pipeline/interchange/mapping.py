"""What an export is made of, and the one rule that turns people's judgements into one rating a pair."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.contracts import JUDGEMENTS, TEXT, VERDICTS, check
from pipeline.errors import WorkspaceError
from pipeline.files import read_json

RULE = "lower median of the people's current ratings"
UNSPECIFIED_LICENSE = "https://w3id.org/sssom/license/unspecified"

CURATED = pa.schema(  # one row a (entry, concept) that someone rated
    [
        ("entry_id", TEXT),
        ("CUI", TEXT),
        ("rating", pa.int8()),
        ("ratings", pa.list_(pa.int8())),  # in the order of `people`
        ("raters", pa.int32()),
        ("people", pa.list_(TEXT)),
        ("encoders", pa.list_(TEXT)),  # those that any of the raters saw propose it
        ("origin", TEXT),  # "candidate" where an encoder proposed it to anyone, else "search"
        ("flagged", pa.bool_()),
        ("comment", TEXT),
        ("last_at", pa.timestamp("us", tz="UTC")),
        ("run", TEXT),  # of the last judgement
    ]
)

# The lower median never invents a rating that nobody gave, and of two people it believes the stricter.
_CURATE = """
WITH pairs AS (
SELECT entry_id, CUI, count(rating) AS raters,
       list_sort(list(rating) FILTER (rating IS NOT NULL))[(count(rating) + 1) // 2] AS rating,
       list_sort(list({'person': person, 'rating': rating}) FILTER (rating IS NOT NULL)) AS said,
       coalesce(list_sort(list_distinct(flatten(list(encoders) FILTER (encoders IS NOT NULL)))), []) AS encoders,
       CASE WHEN bool_or(origin = 'candidate') THEN 'candidate' ELSE 'search' END AS origin,
       coalesce(bool_or(flagged), false) AS flagged,
       list_sort(list({'person': person, 'comment': trim(comment)}) FILTER (trim(comment) <> '')) AS comments,
       max("at") FILTER (rating IS NOT NULL) AS last_at,
       max({'at': "at", 'person': person, 'run': run}).run AS run
FROM judgements GROUP BY entry_id, CUI HAVING count(rating) > 0
)
SELECT *, list_transform(said, lambda s: s.rating) AS ratings, list_transform(said, lambda s: s.person) AS people,
       array_to_string(list_transform(comments, lambda c: c.comment), ' / ') AS comment
FROM pairs ORDER BY entry_id, CUI
"""


def curate(judgements: pa.Table) -> pa.Table:
    """JUDGEMENTS to CURATED, by RULE: sorted by (entry_id, CUI); a pair that nobody rated is left out.

    Comments and flags of people who did not rate are kept beside the others'. Raises FormatError.
    """
    judgements = check(judgements, JUDGEMENTS, "judgements")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("judgements", judgements)
        return check(connection.execute(_CURATE).to_arrow_table(), CURATED, "curated ratings")


@dataclass(frozen=True, kw_only=True)
class Curation:
    """What the exports need: what people said, and the folders of what they said it about.

    `judgements`, `verdicts`: contracts.JUDGEMENTS, contracts.VERDICTS. `lexicon`: release with entries.parquet.
    `umls`: release with atoms.parquet and, where ingested, semantic_types, definitions and hierarchy.parquet.
    `run`: finished run with candidates.parquet, merged.parquet and manifest.json.
    `license`: URL of the licence of the mapping, which is the lab's to choose. Raises FormatError.
    """

    judgements: pa.Table
    verdicts: pa.Table
    lexicon: Path
    umls: Path
    run: Path
    license: str = UNSPECIFIED_LICENSE

    def __post_init__(self) -> None:
        object.__setattr__(self, "judgements", check(self.judgements, JUDGEMENTS, "judgements"))
        object.__setattr__(self, "verdicts", check(self.verdicts, VERDICTS, "verdicts"))

    @cached_property
    def curated(self) -> pa.Table:
        """CURATED: the judgements under RULE."""
        return curate(self.judgements)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The run's manifest. Raises WorkspaceError where it names no encoder."""
        path = self.run / "manifest.json"
        manifest: dict[str, Any] = read_json(path)
        if not manifest.get("encoders"):
            raise WorkspaceError(f"{path}: names no encoder, expected one or more; run `lexalign align` again")
        return manifest

    @property
    def encoders(self) -> tuple[str, ...]:
        """Names in the order of the settings, then any other of the run."""
        named = [encoder["name"] for encoder in self.manifest["encoders"]]
        order = self.manifest.get("settings", {}).get("encoders", [])
        return tuple(dict.fromkeys([*(name for name in order if name in named), *named]))

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """NAME=FINGERPRINT of the run's encoders, in the order of `encoders`."""
        by_name = {encoder["name"]: encoder.get("fingerprint", "") for encoder in self.manifest["encoders"]}
        return tuple(f"{name}={by_name[name]}" for name in self.encoders)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.manifest.get("settings", {}).get("languages", ()))

    @property
    def settings_hash(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the run's settings as sorted JSON."""
        settings = json.dumps(self.manifest.get("settings", {}), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(settings.encode()).hexdigest()[:16]
