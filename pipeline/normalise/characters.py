"""The steps that read a text as characters. Each takes away what sets it off, so that none acts twice."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from pipeline.normalise.rules import Rules

Step = tuple[str, Callable[[str], str]]

GREEK_NAMES = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu"),
    *("xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", GREEK_NAMES, strict=True))
APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ‘´`＇", "'"))
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff™®©℠]")
NUMERO = re.compile(r"№|\b[nN][º°]")  # before NFKC, which writes "No": an English negation
MICRO = re.compile(r"(?<![^\W\d_])(?:μ|mc)(?=(?:g|l|m|mol|s|v|a|gy|sv|kat|u[il]|ui|iu)\b)")
GREEK_ALONE = re.compile("(?<![\u0370-\u03ff\u1f00-\u1fff])([α-ω])(?![\u0370-\u03ff\u1f00-\u1fff])")
PLUS = re.compile(r"(?<=[^\W_])\++(?!\w)")
MINUS = re.compile(
    r"(?<=[^\W_])\u2212(?!\w)"
)  # the true minus only: a hyphen at the end is "pré- et post-opératoire"
CODE = re.compile(r"\b([A-Za-z]|[A-Z]{2,3})-(?=\d)")


class _Alphanumerics(dict):
    """For str.translate: letters, digits and their accents stay, anything else becomes a space."""

    def __missing__(self, code: int) -> int:
        # marks (M) are letters' accents in Hindi, Thai or decomposed text: `isalnum` would cut words there
        self[code] = code if unicodedata.category(chr(code))[0] in "LNM" else 0x20
        return self[code]


ALPHANUMERICS = _Alphanumerics()


@lru_cache
def steps(rules: Rules) -> tuple[Step, ...]:
    """The named steps of these rules, in their order; each gives the same text back where it has nothing to do."""
    every = {
        "unicode": _unicode(rules),
        "elision": _elision(rules),
        "signs": _signs(rules),
        "codes": lambda text: CODE.sub(r"\1", text) if "-" in text else text,
        "case": _lower,
        "ligatures": lambda text: text if text.isascii() else _nfkc(without_ligatures(text)),
        "units": lambda text: MICRO.sub("u", text),
        "greek": _greek,
        "punctuation": lambda text: " ".join(text.translate(ALPHANUMERICS).split()),
    }
    return tuple((name, step) for name, step in every.items() if name == "unicode" or name in rules.steps)


def without_ligatures(text: str) -> str:
    return text.replace("œ", "oe").replace("æ", "ae").replace("Œ", "Oe").replace("Æ", "Ae")


def _nfkc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _lower(text: str) -> str:
    """Lower case whose NFKC is itself: some letters need two rounds."""
    while (lower := _nfkc(text.lower())) != text:
        text = lower
    return text


def _unicode(rules: Rules) -> Callable[[str], str]:
    numero = f" {dict(rules.signs).get('n°', 'n')} "

    def step(text: str) -> str:
        if text.isascii():
            return " ".join(text.split())
        text = INVISIBLE.sub("", NUMERO.sub(numero, text))
        return " ".join(_nfkc(text).translate(APOSTROPHES).split())

    return step


def _elision(rules: Rules) -> Callable[[str], str]:
    before = dict(rules.elisions)
    words = "|".join(sorted(before, key=len, reverse=True))
    pattern = re.compile(rf"(?<![^\W_])({words})'\s?(?=\w)", re.IGNORECASE) if words else None

    def step(text: str) -> str:
        if "'" not in text:
            return text
        for written, meant in rules.contractions:
            text = re.sub(rf"{re.escape(written)}\b", meant, text, flags=re.IGNORECASE)
        return pattern.sub(lambda match: before[match[1].lower()], text) if pattern else text

    return step


def _signs(rules: Rules) -> Callable[[str], str]:
    words = dict(rules.signs)

    def step(text: str) -> str:
        if "+" in text:
            text = PLUS.sub(f" {words['+']} ", text)
        if "\u2212" in text:
            text = MINUS.sub(f" {words['-']} ", text)
        if "°" in text:
            text = re.sub("° ?([cCfF])\\b", lambda match: f" {words['°' + match[1].lower()]} ", text)
            text = text.replace("°", f" {words['°']} ")
        return text.replace("%", f" {words['%']} ")

    return step


def _greek(text: str) -> str:
    """A Greek letter by itself by its name, apart from its neighbours; words of Greek stay."""
    return text if text.isascii() else GREEK_ALONE.sub(lambda match: f" {GREEK[match[1]]} ", text)
