"""Energy of encoding, by codecarbon: from the CPU's own meter where it can be read, else an estimate that says so."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipeline.encoders.encoder import FolderEncoder
from pipeline.errors import EncoderError
from pipeline.extras import INSTALL

SECONDS = 10.0
METERS = ("intel_rapl", "intel_power_gadget", "windows_emi", "AppleSiliconChip")
"""codecarbon's modes, and a class, that read what the CPU says it used."""


@dataclass(frozen=True)
class Energy:
    """Of 1,000 texts: watt hours, grams of CO2 equivalent by the electricity of `country` (ISO 3166-1, three
    letters). `estimated`: no meter could be read; `how` says what was assumed. Measured over `seconds`."""

    watt_hours: float
    grams: float
    country: str
    estimated: bool
    how: str
    seconds: float


def energy(
    encoder: FolderEncoder, texts: Sequence[str], *, country: str = "FRA", seconds: float = SECONDS
) -> Energy:
    """While `encoder` encodes `texts` again and again for about `seconds`; nothing is sent or written anywhere.

    Raises EncoderError where codecarbon is not installed or does not know the country.
    """
    with _tracker(country) as tracker:
        encoder.encode(texts[:16])
        tracker.start()
        start, done = time.perf_counter(), 0
        while (took := time.perf_counter() - start) < seconds:
            encoder.encode(texts)
            done += len(texts)
        tracker.stop()
    data = getattr(tracker, "final_emissions_data", None)  # it keeps its own errors to itself
    if data is None:
        raise EncoderError(
            "codecarbon measured nothing here, expected energy and CO2; run `codecarbon detect` to see why, or take "
            "--no-energy"
        )
    estimated, how = _how(tracker, data)
    thousand = 1000 / done
    return Energy(
        1000 * data.energy_consumed * thousand, 1000 * data.emissions * thousand, country, estimated, how, took
    )


@contextmanager
def _tracker(country: str) -> Iterator[Any]:
    try:
        from codecarbon import OfflineEmissionsTracker
        from codecarbon.input import DataSource
    except ModuleNotFoundError as error:
        raise EncoderError(
            f"{error.name} is not installed, expected the extra `energy`; run {INSTALL}, or take --no-energy"
        ) from error
    if country not in DataSource().get_global_energy_mix_data():
        raise EncoderError(f"country {country!r}: not known to codecarbon, expected three letters, as FRA")
    logger = logging.getLogger("codecarbon")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)  # it talks before it reads its own log_level
    try:
        yield OfflineEmissionsTracker(
            country_iso_code=country,
            tracking_mode="process",
            measure_power_secs=1,
            output_methods=[],
            allow_multiple_runs=True,
            log_level="critical",
        )
    finally:
        logger.setLevel(before)


def _how(tracker: Any, data: Any) -> tuple[bool, str]:
    """(whether it is an estimate, in words)."""
    parts = tracker._hardware  # codecarbon tells nowhere else what it measures with
    if meter := [name for part in parts if (name := getattr(part, "_mode", type(part).__name__)) in METERS]:
        return False, f"read from the CPU ({meter[0]}), of the whole machine; memory estimated"
    watts = next((part._tdp for part in parts if getattr(part, "_tdp", None)), None)
    cpu = (
        f"{watts:g} W for {data.cpu_model or 'this CPU'} at full load" if watts else "nothing of this CPU's power"
    )
    return True, (
        f"ESTIMATE: no meter of the CPU can be read here; codecarbon {data.codecarbon_version} assumes {cpu}, times "
        f"this process's share of it, and {data.ram_power:.1f} W for memory"
    )
