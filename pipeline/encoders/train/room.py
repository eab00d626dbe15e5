"""Memory and disk, as plans tell them."""

import resource
import shutil
import sys
from pathlib import Path

from pipeline.errors import EncoderError


def peak_mb() -> int:
    """Of this process, until now."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3))


def check_room(folder: Path, disk_mb: int) -> None:
    """`folder` need not be there. Raises EncoderError where its disk has not the room."""
    there = next(place for place in (folder, *folder.resolve().parents) if place.exists())
    free = shutil.disk_usage(there).free / 1e6
    if free < disk_mb:
        raise EncoderError(
            f"{folder}: {free:,.0f} MB free, expected {disk_mb:,}; make room or name another --folder"
        )
