"""Which pieces of a vocabulary a corpus needs."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from tokenizers import Tokenizer

from pipeline.encoders.trim.vocabulary import Spec, mentioned, merges, pieces
from pipeline.progress import Progress, silent

CHUNK = 20_000
FRONT = 1_000
"""Markers below this id keep their ids, since all before them stay: XLM-R's four, BERT's five of which the last is
[MASK], 103. A graph may compare ids with that of padding."""
MARKS = ("▁", "##")  # how a piece says that it starts a word, or that it does not


def needed(spec: Spec, whole: Tokenizer, texts: Iterable[str], *, progress: Progress = silent) -> list[int]:
    """Ids, ascending: markers, letters and signs of our scripts, pieces that `texts` use."""
    seen: set[int] = set()
    done = 0
    for some in chunks(texts):
        for encoding in whole.encode_batch_fast(some, add_special_tokens=False):
            seen.update(encoding.ids)
        done += len(some)
        progress(done, None, "pieces in use")
    ours = {number for number, piece in pieces(spec).items() if is_ours(piece)}
    return complete(spec, ours | seen)


def complete(spec: Spec, ids: set[int]) -> list[int]:
    """`ids` with what they depend on, ascending: see the package's docstring for why each is kept."""
    every = pieces(spec)
    markers = mentioned(spec)
    front = 1 + max((number for number in markers if number < FRONT), default=-1)
    found = ids | markers | {number for number in range(front) if number in every}
    model = spec["model"]
    if model.get("byte_fallback"):
        found |= {number for number, piece in every.items() if piece.startswith("<0x")}
    if model["type"] == "Unigram":
        found.add(min(range(len(model["vocab"])), key=lambda number: model["vocab"][number][1]))
    if model["type"] == "BPE":
        found |= _parts(spec, {every[number] for number in found})
    return sorted(found)


def within(spec: Spec, whole: Tokenizer, texts: Iterable[str]) -> set[int]:
    """Every piece that stands in a word of `texts`: with all of them, the words are cut as before."""
    ids = {piece: number for number, piece in pieces(spec).items()}
    longest = max(map(len, ids))
    found = set()
    for word in {word for text in texts for word in _words(whole, text)}:
        for start in range(len(word)):
            for end in range(start + 1, min(len(word), start + longest) + 1):
                part = word[start:end]
                found |= {ids[piece] for piece in (part, *(mark + part for mark in MARKS)) if piece in ids}
    return found


def is_ours(piece: str) -> bool:
    """One letter or sign that French and English text may hold, alone or at its place in a word."""
    letter = piece
    for mark in MARKS:
        letter = letter.removeprefix(mark)
    if len(letter) > 1:
        return False
    if not letter or ord(letter) < 0x500:  # Latin, Greek, Cyrillic
        return True
    return ord(letter) < 0x2E80 and unicodedata.category(letter)[0] in "PSN"  # marks, signs, numbers


def chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    every = iter(texts)
    while some := list(islice(every, CHUNK)):
        yield some


def _parts(spec: Spec, kept: set[str]) -> set[int]:
    """Ids of all that the pieces `kept` are merged from."""
    made_of: dict[str, set[str]] = defaultdict(set)
    for left, right in merges(spec):
        made_of[left + right] |= {left, right}
    found, waiting = set(kept), list(kept)
    while waiting:
        new = made_of[waiting.pop()] - found
        found |= new
        waiting += new
    vocabulary = spec["model"]["vocab"]
    return {vocabulary[piece] for piece in found - kept}


def _words(whole: Tokenizer, text: str) -> list[str]:
    if whole.normalizer:
        text = whole.normalizer.normalize_str(text)
    return [word for word, _ in whole.pre_tokenizer.pre_tokenize_str(text)] if whole.pre_tokenizer else [text]
