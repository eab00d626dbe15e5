"""What people said of a pair, as HTML: strings in, strings out. Every word of a person is escaped here."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from html import escape

from curation_db.adjudication.discussion import Word
from curation_db.adjudication.hearing import Side, Verdict
from curation_db.ledger import Event

Words = Callable[..., str]
Shown = Callable[[datetime], str]
Number = Callable[[float], str]
Reason = Callable[[str], str]
"""The words of a reason, by the name that a rating keeps."""


def sides(rows: Iterable[Side], t: Words, when: Shown, number: Number, reason: Reason) -> str:
    """One line a rater: rating, name, relation, reason; under it the comment, and how and when it was given."""
    return _list(_side(row, t, when, number, reason) for row in rows)


def verdicts(rows: Iterable[Verdict], t: Words, when: Shown) -> str:
    return _list(
        _voice("∅", row.person, [t(f"adjudication.verdict_{row.verdict}")], row.comment, [when(row.at)])
        for row in rows
    )


def decisions(rows: Sequence[Event], t: Words, when: Shown) -> str:
    """Decisions and reopenings, the latest first; those that were undone struck out."""
    return _list(_decision(row, t, when) for row in reversed(rows))


def words(rows: Iterable[Word], when: Shown) -> str:
    return _list(_voice(None, row.person, [], row.text, [when(row.at)]) for row in rows)


def events(rows: Iterable[Event], names: dict[str, str], t: Words, when: Shown, number: Number) -> str:
    """A timeline: what each did, of which concept, what was shown, and whether it was undone."""
    return _list(_event(row, names, t, when, number) for row in rows)


def _side(row: Side, t: Words, when: Shown, number: Number, reason: Reason) -> str:
    marks = [t(f"judging.{row.relation}") if row.relation else "", reason(row.reason) if row.reason else ""]
    marks += [t("adjudication.flagged")] if row.flagged else []
    how = [when(row.at), _blind(row.blind, t), t("adjudication.found") if row.origin == "search" else ""]
    how += [f"{number(row.seconds)} s"] if row.seconds is not None else []
    return _voice("–" if row.rating is None else str(row.rating), row.person, marks, row.comment, how)


def _decision(row: Event, t: Words, when: Shown) -> str:
    marks = [t(f"adjudication.did_{row.kind}"), t(f"judging.{row.relation}") if row.relation else ""]
    mark = "↺" if row.rating is None else str(row.rating)
    return _voice(mark, row.person or "", marks, row.text or "", [when(row.at)], undone=row.undone)


def _event(row: Event, names: dict[str, str], t: Words, when: Shown, number: Number) -> str:
    mark = "" if row.rating is None else str(row.rating)
    marks = [t(f"history.{row.kind}") if row.kind != "flag" or row.flagged else t("history.unflag")]
    marks += [names.get(row.cui, row.cui)] if row.cui else []
    marks += [t(f"judging.{row.relation}")] if row.relation else []
    how = [when(row.at), _blind(row.blind, t), " + ".join(row.encoders or ())]
    how += [t("history.rank", rank=row.rank)] if row.rank is not None else []
    how += [t("history.score", score=number(row.score))] if row.score is not None else []
    how += [f"{number(row.seconds)} s"] if row.seconds is not None else []
    said = "" if row.kind == "person" else row.text or ""
    return _voice(mark, row.person or "", marks, said, how, undone=row.undone)


def _blind(blind: bool | None, t: Words) -> str:
    return "" if blind is None else t("adjudication.blind" if blind else "adjudication.not_blind")


def _voice(
    mark: str | None, person: str, marks: Iterable[str], text: str, how: Iterable[str], *, undone: bool = False
) -> str:
    said = f'<p class="said">{escape(text)}</p>' if text else ""
    head = " · ".join(escape(one) for one in marks if one)
    number = "" if mark is None else f'<b class="mark{"" if mark else " none"}">{escape(mark)}</b>'
    return (
        f"<li{' class=undone' if undone else ''}>{number}"
        f'<div><div class="who"><strong>{escape(person)}</strong> {head}</div>{said}'
        f'<div class="how">{" · ".join(escape(one) for one in how if one)}</div></div></li>'
    )


def _list(items: Iterable[str]) -> str:
    return f'<ul class="voices">{"".join(items)}</ul>'
