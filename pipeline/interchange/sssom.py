"""The mapping as SSSOM/TSV 1.1 (https://mapping-commons.github.io/sssom/spec-formats-tsv/), and its reading back.

What is claimed, and on what ground:

- A lay term has no identifier: `subject_type` is `rdfs literal` and `subject_label` the term (spec, literal
  mappings). The entry's own identifier and the rating are extension slots (`ext_entry_id`, `ext_rating`), since
  a rating is a degree of similarity and no slot of SSSOM means that.
- The predicate is the relation that people recorded, in RELATIONS. A relation says what the concept (the object) is
  to the term (the subject), and `A skos:broadMatch B` says that B is the broader (SKOS Reference, 10.1): so
  "broader" is skos:broadMatch. Where no relation stands it follows the words of the rating scale, in PREDICATES,
  and is then never broad or narrow: a rating has no direction.
- People's rows are `semapv:ManualMappingCuration` with `author_label`, as annotators have no identifier: the raters,
  or the adjudicator who decided the pair. `confidence` is the share of the raters whose own relation or rating gives
  this same predicate; a decision has none, as it does not count voices. `reviewer_agreement`,
  (rating - 2.5) / 2.5, is not written: it says how far a reviewer agrees with another's claim, and here the
  predicate is drawn from the rating, so a 0 would read as a full disagreement with its own `Not`.
- A proposal that nobody rated is `semapv:SemanticSimilarityThresholdMatching`, skos:closeMatch, and its
  `confidence` the recalibrated score held to 0-1: an absent one would count as 1 by the specification.
- "No candidate fits" is `skos:exactMatch` to `sssom:NoTermFound`, the weakest claim, and only for an entry with no
  pair rated 3 or above, which would contradict it.
"""

import csv
import uuid
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

from pipeline import __version__
from pipeline.contracts import TEXT
from pipeline.errors import FormatError
from pipeline.interchange.mapping import RULE, Curation
from pipeline.interchange.merge_ratings import PUBLISHED_MINIMUM
from pipeline.interchange.relations import ORDER, count
from pipeline.interchange.writers import flat, one_line, with_head

