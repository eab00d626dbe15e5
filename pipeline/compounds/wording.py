"""What a word says, by the patterns that fit its formants."""

from collections.abc import Iterator, Sequence
from itertools import product

from pipeline.compounds.grammar import fill
from pipeline.compounds.tables import Formant, Language, patterns

WIDER = {"parts": "organ", "gland": "organ"}
JOINED = frozenset(
    "ite pathie ectomie plastie scopie megalie malacie algie fibrose sclerose lithiase tomie paresie".split()  # noqa: SIM905
)
"""Suffixes that say the same of each of two organs: gastro-entér-ite."""

WITH = {"fr": "avec {}", "en": "with {}"}


def wordings(formants: Sequence[Formant | None], language: Language) -> tuple[str, ...]:
    """Everyday wordings of a word of these formants, best first; none where no pattern fits.

    An adjective without a pattern of its own takes its noun's: hyponatrémique is "avec" what hyponatrémie says.
    """
    read = [formant for formant in formants if formant]
    if not read or len(read) < len(formants) or read[-1].kind != "suffix":
        return ()
    suffix = read[-1]
    names = _names(suffix)
    if found := _found(read[:-1], suffix, names, language):
        return found
    base = _base(suffix)
    found = _found(read[:-1], suffix, (base,), language) if base else ()
    return tuple(WITH[language].format(one) for one in found)


def _found(
    before: Sequence[Formant], suffix: Formant, names: tuple[str, ...], language: Language
) -> tuple[str, ...]:
    prefixes = [one for one in before if one.kind == "prefix"]
    roots = [one for one in before if one.kind == "root"]
    prefix = prefixes[0].name if prefixes else ""
    if len(prefixes) > 1 or len(roots) > 2 or (len(roots) == 2 and not _both(prefix, roots, names)):
        return ()
    shared = ("@organ",) if len(roots) == 2 else _names(roots[0]) if roots else ("",)
    nouns = roots or ([suffix] if suffix.noun else [])
    return _first(((prefix, root, name) for root, name in product(shared, names)), nouns, language)


def _first(keys: Iterator[tuple[str, str, str]], nouns: Sequence[Formant], language: Language) -> tuple[str, ...]:
    """The wordings of the first key that has a pattern: keys come most specific first."""
    table = patterns(language)
    for key in keys:
        if key in table:
            return tuple(fill(template, nouns, language) for template in table[key])
    return ()


def _both(prefix: str, roots: Sequence[Formant], names: tuple[str, ...]) -> bool:
    organs = all(WIDER.get(root.group, root.group) == "organ" for root in roots)
    return organs and not prefix and names[0] in JOINED


def _names(formant: Formant) -> tuple[str, ...]:
    """What patterns may call it, most specific first."""
    wider = (f"@{WIDER[formant.group]}",) if formant.group in WIDER else ()
    return (formant.name, f"@{formant.group}", *wider)


def _base(suffix: Formant) -> str:
    """The noun's suffix that an adjective's stands for: -émique is -émie, -ique (microcéphalique) is -ie."""
    if suffix.group.startswith("="):
        return suffix.group[1:]
    return "ie" if suffix.group == "adjective" else ""
