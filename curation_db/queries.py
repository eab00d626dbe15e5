"""What can be asked of the store. Each query takes a cursor of its own and returns frozen rows or Arrow tables."""

from curation_db.figures.overview import (
    EntryLine,
    EntryPage,
    Progress,
    RunInfo,
    current_run,
    entries,
    people,
    progress,
)
from curation_db.figures.reports import (
    Said,
    curated,
    decisions,
    events,
    judgements,
    rating_counts,
    said,
    scores,
    verdicts,
)
from curation_db.judging.cards import Added, Candidate, Card, Entry, Evidence, card
from curation_db.ledger import Event
from curation_db.people.advance import Advance, advance
from curation_db.queues.filters import EVERYTHING, Filters
from curation_db.queues.order import Place, Queue, counts, next_card, previous_card

__all__ = [
    "EVERYTHING",
    "Added",
    "Advance",
    "Candidate",
    "Card",
    "Entry",
    "EntryLine",
    "EntryPage",
    "Event",
    "Evidence",
    "Filters",
    "Place",
    "Progress",
    "Queue",
    "RunInfo",
    "Said",
    "advance",
    "card",
    "counts",
    "curated",
    "current_run",
    "decisions",
    "entries",
    "events",
    "judgements",
    "next_card",
    "people",
    "previous_card",
    "progress",
    "rating_counts",
    "said",
    "scores",
    "verdicts",
]
