"""The relations that every export selects from, in a DuckDB of its own, in memory: no store is written."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from pipeline.contracts import ATOMS, DEFINITIONS, SEMANTIC_TYPES, TEXT
from pipeline.errors import WorkspaceError
from pipeline.interchange.mapping import Curation

MRHIER = ("CUI", "AUI", "CXN", "PAUI", "SAB", "RELA", "PTR", "HCD", "CVF")
HIERARCHY = pa.schema([(name, TEXT) for name in MRHIER])

# SRL is a column of atoms alone: a definition is restricted as the atoms of its source are. What has no level on
# record is withheld too, since an export cannot be called back.
_RESTRICTED = """
CREATE TEMP TABLE open_sources AS
SELECT SAB FROM atoms GROUP BY SAB HAVING bool_and(coalesce(SRL, '') = '0')
"""

_EVIDENCE = """
CREATE TEMP TABLE evidence AS
SELECT entry_id, CUI, e.encoder AS encoder, e.rank AS rank, e.cosine AS cosine, e.score AS score
FROM (SELECT entry_id, CUI, unnest(evidence) AS e FROM merged) WHERE e.rank IS NOT NULL
"""

# A pair that nobody rated is a proposal, with a null rating.
_PAIRS = """
CREATE TEMP TABLE pairs AS
SELECT * FROM curated WHERE rating >= $minimum
UNION ALL BY NAME
SELECT entry_id, CUI, 'candidate' AS origin, 0 AS raters, false AS flagged, false AS decided, $run AS run
FROM merged ANTI JOIN curated USING (entry_id, CUI) WHERE $proposals
"""

# Encoders of a pair: those of this run, and those that the raters saw propose it in another. One list of structs
# sorted once: DuckDB 1.5 takes several times as long over an ORDER BY in each aggregate.
_PROOF = """
CREATE TEMP TABLE proof AS
WITH seen AS (
    SELECT entry_id, CUI, unnest(encoders) AS encoder FROM pairs
    UNION SELECT entry_id, CUI, encoder FROM evidence SEMI JOIN pairs USING (entry_id, CUI)
), placed AS (
    SELECT seen.*, rank, cosine, score, coalesce(list_position($encoders::VARCHAR[], encoder), 32767) AS place
    FROM seen LEFT JOIN evidence USING (entry_id, CUI, encoder)
), grouped AS (
    SELECT entry_id, CUI, max(cosine) AS cosine,
           list_sort(list(
               {'place': place, 'encoder': encoder, 'rank': rank, 'cosine': cosine, 'score': score}
           )) AS said
    FROM placed GROUP BY entry_id, CUI
)
SELECT entry_id, CUI, cosine, list_transform(said, lambda s: s.encoder) AS encoders,
       list_transform(said, lambda s: s.rank) AS ranks, list_transform(said, lambda s: s.cosine) AS cosines,
       list_transform(said, lambda s: s.score) AS scores
FROM grouped
"""

# The atom that people saw; of a concept found by search, the preferred one in the first of the run's languages.
_BEST = """
CREATE TEMP TABLE best AS
WITH wanted AS (SELECT entry_id, CUI, m.AUI AS seen FROM pairs LEFT JOIN merged m USING (entry_id, CUI))
SELECT wanted.entry_id, a.* FROM wanted JOIN atoms a USING (CUI)
QUALIFY row_number() OVER (
    PARTITION BY wanted.entry_id, a.CUI
    ORDER BY a.AUI IS NOT DISTINCT FROM wanted.seen DESC, coalesce(a.SUPPRESS, 'N') <> 'N',
             coalesce(list_position($languages::VARCHAR[], a.LAT), 32767), a.TS <> 'P', a.STT <> 'PF',
             a.ISPREF <> 'Y', a.AUI
) = 1
"""

_BASE = """
CREATE TEMP TABLE base AS
SELECT e.term, e.explanation, e.file_row_number AS place, p.entry_id, p.CUI,
       CASE WHEN shown THEN coalesce(b.STR, m.name) END AS STR, coalesce(b.AUI, m.AUI) AS AUI,
       NOT shown AS withheld, proof.cosine, p.rating, p.ratings, p.raters, p.people, p.last_at AS rated_at,
       p.relation, p.relations, p.decided, p.decided_by, p.decision,
       p.origin, p.flagged, p.comment, coalesce(proof.encoders, []) AS encoders, proof.ranks, proof.cosines,
       proof.scores, m.rank, m.score,
       coalesce(CASE WHEN m.CUI IS NOT NULL THEN $run END, p.run) AS run,
       $fingerprints::VARCHAR[] AS encoder_fingerprints, $lexicon AS lexicon_release, $umls AS umls_release,
       $settings AS settings_hash
FROM pairs p
LEFT JOIN entries e USING (entry_id)
LEFT JOIN merged m ON m.entry_id = p.entry_id AND m.CUI = p.CUI
LEFT JOIN proof ON proof.entry_id = p.entry_id AND proof.CUI = p.CUI
LEFT JOIN best b ON b.entry_id = p.entry_id AND b.CUI = p.CUI,
LATERAL (SELECT NOT $withhold OR coalesce(b.SRL, '') = '0' AS shown)
"""

ORDER = "ORDER BY place NULLS LAST, entry_id, rating DESC NULLS LAST, rank NULLS LAST, CUI"


@contextmanager
def opened(
    curation: Curation, *, minimum_rating: int, withhold_restricted: bool, include_proposals: bool
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the relations `base` (one row an exported pair), `best`, `entries`, `atoms`,
    `semantic_types`, `definitions`, `hierarchy`, `open_sources`, `merged`, `judgements`, `verdicts`, `curated`.

    Raises WorkspaceError where a file of the curation is absent.
    """
    values = {
        "minimum": minimum_rating,
        "withhold": withhold_restricted,
        "proposals": include_proposals,
        "encoders": list(curation.encoders),
        "languages": list(curation.languages),
        "run": curation.run.name,
        "fingerprints": list(curation.fingerprints),
        "lexicon": curation.lexicon.name,
        "umls": curation.umls.name,
        "settings": curation.settings_hash,
    }
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET temp_directory = $spill", {"spill": spill})
        _read(connection, curation)
        for statement in (_RESTRICTED, _EVIDENCE, _PAIRS, _PROOF, _BEST, _BASE):
            used = {name: value for name, value in values.items() if f"${name}" in statement}
            connection.execute(statement, used)
        yield connection


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation, or a relation and its WHERE, has."""
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return row[0] if row else 0


def _read(connection: duckdb.DuckDBPyConnection, curation: Curation) -> None:
    for name in ("judgements", "verdicts", "curated"):
        connection.register(name, getattr(curation, name))
    for folder, name in ((curation.lexicon, "entries"), (curation.umls, "atoms"), (curation.run, "merged")):
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise WorkspaceError(f"{path}: not there, expected a whole release or run; run its step again")
        connection.read_parquet(str(path), file_row_number=True).create_view(name)
    domains = (("semantic_types", SEMANTIC_TYPES), ("definitions", DEFINITIONS), ("hierarchy", HIERARCHY))
    for name, schema in domains:
        path = curation.umls / f"{name}.parquet"
        if path.is_file():
            connection.read_parquet(str(path)).create_view(name)
        else:
            connection.register(name, schema.empty_table())


def atom_columns() -> list[str]:
    """The MRCONSO columns that `extensive` adds: all but the two that `main` has."""
    return [name for name in ATOMS.names if name not in ("CUI", "STR")]
