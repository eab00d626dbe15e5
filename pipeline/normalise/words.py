"""The steps that read a text as words: ordinals, stop words, lemmas."""

import re
from collections.abc import Callable, Sequence

import simplemma

from pipeline.errors import InputError
from pipeline.normalise.characters import without_ligatures
from pipeline.normalise.rules import Rules

PRESENT = re.compile(r"(\w{3,}[ae]nt)(?:s|es)")  # bloquants, descendantes
Lemmatise = Callable[[str], str]


class Words:
    """Words to lemmas, each looked up once. A lemma's lemma is itself, whatever the lemmatiser says."""

    def __init__(self, rules: Rules, lemmatise: Lemmatise | None = None) -> None:
        self._rules = rules
        self._stop = rules.stop_words
        self._lemmatise = lemmatise or (lambda word: simplemma.lemmatize(word, lang=rules.language))
        self._ordinal = re.compile(rules.ordinal) if rules.ordinal and "ordinals" in rules.steps else None
        self._exceptions = rules.lemmas
        self._lemmas: dict[str, str] = {}
        self._ordinals: dict[str, str] = {}

    def ordinals(self, words: list[str]) -> list[str]:
        """1er, 2nde, 4ième and 5ème as 1e, 2e, 4e, 5e."""
        return [self._ordinals[word] if word in self._ordinals else self._as_ordinal(word) for word in words]

    def content(self, words: list[str]) -> list[str]:
        """The words that carry meaning; all of them where none does."""
        kept: list[str] = []
        dropped = True  # whether the word before was dropped; an article can open a text, too
        for place, word in enumerate(words, 1):
            article = word in self._rules.articles and dropped and place < len(words)
            dropped = word in self._stop or article
            if not dropped:
                kept.append(word)
        return kept or words

    def lemmas(self, words: list[str]) -> list[str]:
        return [self._lemmas[word] if word in self._lemmas else self._settled(word) for word in words]

    def _as_ordinal(self, word: str) -> str:
        match = self._ordinal.fullmatch(word) if self._ordinal and word[0].isdecimal() else None
        self._ordinals[word] = f"{match[1]}e" if match else word
        return self._ordinals[word]

    def _settled(self, word: str) -> str:
        """The end of the chain of lemmas; of a ring (a's lemma b, b's a) its first word in the alphabet."""
        chain = [word]
        while (lemma := self._lemma(chain[-1])) not in chain:
            chain.append(lemma)
        self._lemmas[word] = min(chain[chain.index(lemma) :])
        return self._lemmas[word]

    def _lemma(self, word: str) -> str:
        if word in self._exceptions:
            return self._exceptions[word]
        if len(word) <= self._rules.kept_lemmas or not word.isalpha() or word in self._stop:
            return word
        if word.endswith(self._rules.participles):
            return word
        lemma = self._lemmatise(word).lower()
        if "ligatures" in self._rules.steps:
            lemma = without_ligatures(lemma)
        # fusing a word with a stop word would drop it the next time; a lemma of two words, or none, is no lemma
        if self._rules.language == "fr":
            lemma = _nominal(word, lemma)
        return lemma if lemma.isalpha() and lemma not in self._stop and len(lemma) > 1 else word


def _nominal(word: str, lemma: str) -> str:
    """Terms are noun phrases: one read as a verb (veines, veiner) is its singular or its masculine participle."""
    present = PRESENT.fullmatch(word)
    verb = lemma != word and lemma.endswith(("er", "ir"))
    if present and (verb or word.endswith("nts")):
        return present[1]
    if not verb or not word.endswith(("e", "é", "i", "s")):
        return lemma
    participle = lemma[:-2] + "é" if lemma.endswith("er") else lemma[:-1]
    if word.removeprefix(participle) in ("", "e", "s", "es"):
        return participle
    return word.removesuffix("s") if word.endswith("es") else word


def spacy_lemmas(model: str) -> Lemmatise:
    """The lemmas of a spaCy pipeline that the user has, such as a scispaCy model's name or folder; word by word.

    Raises InputError where spaCy or the model is missing: Lexalign fetches neither.
    """
    try:
        import spacy
    except ImportError as error:
        raise InputError(
            f"lemmas of {model}: spaCy is not installed; install it, or use the default lemmas"
        ) from error
    try:
        pipeline = spacy.load(model, exclude=["ner", "parser"])
    except (OSError, ValueError) as error:
        raise InputError(
            f"{model}: not a spaCy model on this machine ({error}); give the folder of a scispaCy model that you "
            "downloaded from its authors"
        ) from error

    def lemmatise(word: str) -> str:
        lemmas: Sequence[str] = [token.lemma_ for token in pipeline(word)]
        return lemmas[0] if len(lemmas) == 1 and lemmas[0] else word

    return lemmatise
