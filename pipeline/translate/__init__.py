"""Translation owned by the user: opt-in, shown before anything is sent, kept for ever."""

from pipeline.translate.catalogue import make, names
from pipeline.translate.final import Change, changed, content, stale, translated
from pipeline.translate.memory import TRANSLATIONS, Memory, Row
from pipeline.translate.run import Failure, Patience, Preview, Report, preview, translate_missing
from pipeline.translate.umls import EnglishOfConcepts, english_of_concepts

__all__ = [
    "TRANSLATIONS",
    "Change",
    "EnglishOfConcepts",
    "Failure",
    "Memory",
    "Patience",
    "Preview",
    "Report",
    "Row",
    "changed",
    "content",
    "english_of_concepts",
    "make",
    "names",
    "preview",
    "stale",
    "translate_missing",
    "translated",
]
