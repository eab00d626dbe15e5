"""Which texts a trimmed tokenizer cuts as the whole one did."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from pipeline.encoders.trim.keep import chunks
from pipeline.encoders.trim.vocabulary import read, unknown_id
from pipeline.progress import Progress, silent

WHOLE = "tokenizer.whole.json"


@dataclass(frozen=True)
class Coverage:
    """Of `texts` texts, `lost` are cut into other pieces than before, in the order given; `unknown` of all hold
    the trimmed tokenizer's unknown piece."""

    texts: int
    lost: tuple[str, ...]
    unknown: int

    @property
    def covered(self) -> int:
        return self.texts - len(self.lost)


def coverage(
    whole: Tokenizer, trimmed: Tokenizer, texts: Iterable[str], *, progress: Progress = silent
) -> Coverage:
    """Compares ids, markers included. Both tokenizers without truncation and padding, as `vocabulary.read` has
    them. It takes two tokenisations: little beside encoding, so it may be asked of every run.
    """
    new = renumbering(whole, trimmed)
    unknown = unknown_id(json.loads(trimmed.to_str()))
    done, lost, without = 0, [], 0
    for some in chunks(texts):
        both = zip(some, whole.encode_batch_fast(some), trimmed.encode_batch_fast(some), strict=True)
        for text, before, after in both:
            ids = after.ids
            without += unknown in ids
            if [new[old] for old in before.ids] != ids:
                lost.append(text)
        done += len(some)
        progress(done, None, "segmentation compared")
    return Coverage(done, tuple(lost), without)


def of_folder(folder: Path, texts: Iterable[str], *, progress: Progress = silent) -> Coverage:
    """`coverage` of a folder that `trim` wrote. Raises EncoderError where one of its tokenizers is damaged."""
    (_, whole), (_, trimmed) = read(folder / WHOLE), read(folder / "tokenizer.json")
    return coverage(whole, trimmed, texts, progress=progress)


def renumbering(whole: Tokenizer, trimmed: Tokenizer) -> Sequence[int]:
    """Old id -> new id, -1 where the piece is gone."""
    before, after = whole.get_vocab(), trimmed.get_vocab()
    new = [-1] * (1 + max(before.values()))
    for piece, old in before.items():
        new[old] = after.get(piece, -1)
    return new
