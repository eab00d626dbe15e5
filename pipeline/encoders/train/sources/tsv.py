"""Tab-separated files whose quotes are letters."""

import csv
from collections.abc import Iterator
from pathlib import Path


def rows(path: Path) -> Iterator[dict[str, str]]:
    """A dict a line, lines that begin with # left out. Raises ValueError with the number of a line that is cut."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(
            (line for line in file if not line.startswith("#")),
            delimiter="\t",
            quoting=csv.QUOTE_NONE,
            escapechar="\\",
        )
        for row in reader:
            if None in row or None in row.values():
                raise ValueError(
                    f"row {reader.line_num} has not the {len(reader.fieldnames or ())} cells of the header"
                )
            yield row
