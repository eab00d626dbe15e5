"""Which pieces of a multilingual vocabulary French and English need, and the tokenizer that is left.

Pieces keep their scores and their order, so a text whose best segmentation uses kept pieces is segmented as
before and has the same vector. What is not covered falls apart into smaller pieces, in the end into letters.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

SPACE = "▁"
CHUNK = 20_000


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Pieces with their log-probabilities, in the order of their ids; the markers are pieces too."""

    pieces: Sequence[tuple[str, float]]
    begin: str
    end: str
    unknown: str
    special: frozenset[str]  # never in a text's own segmentation

    def kept(self, ids: Sequence[int]) -> "Vocabulary":
        return Vocabulary(
            pieces=[self.pieces[i] for i in ids],
            begin=self.begin,
            end=self.end,
            unknown=self.unknown,
            special=self.special,
        )


def tokenizer(vocabulary: Vocabulary, charsmap: normalizers.Normalizer, *, max_length: int) -> Tokenizer:
    """SentencePiece's unigram model as `tokenizers` has it; longer texts are cut at `max_length` tokens."""
    place = {piece: i for i, (piece, _) in enumerate(vocabulary.pieces)}
    unigram = models.Unigram(list(vocabulary.pieces), unk_id=place[vocabulary.unknown], byte_fallback=False)
    made = Tokenizer(unigram)
    made.normalizer = normalizers.Sequence(
        [charsmap, normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always", split=True)
    begin, end = vocabulary.begin, vocabulary.end
    made.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, place[begin]), (end, place[end])]
    )
    made.enable_truncation(max_length)
    return made


def keep(
    whole: Tokenizer,
    vocabulary: Vocabulary,
    corpus: Iterable[Path],
    *,
    least: int = 1,
) -> list[int]:
    """Ids, ascending: markers, letters and signs of our scripts, pieces seen `least` times."""
    seen: Counter[int] = Counter()
    whole.no_truncation()
    for lines in _chunks(corpus):
        for encoding in whole.encode_batch_fast(lines, add_special_tokens=False):
            seen.update(encoding.ids)
    return [
        i
        for i, (piece, _) in enumerate(vocabulary.pieces)
        if piece in vocabulary.special or seen[i] >= least or _is_ours(piece)
    ]


def keep_from(path: Path, vocabulary: Vocabulary) -> list[int]:
    """Ids of the pieces of an existing tokenizer.json: the same trimming without the corpus."""
    kept = {piece for piece, _ in json.loads(path.read_text("utf-8"))["model"]["vocab"]}
    return [i for i, (piece, _) in enumerate(vocabulary.pieces) if piece in kept]


def _is_ours(piece: str) -> bool:
    """One letter or sign that French and English text may hold, alone or at the start of a word."""
    letter = piece.removeprefix(SPACE)
    if len(letter) > 1:
        return False
    if not letter or ord(letter) < 0x500:  # Latin, Greek, Cyrillic
        return True
    return ord(letter) < 0x2E80 and unicodedata.category(letter)[0] in "PSN"  # marks, signs, numbers


def _chunks(paths: Iterable[Path]) -> Iterator[list[str]]:
    for path in paths:
        lines = path.read_text("utf-8").splitlines()
        for start in range(0, len(lines), CHUNK):
            yield lines[start : start + CHUNK]
