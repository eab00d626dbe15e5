"""One case as it is read: the pair, its evidence, and what everybody said."""

from collections.abc import Sequence

import streamlit as st

from app import markup, session, voices
from app.screens import discussion, history
from app.services import concepts, reasons
from app.services.adjudication import Sight
from app.session import n, t
from curation_db.adjudication.cases import Case


def line(case: Case) -> str:
    """A case in the list: its ratings, term and concept."""
    said = " ".join(map(str, case.ratings)) or "–"
    mark = f":gray-badge[{said}]" if case.decided is None else f":blue-badge[{case.decided}] :gray[{said}]"
    flag = " :material/flag:" if "flagged" in case.why else ""
    name = session.plain(case.name or case.place.cui)
    return f"{mark} {session.plain(case.term)} :gray[→ {name}]{flag}"


def pair(sight: Sight) -> None:
    """Entry, concept and what the encoders say, as on the review card."""
    card = sight.card
    view = concepts.view(session.terminology(), card.place.cui) or concepts.unknown(card)
    st.html(markup.entry(card.entry, t))
    st.html(markup.concept(view, t, found=card.index is None))
    if card.index is not None:
        st.html(markup.evidence(card.candidates[card.index].evidence, session.language(), t))
    with st.expander(t("adjudication.details")):
        st.html(markup.details(view, t))


def said(sight: Sight, docket: Sequence[Case]) -> None:
    """Everybody's judgement side by side, then decisions, discussion and history."""
    heard = sight.heard
    case = next((one for one in docket if one.place == heard.place), None)
    for doubt in case.doubts if case else ():
        st.warning(t(f"adjudication.doubt_{doubt}"))
    _heading("adjudication.judgements")
    if case and case.why:
        st.caption(" · ".join(t(f"adjudication.why_{one}") for one in case.why))
    if heard.sides:
        st.html(voices.sides(heard.sides, t, session.when, lambda value: n(value, 1), _reason))
    else:
        st.caption(t("adjudication.nobody"))
    if heard.verdicts:
        st.html(voices.verdicts(heard.verdicts, t, session.when))
    if heard.past:
        _heading("adjudication.decisions")
        st.html(voices.decisions(heard.past, t, session.when))
    discussion.thread(heard.place)
    with st.expander(t("history.title")):
        history.timeline(heard.place.entry_id)


def _reason(name: str) -> str:
    return reasons.words(reasons.agreed(session.store()), name, session.language())


def _heading(key: str) -> None:
    st.html(f'<div class="eyebrow">{t(key)}</div>')
