"""Readers of what an encoder is taught, one file a format; a file is recognised by its first lines."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import Taught
from pipeline.encoders.train.sources import (
    answers,
    babelon,
    glosses,
    lay,
    mentions,
    obo,
    sssom,
    synonyms,
    xrefs,
)
from pipeline.errors import FormatError, InputError

Reader = Callable[[Path], Iterator[Taught]]
HEADS: tuple[tuple[str, Reader], ...] = (
    ("format-version:", obo.read),
    ("subject_id\tsource_language\ttranslation_language", babelon.read),
    ("subject_id\ttranslation_value\tcomment\tStatus", synonyms.read),
    ("file\tid\tgroup\tspan\tmention\tcui", mentions.read),
    ("term\texplanation\tcuis", answers.read),
    ("cuis\tregister\tphrase", lay.read),
    ("id\tlabel\txref", xrefs.read),
)
"""How a file begins -> its reader."""


def read(paths: Iterable[Path]) -> list[Taught]:
    """All that the files, and the recognised files of the folders, teach. In the order of the paths, files of a
    folder by name.

    Raises InputError for a file that nobody reads, FormatError for a damaged one.
    """
    found: list[Taught] = []
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        known = [(file, reader) for file in files if (reader := recognise(file))]
        if not known:
            raise InputError(f"{path}: nothing to teach there; expected one of: {EXPECTED}")
        for file, reader in known:
            try:
                found += reader(file)
            except (OSError, EOFError, UnicodeDecodeError, ValueError, KeyError) as error:
                raise FormatError(f"{file}: {error}; is it cut or in another encoding? Fetch it again") from error
    return found


EXPECTED = (
    "OBO, Babelon (labels or synonyms), SSSOM with labels, id-label-xref, headword-gloss (.txt.gz), mentions with "
    "CUIs, right answers (term, explanation, cuis) or lay phrases (cuis, register, phrase)"
)


def recognise(path: Path) -> Reader | None:
    """The reader of a file; None where nobody knows it."""
    if path.name.endswith(".txt.gz"):
        return glosses.read
    if path.name.endswith(".sssom.tsv"):
        return sssom.read
    head = first_line(path)
    return next((reader for start, reader in HEADS if head.startswith(start)), None)


def first_line(path: Path) -> str:
    """Letters of another encoding replaced: the reader says what is wrong with them."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            return file.readline(2000)
    except OSError:
        return ""
