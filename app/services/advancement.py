"""How far people are, without showing what anyone rated."""

import dataclasses
from datetime import datetime, tzinfo

import pandas as pd

from curation_db import access, queries
from curation_db.queries import Progress
from curation_db.store import Store
from pipeline.evaluate.people import Spread, spread


def people(store: Store, by: str, *, since: datetime | None = None) -> dict[str, Progress]:
    """Each person's counts in the current run; of others only how far they are, where `by` may not see figures."""
    access.require(store, by, "look")
    found = {name: queries.progress(store, name, since=since) for name in queries.people(store)}
    if access.may(store, by, "figures"):
        return found
    return {name: one if name == by else _how_far(one) for name, one in found.items()}


def _how_far(one: Progress) -> Progress:
    return dataclasses.replace(one, none=None, absent=None, flagged=None, skipped=None, seconds=None)


def ratings(store: Store, by: str, zone: tzinfo) -> pd.DataFrame:
    """One row a rating that stands: person, rating, day (in the zone), seconds."""
    access.require(store, by, "figures")
    table = queries.judgements(store).select(["person", "rating", "at", "seconds"]).to_pandas()
    table = table[table["rating"].notna()]
    return table.assign(day=table["at"].dt.tz_convert(zone).dt.date, rating=table["rating"].astype(int))


def by_day(ratings: pd.DataFrame) -> pd.DataFrame:
    """Columns day, person, count."""
    return ratings.groupby(["day", "person"]).size().reset_index(name="count")


def seconds(ratings: pd.DataFrame) -> dict[str, Spread]:
    """The time that a rating took, by person, of those whose times were kept."""
    every = {name: spread(rows.to_numpy(float)) for name, rows in ratings.groupby("person")["seconds"]}
    return {name: one for name, one in every.items() if one is not None}


def counts(store: Store, by: str) -> pd.DataFrame:
    """Columns encoder, rating, count: curated pairs at each rating, by encoder and for their merge;
    without those that have none."""
    access.require(store, by, "figures")
    table = queries.rating_counts(store).to_pandas()
    return table[table.groupby("encoder")["count"].transform("sum") > 0]