# rating: predicate_id, predicate_modifier. exactMatch is a closeMatch in SKOS, so "not close" denies both.
PREDICATES = {
    5: ("skos:exactMatch", ""),
    4: ("skos:closeMatch", ""),
    3: ("skos:closeMatch", ""),
    2: ("skos:relatedMatch", ""),
    1: ("skos:closeMatch", "Not"),
    0: ("skos:closeMatch", "Not"),
}
RELATIONS = {
    "exact": ("skos:exactMatch", ""),
    "broader": ("skos:broadMatch", ""),
    "narrower": ("skos:narrowMatch", ""),
    "related": ("skos:relatedMatch", ""),
    "none": ("skos:closeMatch", "Not"),
}
PREFIXES = {
    "UMLS": "https://uts.nlm.nih.gov/uts/umls/concept/",
    "bioregistry": "https://bioregistry.io/",
    "dcterms": "http://purl.org/dc/terms/",
    "lexalign": "urn:lexalign:slot:",
    "record": "urn:lexalign:record:",
    "schema": "http://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
EXTENSIONS = [
    {"slot_name": "ext_entry_id", "property": "dcterms:identifier", "type_hint": "xsd:string"},
    {"slot_name": "ext_rating", "property": "schema:ratingValue", "type_hint": "xsd:integer"},
    {"slot_name": "ext_relation", "property": "lexalign:relation", "type_hint": "xsd:string"},
    {"slot_name": "ext_decided", "property": "lexalign:decided", "type_hint": "xsd:boolean"},
]
PAIRS = pa.schema(
    [
        ("entry_id", TEXT),
        ("CUI", TEXT),
        ("rating", pa.int8()),
        ("relation", TEXT),
        ("decided", pa.bool_()),
        ("term", TEXT),
        ("predicate_id", TEXT),
    ]
)

_ROWS = """
CREATE TEMP TABLE result AS
WITH mapped AS (
    SELECT b.place, b.rank, b.CUI, b.entry_id, b.rating, b.relation, b.decided, term AS subject_label,
           split_part(claim(b.relation, b.rating), ' ', 1) AS predicate_id,
           nullif(split_part(claim(b.relation, b.rating), ' ', 2), '') AS predicate_modifier,
           'UMLS:' || b.CUI AS object_id, STR AS object_label,
           CASE WHEN b.decided THEN [decided_by] ELSE people END AS author_label,
           CASE WHEN b.rating IS NULL THEN 'semapv:SemanticSimilarityThresholdMatching'
                ELSE 'semapv:ManualMappingCuration' END AS mapping_justification,
           coalesce(strftime(rated_at, '%Y-%m-%d'), nullif($proposed_on, '')) AS mapping_date,
           CASE WHEN b.rating IS NULL THEN least(greatest(score::VARCHAR::DOUBLE, 0), 1)
                WHEN NOT b.decided THEN len(list_filter(
                    list_zip(relations, ratings), lambda s: claim(s[1], s[2]) = claim(b.relation, b.rating)
                )) / raters END AS confidence,
           cosine AS similarity_score, encoders,
           list_transform(encoders, lambda name, i: name || ' rank ' || coalesce(ranks[i]::VARCHAR, '-')) AS said,
           run, concat_ws(' / ', nullif(comment, ''), nullif(decision, '')) AS comment
    FROM base b
    WHERE term IS NOT NULL
), unmatched AS (
    SELECT e.file_row_number AS place, v.entry_id, e.term AS subject_label, 'skos:exactMatch' AS predicate_id,
           'sssom:NoTermFound' AS object_id, list(v.person ORDER BY v.person) AS author_label,
           'semapv:ManualMappingCuration' AS mapping_justification,
           strftime(max(v."at"), '%Y-%m-%d') AS mapping_date, 1.0 AS confidence,
           string_agg(nullif(trim(v.comment), ''), ' / ' ORDER BY v.person) AS comment
    FROM verdicts v JOIN entries e USING (entry_id)
    WHERE v.entry_id NOT IN (SELECT entry_id FROM curated WHERE rating >= $published)
    GROUP BY ALL
), every AS (SELECT * FROM mapped UNION ALL BY NAME SELECT * FROM unmatched)
SELECT 'record:' || md5(concat_ws(chr(31), entry_id, object_id)) AS record_id,
       subject_label, 'rdfs literal' AS subject_type, predicate_id, predicate_modifier, object_id, object_label,
       'bioregistry:umls' AS object_source, mapping_justification, author_label,
       CASE WHEN len(encoders) > 0 THEN 'Lexalign' END AS mapping_tool,
       CASE WHEN len(encoders) > 0 THEN $version END AS mapping_tool_version, mapping_date,
       confidence, similarity_score,
       CASE WHEN similarity_score IS NOT NULL THEN 'cosine similarity' END AS similarity_measure,
       CASE WHEN len(said) > 0 THEN 'run ' || run || ': ' || array_to_string(said, ', ') END AS other, comment,
       entry_id AS ext_entry_id, rating AS ext_rating, relation AS ext_relation, decided AS ext_decided
FROM every
"""


def write(connection: duckdb.DuckDBPyConnection, curation: Curation, path: Path) -> int:
    """The relation `base` as SSSOM/TSV; how many rows. A pair whose entry is in no lexicon is left out."""
    values = {
        "proposed_on": str(curation.manifest.get("at", ""))[:10],
        "published": PUBLISHED_MINIMUM,
        "version": str(curation.manifest.get("lexalign", __version__)),
    }
    connection.execute(_claim())
    connection.execute(_ROWS + ORDER, values)
    with_head(header(curation), connection.sql(flat(connection, one_line())), path, "\t")
    return count(connection, "result")


def _claim() -> str:
    """SQL of claim(relation, rating): predicate and modifier, a space between; a closeMatch where neither is there."""
    cases = (
        " ".join(f"WHEN {key!r} THEN '{predicate} {modifier}'" for key, (predicate, modifier) in table.items())
        for table in (RELATIONS, PREDICATES)
    )
    relation, rating = cases
    return (
        "CREATE OR REPLACE TEMP MACRO claim(relation, rating) AS "
        f"coalesce(CASE relation {relation} END, CASE rating {rating} END, 'skos:closeMatch')"
    )


def header(curation: Curation) -> str:
    """The mapping set's metadata: YAML, each line after a #."""
    made_of = "\n".join([curation.lexicon.name, curation.umls.name, curation.run.name])
    metadata = {
        "sssom_version": "1.1",
        "mapping_set_id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, made_of)}",
        "mapping_set_title": "Layman lexicon to UMLS, aligned and curated with Lexalign",
        **({"mapping_set_version": curation.version} if curation.version else {}),
        "license": curation.license,
        "subject_source_version": curation.lexicon.name,
        "object_source_version": curation.umls.name,
        "curie_map": PREFIXES,
        "extension_definitions": EXTENSIONS,
        "other": f"settings {curation.settings_hash}; encoders {', '.join(curation.fingerprints)}; rating: {RULE}",
    }
    text = yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True, width=1_000_000)
    return "".join(f"#{line}\n" for line in text.splitlines())


def read(path: Path) -> pa.Table:
    """PAIRS of a file that `write` wrote, in its order; rating is null for proposals, CUI where none was found.

    Raises FormatError where the file has not the columns.
    """
    with path.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))
        found = rows[0].keys() if rows else set()
    expected = {"ext_entry_id", "ext_rating", "object_id", "subject_label", "predicate_id"}
    if rows and (missing := sorted(expected - found)):
        raise FormatError(f"{path}: no column {', '.join(missing)}; expected SSSOM/TSV as Lexalign exports it")
    return pa.Table.from_pylist([_pair(row) for row in rows], schema=PAIRS)


def _pair(row: dict[str, str]) -> dict[str, str | int | bool | None]:
    return {
        "entry_id": row["ext_entry_id"],
        "CUI": row["object_id"].removeprefix("UMLS:") if row["object_id"].startswith("UMLS:") else None,
        "rating": int(row["ext_rating"]) if row["ext_rating"] else None,
        "relation": row.get("ext_relation") or None,  # earlier files have no such column
        "decided": row.get("ext_decided") == "true",
        "term": row["subject_label"],
        "predicate_id": row["predicate_id"],
    }
