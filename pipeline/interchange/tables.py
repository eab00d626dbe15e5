"""The reference work's three tables, and the raw judgements and verdicts, as DuckDB selections.

Source: Bouaggad and Grabar 2025 (doi:10.3389/frai.2025.1662984): main (term, explanation, STR, CUI, cosine),
extensive (adds every MRCONSO column of the best atom), final (adds the UMLS domains, joined on the CUI). Ratings
and provenance follow the reference's columns. UMLS column names: MRFILES/MRCOLS of release 2025AB.

A concept has several semantic types and definitions. Joined row by row they would multiply the alignments, and no
count of the file would be a count of the mapping: each domain is a list in one cell instead.
"""

import duckdb
import pyarrow as pa

from pipeline.interchange.mapping import Curation
from pipeline.interchange.merge_ratings import RATED, table4
from pipeline.interchange.relations import ORDER, atom_columns

REFERENCE = ("term", "explanation", "STR", "CUI", "cosine")
PROVENANCE = (
    "entry_id",
    "AUI",
    "withheld",
    "rating",
    "ratings",
    "raters",
    "people",
    "rated_at",
    "relation",
    "relations",
    "decided",
    "decided_by",
    "decision",
    "origin",
    "flagged",
    "comment",
    "encoders",
    "ranks",
    "cosines",
    "scores",
    "rank",
    "score",
    "run",
    "encoder_fingerprints",
    "lexicon_release",
    "umls_release",
    "settings_hash",
)
DOMAINS = ("TUI", "STN", "STY", "DEF_SAB", "DEF", "PAUI", "PTR")

_DOMAINS = """
types AS (
    SELECT CUI, list(TUI ORDER BY TUI) AS TUI, list(STN ORDER BY TUI) AS STN, list(STY ORDER BY TUI) AS STY
    FROM (SELECT DISTINCT CUI, TUI, STN, STY FROM semantic_types SEMI JOIN base USING (CUI)) GROUP BY CUI
), meanings AS (
    SELECT CUI, list(SAB ORDER BY ATUI, DEF) AS DEF_SAB, list(DEF ORDER BY ATUI, DEF) AS DEF
    FROM (
        SELECT CUI, ATUI, SAB,
               CASE WHEN NOT $withhold OR SAB IN (SELECT SAB FROM open_sources) THEN DEF END AS DEF
        FROM definitions SEMI JOIN base USING (CUI) WHERE coalesce(SUPPRESS, 'N') = 'N'
    ) GROUP BY CUI
), parents AS (
    SELECT CUI, list(PAUI ORDER BY PTR, PAUI) AS PAUI, list(PTR ORDER BY PTR, PAUI) AS PTR
    FROM (SELECT DISTINCT CUI, PAUI, PTR FROM hierarchy SEMI JOIN base USING (CUI)) GROUP BY CUI
)
"""

_RATINGS = """
CREATE TEMP TABLE result AS
SELECT e.term, j.entry_id, j.CUI, j.person, j.rating, j.origin, j.flagged, j.comment, j."at" AS rated_at, j.run,
       j.encoders, j.rank, j.score, j.position, j.seconds, j.relation, j.reason, j.blind
FROM judgements j LEFT JOIN entries e USING (entry_id)
ORDER BY e.file_row_number NULLS LAST, j.entry_id, j.CUI, j.person
"""
_VERDICTS = """
CREATE TEMP TABLE result AS
SELECT e.term, v.entry_id, v.person, v.verdict, v.comment, v."at" AS judged_at
FROM verdicts v LEFT JOIN entries e USING (entry_id)
ORDER BY e.file_row_number NULLS LAST, v.entry_id, v.person
"""
_RATED = """
SELECT entry_id, CUI, encoder, rating
FROM (SELECT *, unnest(CASE WHEN len(encoders) = 0 THEN [NULL] ELSE encoders END) AS encoder FROM base)
WHERE rating IS NOT NULL
"""


def select(connection: duckdb.DuckDBPyConnection, curation: Curation, table: str, *, withhold: bool) -> None:
    """Make the relation `result` of a table: in the order of the lexicon, then of rating, rank and CUI."""
    if table == "table4":
        connection.register("result", count_ratings(connection, curation))
    elif table == "ratings":
        connection.execute(_RATINGS)
    elif table == "verdicts":
        connection.execute(_VERDICTS)
    else:
        _alignments(connection, table, withhold=withhold)


def count_ratings(connection: duckdb.DuckDBPyConnection, curation: Curation) -> pa.Table:
    """Table 4 of the whole mapping, encoders in the order of the settings; those of earlier runs after them."""
    rated = connection.execute(f"{_RATED} ORDER BY place NULLS LAST, entry_id, CUI").to_arrow_table()
    rated = rated.cast(RATED)
    named = rated.filter(rated["encoder"].is_valid())
    earlier = sorted(set(named["encoder"].to_pylist()) - set(curation.encoders))
    return table4(named, [*curation.encoders, *earlier], rated.filter(rated["encoder"].is_null()))


def _alignments(connection: duckdb.DuckDBPyConnection, table: str, *, withhold: bool) -> None:
    chosen = [f"base.{name}" for name in REFERENCE]
    if table in ("extensive", "final"):
        chosen += [f"best.{name}" for name in atom_columns() if name != "AUI"]
    if table == "final":
        chosen += [f"{domain}.{name}" for domain, name in zip(_homes(), DOMAINS, strict=True)]
    chosen += [f"base.{name}" for name in PROVENANCE]
    joins = "LEFT JOIN best ON best.entry_id = base.entry_id AND best.CUI = base.CUI"
    for domain in dict.fromkeys(_homes()) if table == "final" else ():
        joins += f" LEFT JOIN {domain} ON {domain}.CUI = base.CUI"
    domains = f"WITH {_DOMAINS}" if table == "final" else ""
    order = ORDER.replace("CUI", "base.CUI").replace("entry_id", "base.entry_id")
    connection.execute(
        f"CREATE TEMP TABLE result AS {domains} SELECT {', '.join(chosen)} FROM base {joins} {order}",
        {"withhold": withhold} if table == "final" else {},
    )


def _homes() -> tuple[str, ...]:
    return ("types",) * 3 + ("meanings",) * 2 + ("parents",) * 2
