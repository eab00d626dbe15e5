"""What can be asked of the store. Each query takes a cursor of its own and returns frozen rows or Arrow tables."""

from curation_db.cards import Added, Candidate, Card, Entry, Evidence, card
from curation_db.ledger import Event
from curation_db.overview import EntryLine, EntryPage, Progress, RunInfo, current_run, entries, people, progress
from curation_db.queues import Place, Queue, next_card, previous_card
from curation_db.reports import curated, events, judgements, rating_counts, scores, verdicts

__all__ = [
    "Added",
    "Candidate",
    "Card",
    "Entry",
    "EntryLine",
    "EntryPage",
    "Event",
    "Evidence",
    "Place",
    "Progress",
    "Queue",
    "RunInfo",
    "card",
    "curated",
    "current_run",
    "entries",
    "events",
    "judgements",
    "next_card",
    "people",
    "previous_card",
    "progress",
    "rating_counts",
    "scores",
    "verdicts",
]
