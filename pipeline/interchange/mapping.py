"""What an export is made of, and the one rule that turns people's judgements into one rating a pair."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.contracts import DECISIONS, JUDGEMENTS, TEXT, VERDICTS, check
from pipeline.errors import WorkspaceError
from pipeline.files import read_json

RULE = "the adjudicator's decision, else the lower median of the people's current ratings"
NO_DECISIONS = DECISIONS.empty_table()
UNSPECIFIED_LICENSE = "https://w3id.org/sssom/license/unspecified"

CURATED = pa.schema(  # one row a (entry, concept) that someone rated or decided
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
        ("last_at", pa.timestamp("us", tz="UTC")),  # the decision's, else the last rating's
        ("run", TEXT),  # of the decision, else of the last judgement
        ("relation", TEXT),  # the decision's, else the one that more than half of the raters chose
        ("relations", pa.list_(TEXT)),  # in the order of `people`
        ("decided", pa.bool_()),
        ("decided_by", TEXT),
        ("decision", TEXT),  # why it was decided so
    ]
)

# A decision settles what people differ on, so it goes before them all. The lower median never invents a rating that
# nobody gave, and of two people it believes the stricter.
_CURATE = """
WITH pairs AS (
SELECT entry_id, CUI, count(rating) AS raters,
       list_sort(list(rating) FILTER (rating IS NOT NULL))[(count(rating) + 1) // 2] AS rating,
       list_sort(list({'person': person, 'rating': rating, 'relation': relation})
                 FILTER (rating IS NOT NULL)) AS said,
       coalesce(list_sort(list_distinct(flatten(list(encoders) FILTER (encoders IS NOT NULL)))), []) AS encoders,
       CASE WHEN bool_or(origin = 'candidate') THEN 'candidate' ELSE 'search' END AS origin,
       coalesce(bool_or(flagged), false) AS flagged,
       list_sort(list({'person': person, 'comment': trim(comment)}) FILTER (trim(comment) <> '')) AS comments,
       max("at") FILTER (rating IS NOT NULL) AS last_at,
       max({'at': "at", 'person': person, 'run': run}).run AS run
FROM judgements GROUP BY entry_id, CUI
), listed AS (
SELECT *, list_transform(said, lambda s: s.rating) AS ratings, list_transform(said, lambda s: s.person) AS people,
       list_transform(said, lambda s: s.relation) AS relations,
       array_to_string(list_transform(comments, lambda c: c.comment), ' / ') AS comment
FROM pairs
), chosen AS (
SELECT *, list_filter(list_distinct(relations),
                      lambda one: 2 * len(list_filter(relations, lambda said: said = one)) > raters)[1] AS relation
FROM listed
)
SELECT entry_id, CUI, coalesce(d.rating, p.rating) AS rating, coalesce(ratings, []) AS ratings,
       coalesce(raters, 0) AS raters, coalesce(people, []) AS people,
       coalesce(nullif(p.encoders, []), d.encoders, []) AS encoders,
       coalesce(origin, CASE WHEN len(d.encoders) > 0 THEN 'candidate' ELSE 'search' END) AS origin,
       coalesce(flagged, false) AS flagged, coalesce(comment, '') AS comment,
       coalesce(d."at", last_at) AS last_at, coalesce(d.run, p.run) AS run,
       CASE WHEN d.rating IS NULL THEN p.relation ELSE d.relation END AS relation,
       coalesce(relations, []) AS relations,
       d.rating IS NOT NULL AS decided, d.person AS decided_by, d.text AS decision
FROM chosen p FULL JOIN decisions d USING (entry_id, CUI)
WHERE raters > 0 OR d.rating IS NOT NULL
ORDER BY entry_id, CUI
"""


def curate(judgements: pa.Table, decisions: pa.Table = NO_DECISIONS) -> pa.Table:
    """JUDGEMENTS and DECISIONS to CURATED, by RULE: sorted by (entry_id, CUI); a pair that nobody rated or decided
    is left out.

    Comments and flags of people who did not rate are kept beside the others'. Raises FormatError.
    """
    judgements = check(judgements, JUDGEMENTS, "judgements")
    decisions = check(decisions, DECISIONS, "decisions")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("judgements", judgements)
        connection.register("decisions", decisions)
        return check(connection.execute(_CURATE).to_arrow_table(), CURATED, "curated ratings")


@dataclass(frozen=True, kw_only=True)
class Curation:
    """What the exports need: what people said, and the folders of what they said it about.

    `judgements`, `verdicts`, `decisions`: contracts.JUDGEMENTS, VERDICTS, DECISIONS. `lexicon`: release with
    entries.parquet. `umls`: release with atoms.parquet and, where ingested, semantic_types, definitions and
    hierarchy.parquet. `run`: finished run with candidates.parquet, merged.parquet and manifest.json.
    `license`: URL of the licence of the mapping, which is the lab's to choose. `version`: of a publication, None
    for a file of the day. Raises FormatError.
    """

    judgements: pa.Table
    verdicts: pa.Table
    lexicon: Path
    umls: Path
    run: Path
    license: str = UNSPECIFIED_LICENSE
    decisions: pa.Table = field(default_factory=DECISIONS.empty_table)
    version: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "judgements", check(self.judgements, JUDGEMENTS, "judgements"))
        object.__setattr__(self, "verdicts", check(self.verdicts, VERDICTS, "verdicts"))
        object.__setattr__(self, "decisions", check(self.decisions, DECISIONS, "decisions"))

    @cached_property
    def curated(self) -> pa.Table:
        """CURATED: the judgements and decisions under RULE."""
        return curate(self.judgements, self.decisions)

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
