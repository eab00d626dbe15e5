"""A file of `lexalign export ratings`: its rows, and one rating a pair."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median_low

import pandas as pd

from pipeline.errors import FormatError

COLUMNS = ("entry_id", "CUI", "person", "rating")
CODES = {"entry_id": str, "CUI": str, "person": str}
READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": partial(pd.read_csv, dtype=CODES),
    ".tsv": partial(pd.read_table, dtype=CODES),
    ".xlsx": partial(pd.read_excel, dtype=CODES),
    ".parquet": pd.read_parquet,
}


def read(path: Path) -> dict[tuple[str, str], int]:
    """(entry, CUI) -> the lower median of the people's ratings, as exports go by. Raises FormatError as `rows` does."""
    rated = rows(path)
    said: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry, cui, rating in zip(rated["entry_id"], rated["CUI"], rated["rating"], strict=True):
        said[entry, cui].append(int(rating))
    return {pair: median_low(ratings) for pair, ratings in said.items()}


def rows(path: Path) -> pd.DataFrame:
    """The file's columns, COLUMNS among them, of each rating; a pair that is only flagged is left out.

    Raises FormatError where the file is of another kind, a column is missing or a rating is none of 0 to 5.
    """
    reader = READERS.get(path.suffix)
    if reader is None:
        raise FormatError(f"{path}: expected {', '.join(READERS)}, as `lexalign export ratings-csv` writes it")
    try:
        found = reader(path)
    except (OSError, ValueError) as error:
        raise FormatError(f"{path}: {error}; export the ratings again") from error
    if missing := [name for name in COLUMNS if name not in found.columns]:
        raise FormatError(
            f"{path}: no column {', '.join(missing)}; found {', '.join(map(str, found.columns))}; give what "
            "`lexalign export ratings-csv` writes"
        )
    rated = found[found["rating"].notna()]
    if len(wrong := rated[~rated["rating"].isin(range(6))]):
        raise FormatError(f"{path}: rating {wrong['rating'].iloc[0]}, expected 0 to 5; export the ratings again")
    return rated
