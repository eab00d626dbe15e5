"""The review card as HTML: strings in, strings out. Every text of an entry or concept is escaped here."""

import re
from collections.abc import Callable, Iterable
from html import escape

from app.i18n import number
from app.services.concepts import View
from curation_db.queries import Entry, Evidence
from pipeline import compounds

Words = Callable[[str], str]


def entry(shown: Entry, t: Words) -> str:
    """The lexicon entry: term, explanation, rates, sources."""
    explanation = (
        f'<p class="explanation">{escape(shown.explanation)}</p>'
        if shown.explanation
        else f'<p class="absent">{escape(t("review.no_explanation"))}</p>'
    )
    facts = {
        "review.complexity": _rate(shown.complexity_rate, t),
        "review.comparison": _rate(shown.comparison_index, t),
        "review.simplification": _rate(shown.simplification_rate, t),
        "review.sources": shown.sources,
    }
    return (
        f'<div class="entry"><div class="eyebrow">{escape(t("review.entry"))}</div>'
        f'<h2 lang="fr">{escape(shown.term)}</h2>{_compound(shown.term, "fr", t)}{explanation}{_facts(facts, t)}</div>'
    )


def concept(view: View, t: Words, *, found: bool) -> str:
    """A concept: preferred names, types, definition, other names, codes."""
    head = escape(t("review.found" if found else "review.concept"))
    names = [name for name in (view.french, view.english) if name]
    title = names[0] if names else view.cui
    language: compounds.Language = "fr" if view.french else "en"
    lacking = t("review.no_french" if view.english else "review.no_english")
    second = (
        f'<div class="second" lang="en">{escape(names[1])}</div>'
        if len(names) > 1
        else f'<div class="second absent">{escape(lacking)}</div>'
    )
    types = "".join(f'<span class="type">{escape(name)}</span>' for name in view.types)
    return (
        f'<div class="concept"><div class="eyebrow">{head}<code>{escape(view.cui)}</code></div>'
        f'<h2 lang="{language}">{escape(title)}</h2>{_compound(title, language, t)}{second}'
        f'<div class="types">{types}</div>'
        f"{_definition(view, t)}</div>"
    )


def details(view: View, t: Words) -> str:
    """What is read less often: other names, sources with codes."""
    others = _list(view.others, 14)
    codes = _list((f"{source} {code}" for source, code in view.codes), 14)
    return f'<div class="details">{_facts({"review.others": others, "review.codes": codes}, t)}</div>'


def evidence(rows: Iterable[Evidence], language: str, t: Words) -> str:
    """Cosine, recalibrated score and rank of each encoder; a bar for the score."""
    lines = "".join(_evidence(row, language, t) for row in rows)
    head = "".join(f"<th>{escape(t(f'review.{name}'))}</th>" for name in ("encoder", "rank", "cosine", "score"))
    return f'<table class="evidence"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'


def keymap(rows: Iterable[tuple[tuple[str, ...], str]], title: str) -> str:
    """A table of keys and what each does."""
    lines = "".join(
        f"<tr><th scope=row>{''.join(f'<kbd>{escape(key)}</kbd>' for key in keys)}</th><td>{escape(words)}</td></tr>"
        for keys, words in rows
    )
    return f'<table class="keymap"><caption>{escape(title)}</caption><tbody>{lines}</tbody></table>'


def veiled(t: Words) -> str:
    """In the evidence's place, while it is hidden."""
    return f'<p class="veiled">{escape(t("review.veiled"))}</p>'


def facts(shown: dict[str, str], wide: Iterable[str] = ()) -> str:
    """Label -> text in a grid, the label above; those in `wide` take two places. What is empty is left out."""
    lines = "".join(
        f"<div{' class=wide' if label in wide else ''}><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>"
        for label, text in shown.items()
        if text
    )
    return f'<dl class="facts">{lines}</dl>'


def _evidence(row: Evidence, language: str, t: Words) -> str:
    def shown(value: float | None) -> str:
        return "–" if value is None else number(language, float(value), 3)

    width = max(0.0, min(1.0, row.score or 0.0)) * 100
    rank = (
        f"{row.rank}"
        if row.rank is not None
        else f'<span class="absent">{escape(t("review.not_proposed"))}</span>'
    )
    bar = f'<span class="bar"><i style="width:{width:.0f}%"></i></span>'
    return (
        f"<tr><td>{escape(row.encoder)}</td><td>{rank}</td><td>{shown(row.cosine)}</td>"
        f"<td>{bar}{shown(row.score)}</td></tr>"
    )


def _rate(text: str, t: Words) -> str:
    """A decimal number as the language writes it; whatever else the lexicon says stays."""
    return re.sub(r"^(\d+)[.,](\d+)$", rf"\g<1>{t('number.separators')[0]}\g<2>", text)


def _compound(name: str, language: compounds.Language, t: Words) -> str:
    """How a compound's name is made, in the name's own language. The line is there for other names, too, empty: what
    stands below it stays where it is from card to card."""
    said = compounds.explanation(name, language) or ""
    title = f' title="{escape(t("review.compound"))}{escape(said)}"' if said else ""
    return f'<p class="compound" lang="{language}"{title}>{escape(said)}</p>'


def _definition(view: View, t: Words) -> str:
    if not view.definitions:
        return f'<p class="absent">{escape(t("review.no_definition"))}</p>'
    source, text = view.definitions[0]
    return f'<p class="definition">{escape(text)} <cite>{escape(source)}</cite></p>'


def _facts(facts: dict[str, str], t: Words) -> str:
    lines = "".join(f"<dt>{escape(t(key))}</dt><dd>{escape(text)}</dd>" for key, text in facts.items() if text)
    return f"<dl>{lines}</dl>" if lines else ""


def _list(texts: Iterable[str], most: int) -> str:
    every = list(dict.fromkeys(texts))
    return " · ".join(every[:most]) + (f" · … (+{len(every) - most})" if len(every) > most else "")
