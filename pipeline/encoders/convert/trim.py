"""The tokenizer of a source that has none as tokenizer.json, and which of its pieces stay (see encoders.trim)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from pipeline.encoders.trim.keep import needed
from pipeline.encoders.trim.vocabulary import Spec

SPACE = "▁"


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Pieces with their log-probabilities, in the order of their ids; the markers are pieces too."""

    pieces: Sequence[tuple[str, float]]
    begin: str
    end: str
    unknown: str
    special: frozenset[str]  # never in a text's own segmentation


def tokenizer(vocabulary: Vocabulary, charsmap: normalizers.Normalizer, *, max_length: int) -> Spec:
    """tokenizer.json of SentencePiece's unigram model; longer texts are cut at `max_length` tokens."""
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
    return json.loads(made.to_str())


def keep(whole: Spec, vocabulary: Vocabulary, corpus: Iterable[Path], *, least: int = 1) -> list[int]:
    """Ids, ascending: the vocabulary's own markers, and what the corpus, one text a line, needs."""
    lines = (line for path in corpus for line in path.read_text("utf-8").splitlines())
    uncut = Tokenizer.from_str(json.dumps(whole))
    uncut.no_truncation()
    used = needed(whole, uncut, lines, least=least)
    markers = {i for i, (piece, _) in enumerate(vocabulary.pieces) if piece in vocabulary.special}
    return sorted(markers.union(used))


def keep_from(path: Path, vocabulary: Vocabulary) -> list[int]:
    """Ids of the pieces of an existing tokenizer.json: the same trimming without the corpus."""
    kept = {piece for piece, _ in json.loads(path.read_text("utf-8"))["model"]["vocab"]}
    return [i for i, (piece, _) in enumerate(vocabulary.pieces) if piece in kept]
