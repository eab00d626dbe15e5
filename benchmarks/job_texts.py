"""Texts of a chosen number of tokens for the job: runs of words of real strings, joined."""

import random
from collections.abc import Sequence
from itertools import accumulate

from tokenizers import Tokenizer


class TextMaker:
    """Distinct texts of words of `sources`, the same for the same seed.

    The tokenizer must cut word by word (a WordPiece): then a text has the tokens of its words, the two at its ends
    beside.
    """

    def __init__(self, sources: Sequence[str], tokenizer: Tokenizer, *, seed: int) -> None:
        self._chance = random.Random(seed)
        phrases = [text.split() for text in sources]
        words = sorted({word for phrase in phrases for word in phrase})
        encoded = tokenizer.encode_batch_fast(words, add_special_tokens=False)
        self._tokens = {word: len(one.ids) for word, one in zip(words, encoded, strict=True)}
        self._phrases = [phrase for phrase in phrases if phrase]
        self._short = [word for word, tokens in self._tokens.items() if tokens == 1]
        self._ends = tokenizer.num_special_tokens_to_add(False)

    def distinct(self, count: int, least: int, most: int) -> list[str]:
        """`count` texts of `least` to `most` tokens, both included, every length as likely."""
        found: dict[str, None] = {}
        while len(found) < count:
            found[" ".join(self._words(self._chance.randint(least, most) - self._ends))] = None
        return list(found)

    def repeat(self, texts: Sequence[str], share: float) -> list[str]:
        """`texts` and copies of some, shuffled: `share` of the whole is copies."""
        copies = round(len(texts) * share / (1 - share))
        every = [*texts, *self._chance.choices(texts, k=copies)]
        self._chance.shuffle(every)
        return every

    def _words(self, tokens: int) -> list[str]:
        """Words of exactly `tokens` tokens: phrase after phrase, a short word where the next does not fit."""
        words: list[str] = []
        while tokens:
            fitting = self._fitting(self._chance.choice(self._phrases), tokens)
            words += fitting
            tokens -= sum(self._tokens[word] for word in fitting)
        return words

    def _fitting(self, phrase: Sequence[str], tokens: int) -> list[str]:
        """The phrase's first words that have no more than `tokens`, or one short word where the first has more."""
        sums = accumulate(self._tokens[word] for word in phrase)
        count = sum(1 for total in sums if total <= tokens)
        return list(phrase[:count]) or [self._chance.choice(self._short)]
