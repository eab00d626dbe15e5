"""Text at hand: lines of UTF-8 files, plain or gzipped; a dictionary's headwords and senses as sentences."""

import gzip
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.encoders.train.sources.glosses import SENSES
from pipeline.errors import FormatError, InputError
from pipeline.progress import Progress, silent


def read(paths: Iterable[Path], *, progress: Progress = silent) -> list[str]:
    """Every distinct line of the files, in their order, as `sentences` gives it; blank ones left out.

    Raises InputError where a file cannot be read or has no text, FormatError where it is not UTF-8 or its gzip is
    damaged.
    """
    found: dict[str, None] = {}
    every = list(paths)
    for done, path in enumerate(every):
        progress(done, len(every), "reading texts")
        some = dict.fromkeys(sentence for line in _lines(path) for sentence in sentences(line))
        if not some:
            raise InputError(f"{path}: no text in it, expected lines of French in UTF-8; name another --text")
        found |= some
    progress(len(every), len(every), "reading texts")
    return list(found)


def sentences(line: str) -> Iterator[str]:
    """The line in lower case, as `train` feeds its texts, composed (NFC), any white space a blank. A headword and its
    senses ("épistaxis<TAB>saignement de nez | rhinorragie") are a sentence a sense ("épistaxis : saignement de nez").
    """
    headword, *cells = line.split("\t")
    if len(cells) == 1 and headword.strip():
        texts = [f"{headword} : {sense}" for sense in cells[0].split(SENSES) if sense.strip()] or [headword]
    else:
        texts = [line]
    for text in texts:
        if words := unicodedata.normalize("NFC", text).lower().split():
            yield " ".join(words)


def _lines(path: Path) -> Iterator[str]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield _decoded(line, path, number)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(f"{path}: {error}, expected a whole gzip; copy it again") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its name and permissions") from error


def _decoded(line: bytes, path: Path, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{path} line {number}: byte 0x{line[error.start]:02x} is not UTF-8, expected lines of text in UTF-8; "
            "save it so, or unpack it"
        ) from error
