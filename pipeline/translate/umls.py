"""English for French atoms out of UMLS itself: a concept's own English strings, before any translation."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from pipeline.contracts import ATOMS, TEXT, check

ENGLISH = pa.schema([("CUI", TEXT), ("STR", TEXT), ("AUI", TEXT), ("SAB", TEXT), ("SRL", TEXT), ("origin", TEXT)])
UNTRANSLATED = pa.schema([("CUI", TEXT), ("STR", TEXT)])

# MRCONSO's own marks of preference: TS=P preferred term, STT=PF preferred form, ISPREF=Y preferred atom. The best
# level that a concept has is taken whole, for two sources can hold its preferred string in two spellings.
FOUND = """
    WITH wanted AS (
        SELECT DISTINCT CUI FROM atoms WHERE LAT = $source AND SUPPRESS = 'N'
    ), graded AS (
        SELECT CUI, STR, AUI, SAB, SRL, 4 * (TS = 'P')::INT + 2 * (STT = 'PF')::INT + (ISPREF = 'Y')::INT AS grade
        FROM atoms SEMI JOIN wanted USING (CUI)
        WHERE LAT = $target AND SUPPRESS = 'N'
    ), best AS (
        SELECT * FROM graded QUALIFY grade = max(grade) OVER (PARTITION BY CUI)
    )
    SELECT CUI, STR, AUI, SAB, SRL, 'umls' AS origin
    FROM best QUALIFY row_number() OVER (PARTITION BY CUI, STR ORDER BY AUI) = 1
    ORDER BY CUI, AUI
"""
MISSING = """
    WITH english AS (SELECT DISTINCT CUI FROM atoms WHERE LAT = $target AND SUPPRESS = 'N')
    SELECT DISTINCT CUI, STR
    FROM atoms ANTI JOIN english USING (CUI)
    WHERE LAT = $source AND SUPPRESS = 'N'
    ORDER BY CUI, STR
"""


@dataclass(frozen=True)
class EnglishOfConcepts:
    """`found`: ENGLISH, one row a (concept, preferred English string), by CUI, the lowest AUI first;
    `missing`: UNTRANSLATED, the French strings of the concepts that have no English of their own."""

    found: pa.Table
    missing: pa.Table

    def first(self) -> dict[str, str]:
        """One English string a concept."""
        cuis, strings = (self.found[name].to_pylist() for name in ("CUI", "STR"))
        return dict(zip(reversed(cuis), reversed(strings), strict=True))


def english_of_concepts(atoms: pa.Table, *, source: str = "FRE", target: str = "ENG") -> EnglishOfConcepts:
    """The English of every concept that has unsuppressed French atoms, from a table like contracts.ATOMS.

    Suppressed atoms (SUPPRESS O, E, Y) count in neither language. Raises FormatError for another table.
    """
    atoms = check(atoms, ATOMS, "atoms").select(
        ["CUI", "LAT", "TS", "STT", "ISPREF", "AUI", "SAB", "STR", "SRL", "SUPPRESS"]
    )
    with duckdb.connect() as connection:
        connection.register("atoms", atoms)
        parameters = {"source": source, "target": target}
        found = connection.execute(FOUND, parameters).to_arrow_table()
        missing = connection.execute(MISSING, parameters).to_arrow_table()
    return EnglishOfConcepts(found.cast(ENGLISH), missing.cast(UNTRANSLATED))
