"""What can be asked of the store. Each query takes a cursor of its own and returns frozen rows or Arrow tables."""

from curation_db.advance import Advance, advance
from curation_db.cards import Added, Candidate, Card, Entry, Evidence, card
from curation_db.ledger import Event
from curation_db.overview import EntryLine, EntryPage, Progress, RunInfo, current_run, entries, people, progress
from curation_db.queue_filters import EVERYTHING, Filters
from curation_db.queues import Place, Queue, counts, next_card, previous_card
from curation_db.reports import Said, curated, decisions, events, judgements, rating_counts, said, scores, verdicts

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
