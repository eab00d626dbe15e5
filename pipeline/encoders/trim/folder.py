"""An encoder's folder with the vocabulary that a corpus needs, and the proof that its texts lost nothing."""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from pipeline.encoders.export.extra import models_extra
from pipeline.encoders.trim.coverage import WHOLE, Coverage, coverage, renumbering
from pipeline.encoders.trim.keep import complete, needed, within
from pipeline.encoders.trim.vocabulary import Spec, only, pieces, read, unknown_id, write
from pipeline.errors import EncoderError, InputError
from pipeline.files import whole_folder
from pipeline.progress import Progress, silent


@dataclass(frozen=True, kw_only=True)
class Trimmed:
    """What was kept, and the proof, for the card.

    `lossless_texts` of the corpus's `texts` distinct spellings are cut into the same pieces as before, found by
    cutting each of them with both tokenizers; `unknown_texts` hold the unknown piece `unknown_id` (of the new
    numbering; None where the tokenizer has none). `corpus_sha256` is of the spellings in UTF-8, sorted, a zero
    byte after each.
    """

    kept: int
    of: int
    texts: int
    lossless_texts: int
    unknown_texts: int
    unknown_id: int | None
    corpus_sha256: str


def trim(folder: Path, texts: Iterable[str], to: Path, *, prefix: str = "", lowercase: bool = False,
         progress: Progress = silent) -> Trimmed:  # fmt: skip
    """Write `to`: model.onnx (with model.onnx.data where `folder` has weights outside), tokenizer.json, and the
    old tokenizer as tokenizer.whole.json.

    Texts count with `prefix` before them; where the encoder lower-cases, as they are and lower-cased. Distinct
    texts are held in memory.
    Raises InputError where there are no texts, EncoderError where a text would not be lossless and where model or
    tokenizer is damaged or of a kind that cannot be trimmed, WorkspaceError where `to` cannot be written.
    """
    model = _model(folder)
    spec, whole = read(folder / "tokenizer.json")
    corpus = _corpus(texts, prefix, lowercase)
    ids = needed(spec, whole, corpus, progress=progress)
    with whole_folder(to) as part:
        ids, proof = _write_proved(spec, whole, corpus, ids, part, progress)
        model.write(part, ids, progress=progress)
        shutil.copyfile(folder / "tokenizer.json", part / WHOLE)
    return Trimmed(
        kept=len(ids),
        of=len(pieces(spec)),
        texts=proof.texts,
        lossless_texts=proof.covered,
        unknown_texts=proof.unknown,
        unknown_id=unknown_id(only(spec, ids)),
        corpus_sha256=_digest(corpus),
    )


def _write_proved(spec: Spec, whole: Tokenizer, corpus: Sequence[str], ids: list[int], part: Path,
                  progress: Progress) -> tuple[list[int], Coverage]:  # fmt: skip
    """(ids, proof), the tokenizer written; no text of the corpus is lost."""
    proof = _prove(spec, whole, corpus, ids, part, progress)
    if proof.lost:
        ids = complete(spec, {*ids, *within(spec, whole, proof.lost)})
        proof = _prove(spec, whole, corpus, ids, part, progress)
    if proof.lost:
        raise EncoderError(
            f"{len(proof.lost)} of {proof.texts} texts would be cut into other pieces, the first "
            f"{proof.lost[0]!r}, expected none; register the encoder without trimming"
        )
    return ids, proof


def _prove(spec: Spec, whole: Tokenizer, corpus: Sequence[str], ids: list[int], part: Path,
           progress: Progress) -> Coverage:  # fmt: skip
    write(only(spec, ids), part / "tokenizer.json")
    _, trimmed = read(part / "tokenizer.json")
    new = renumbering(whole, trimmed)
    if [new[old] for old in ids] != list(range(len(ids))):
        raise EncoderError(
            "the trimmed tokenizer numbers its pieces otherwise than their rows: its added tokens do not follow "
            "its vocabulary; register the encoder without trimming"
        )
    return coverage(whole, trimmed, corpus, progress=progress)


def _corpus(texts: Iterable[str], prefix: str, lowercase: bool) -> list[str]:
    """Distinct spellings that the encoder may be fed with, sorted."""
    distinct = set(texts)
    if not distinct:
        raise InputError(
            "no texts to choose the vocabulary by, expected one or more; name a lexicon or a terminology"
        )
    if lowercase:
        distinct |= {text.lower() for text in distinct}
    return sorted(prefix + text for text in distinct)


def _digest(corpus: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in corpus:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _model(folder: Path) -> Any:
    """Imported late: the plain install has no onnx."""
    with models_extra():
        from pipeline.encoders.trim.tables import Model
    return Model(folder)
