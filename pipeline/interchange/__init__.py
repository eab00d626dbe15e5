"""Exports of the curated mapping: a catalogue of formats, and one function that writes any of them."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.files import whole
from pipeline.interchange import merge_ratings, relations, sssom, tables, writers
from pipeline.interchange.mapping import Curation, curate

__all__ = ["FORMATS", "Curation", "Exported", "Format", "curate", "export", "find"]

TABLES = {
    "main": "term, explanation, concept name, CUI and cosine, with rating and provenance",
    "extensive": "main, and every MRCONSO column of the atom",
    "final": "extensive, and the concept's semantic types, definitions and hierarchy",
    "ratings": "one row a judgement: entry, concept, person, what that person saw",
    "verdicts": "one row an entry and person who found that no candidate fits",
    "table4": "counts of ratings 0 to 5 by encoder and for their merge",
}


@dataclass(frozen=True)
class Format:
    name: str
    table: str
    form: str
    suffix: str
    description: str


FORMATS = {
    **{
        f"{table}-{form}": Format(f"{table}-{form}", table, form, f".{form}", description)
        for table, description in TABLES.items()
        for form in writers.FORMS
    },
    "table4-txt": Format("table4-txt", "table4", "txt", ".txt", TABLES["table4"]),
    "sssom": Format("sssom", "sssom", "sssom", ".sssom.tsv", "SSSOM/TSV 1.1"),
}


@dataclass(frozen=True)
class Exported:
    """`rows` of the table, the header not counted; `left_out`: pairs whose entry the lexicon no longer has."""

    path: Path
    rows: int
    format: str
    left_out: int = 0


def find(format: str, path: Path) -> Format:
    """The format of a name in FORMATS, or of a table's name and the suffix of `path`. Raises InputError."""
    for name in (format, f"{format}-{path.suffix.lower().lstrip('.')}"):
        if name in FORMATS:
            return FORMATS[name]
    raise InputError(f"export format {format!r} for {path.name}: not known; choose {', '.join(FORMATS)}")


def export(
    curation: Curation,
    format: str,
    path: Path,
    *,
    minimum_rating: int = merge_ratings.PUBLISHED_MINIMUM,
    withhold_restricted: bool = True,
    include_proposals: bool = False,
) -> Exported:
    """Write the mapping in a format of FORMATS; the file is whole or absent.

    `minimum_rating` holds for main, extensive, final and sssom: raw judgements and counts are never cut.
    `withhold_restricted` leaves out names and definitions of sources that are not SRL 0, and keeps codes and CUIs:
    the default, because a file that was shared by mistake cannot be called back. `include_proposals` adds, with
    no rating, the run's candidates that nobody rated. Rows: in the lexicon's order, then by rating, rank, CUI.
    Raises InputError for an unknown format, a minimum out of 0-5, or what XLSX cannot hold; WorkspaceError where
    a release or run is not whole.
    """
    chosen = find(format, path)
    if minimum_rating not in merge_ratings.RATINGS:
        raise InputError(f"minimum rating {minimum_rating}: expected 0 to 5")
    counting = chosen.table == "table4"
    with (
        relations.opened(
            curation,
            minimum_rating=0 if counting else minimum_rating,
            withhold_restricted=withhold_restricted,
            include_proposals=include_proposals and not counting,
        ) as connection,
        whole(path) as part,
    ):
        left_out = 0
        if chosen.form == "sssom":
            left_out = relations.count(connection, "base WHERE term IS NULL")
            rows = sssom.write(connection, curation, part)
        elif chosen.form == "txt":
            counts = tables.count_ratings(connection, curation)
            part.write_text(merge_ratings.as_text(counts), encoding="utf8")
            rows = len(counts)
        else:
            tables.select(connection, curation, chosen.table, withhold=withhold_restricted)
            rows = writers.write(connection, chosen.form, part)
    return Exported(path, rows, chosen.name, left_out)
