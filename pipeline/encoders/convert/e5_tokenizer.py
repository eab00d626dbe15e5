"""The vocabulary of a file that has no tokenizer.json, and its tokenizer."""

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

SPACE = "▁"


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Pieces with their log-probabilities, in the order of their ids; the markers are pieces too."""

    pieces: Sequence[tuple[str, float]]
    begin: str
    end: str
    unknown: str


def tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """SentencePiece's unigram model, with its nmt_nfkc in two steps of the library."""
    place = {piece: i for i, (piece, _) in enumerate(vocabulary.pieces)}
    unigram = models.Unigram(list(vocabulary.pieces), unk_id=place[vocabulary.unknown], byte_fallback=False)
    made = Tokenizer(unigram)
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Strip(), spaces])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always", split=True)
    begin, end = vocabulary.begin, vocabulary.end
    made.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, place[begin]), (end, place[end])]
    )
    return made
