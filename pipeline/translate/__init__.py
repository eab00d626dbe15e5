"""Translation owned by the user: opt-in, shown before anything is sent, kept for ever."""

from pipeline.translate.catalogue import make, names
from pipeline.translate.memory import TRANSLATIONS, Memory, Row
from pipeline.translate.run import Failure, Patience, Preview, Report, preview, translate_missing

__all__ = [
    "TRANSLATIONS",
    "Failure",
    "Memory",
    "Patience",
    "Preview",
    "Report",
    "Row",
    "make",
    "names",
    "preview",
    "translate_missing",
]
