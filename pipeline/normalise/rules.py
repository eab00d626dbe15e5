"""The rules of normalisation as data: one preset a language, each step of which can be switched off."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import InputError

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "stopwords"

STEPS = (
    "elision",
    "signs",
    "codes",
    "case",
    "ligatures",
    "units",
    "greek",
    "punctuation",
    "ordinals",
    "stop-words",
    "lemma",
)
"""What can be switched off, in the order in which it is done; "unicode" (NFKC) always is."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """`steps`: those of STEPS that are done; `elisions`: what stands before an apostrophe, and what replaces it;
    `signs`: the word for each sign that means something; `articles`: single letters that can be an article;
    `participles`: endings of words that stay as they are, for in a term they are nouns or adjectives."""

    language: str
    steps: frozenset[str] = frozenset(STEPS)
    elisions: tuple[tuple[str, str], ...] = ()
    contractions: tuple[tuple[str, str], ...] = ()
    signs: tuple[tuple[str, str], ...] = ()
    ordinal: str = ""
    articles: frozenset[str] = frozenset()
    participles: tuple[str, ...] = ()
    kept_lemmas: int = 3  # words of so many letters or fewer are mostly acronyms: HTA, AVC, IRM

    def __post_init__(self) -> None:
        if unknown := sorted(self.steps - set(STEPS)):
            raise InputError(f"rules: no step {', '.join(unknown)}; expected some of {', '.join(STEPS)}")

    def without(self, *steps: str) -> "Rules":
        """The same rules, less some steps. Raises InputError for a step that is not in STEPS."""
        if unknown := sorted(set(steps) - set(STEPS)):
            raise InputError(f"rules: no step {', '.join(unknown)}; expected some of {', '.join(STEPS)}")
        return Rules(**{**vars(self), "steps": self.steps - set(steps)})

    @property
    def stop_words(self) -> frozenset[str]:
        return _stop_words(self.language) if "stop-words" in self.steps else frozenset()

    @property
    def lemmas(self) -> dict[str, str]:
        """The words whose lemma is laid down, for simplemma is wrong about them."""
        return _lemmas(self.language)


FRENCH = Rules(
    language="fr",
    elisions=(
        *((letter, "") for letter in "ldcsmtj"),
        ("n", "ne "),  # half of a negation: n'est pas
        *((word, "") for word in ("qu", "jusqu", "lorsqu", "puisqu", "quoiqu")),
    ),
    signs=(
        ("%", "pourcent"),
        ("°c", "celsius"),
        ("°f", "fahrenheit"),
        ("n°", "numéro"),
        ("°", "degré"),
        ("+", "positif"),
        ("-", "négatif"),
    ),
    ordinal=r"(\d+)(?:ers?|[èe]res?|res?|i?[èe]mes?|es?|nd?e?s?|des?)",
)
ENGLISH = Rules(
    language="en",
    contractions=(
        ("won't", "will not"),
        ("shan't", "shall not"),
        ("can't", "can not"),
        ("n't", " not"),
        ("'s", ""),
    ),
    signs=(
        ("%", "percent"),
        ("°c", "celsius"),
        ("°f", "fahrenheit"),
        ("n°", "number"),
        ("°", "degree"),
        ("+", "positive"),
        ("-", "negative"),
    ),
    articles=frozenset("a"),
    participles=("ing", "ed"),
)


@lru_cache
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(line for line in _lines(f"{language}.txt"))


@lru_cache
def _lemmas(language: str) -> dict[str, str]:
    return dict(line.split("\t") for line in _lines(f"lemmas_{language}.tsv"))


def _lines(name: str) -> list[str]:
    try:
        lines = (ASSETS / name).read_text(encoding="utf8").splitlines()
    except FileNotFoundError:
        raise InputError(f"{ASSETS / name}: not there, expected a list of words; install Lexalign again") from None
    return [line for line in lines if line and not line.startswith("#")]
