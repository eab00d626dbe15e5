"""Word pieces learnt from text: BERT's cut (Devlin et al. 2019), in lower case with its accents kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from pipeline.errors import EncoderError

MARKS = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]",
         "mask_token": "[MASK]"}  # fmt: skip
LETTERS = 400
"""At most; the rarer ones of a text are unknown pieces."""
SEEN = 2
"""Times that two pieces meet before they are one."""


def learn(lines: Sequence[str], pieces: int) -> str:
    """tokenizer.json of `pieces` word pieces, the marks first; the same lines give the same, letter for letter.

    Raises EncoderError where the text gives fewer, or has more letters than that.
    """
    letters = _letters(lines)
    # A word's first letters and later ones are numbered here: the trainer numbers the later ones in the order of a
    # hash map, another in every process, and breaks the ties between pairs by these numbers.
    first = [*MARKS.values(), *letters, *(f"##{letter}" for letter in letters)]
    _check_room(len(first), pieces)
    trainer = trainers.WordPieceTrainer(
        vocab_size=pieces, min_frequency=SEEN, special_tokens=first, show_progress=False
    )
    tokenizer = _plain(models.WordPiece(unk_token=MARKS["unk_token"]))
    tokenizer.train_from_iterator(_spelt_by(letters, lines), trainer)
    found = tokenizer.get_vocab()
    _check_enough(len(found), pieces)
    return _framed(found).to_str()


def _plain(model: Any) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = _normaliser()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def _normaliser() -> Any:
    return normalizers.Sequence(
        [normalizers.NFC(), normalizers.BertNormalizer(lowercase=True, strip_accents=False)]
    )


def _framed(pieces: dict[str, int]) -> Tokenizer:
    """[CLS] text [SEP]."""
    tokenizer = _plain(models.WordPiece(pieces, unk_token=MARKS["unk_token"]))
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(list(MARKS.values()))
    ends = [(MARKS[name], pieces[MARKS[name]]) for name in ("cls_token", "sep_token")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    return tokenizer


def _letters(lines: Sequence[str]) -> list[str]:
    """The most frequent, sorted; ties to the one that is first in Unicode."""
    count: Counter[str] = Counter()
    normaliser = _normaliser()
    for line in lines:
        count.update(normaliser.normalize_str(line))
    signs = sorted((sign for sign in count if not sign.isspace()), key=lambda sign: (-count[sign], sign))
    return sorted(signs[:LETTERS])


def _spelt_by(letters: Sequence[str], lines: Sequence[str]) -> Iterator[str]:
    """The lines, a blank for every sign that is no piece. With a normaliser of its own: a tokenizer that learns from
    an iterator is locked, and would be waited for without end."""
    normaliser = _normaliser()
    known = {*letters, " "}
    for line in lines:
        yield "".join(sign if sign in known else " " for sign in normaliser.normalize_str(line))


def _check_room(first: int, pieces: int) -> None:
    if pieces < first:
        raise EncoderError(
            f"a vocabulary of {pieces:,} pieces, expected {first:,} or more: the text's letters at the start of a "
            "word and within, and five marks; give a larger --vocabulary"
        )


def _check_enough(found: int, pieces: int) -> None:
    if found < pieces:
        raise EncoderError(
            f"the text gives {found:,} word pieces, expected {pieces:,}: it is too small for that vocabulary; give "
            f"more --text, or --vocabulary {found}"
        )
