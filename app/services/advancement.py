"""How far people are, without showing what anyone rated."""

from datetime import datetime, tzinfo

import pandas as pd

from curation_db import access, queries
from curation_db.queries import Progress
from curation_db.store import Store


def people(store: Store, by: str, *, since: datetime | None = None) -> dict[str, Progress]:
    """Each person's counts in the current run."""
    access.require(store, by, "look")
    return {name: queries.progress(store, name, since=since) for name in queries.people(store)}


def ratings(store: Store, by: str, zone: tzinfo) -> pd.DataFrame:
    """One row a rating that stands: person, rating, day (in the zone), seconds."""
    access.require(store, by, "figures")
    table = queries.judgements(store).select(["person", "rating", "at", "seconds"]).to_pandas()
    table = table[table["rating"].notna()]
    return table.assign(day=table["at"].dt.tz_convert(zone).dt.date, rating=table["rating"].astype(int))


def by_day(ratings: pd.DataFrame) -> pd.DataFrame:
    """Columns day, person, count."""
    return ratings.groupby(["day", "person"]).size().reset_index(name="count")


def counts(store: Store, by: str) -> pd.DataFrame:
    """Columns encoder, rating, count: curated pairs at each rating, by encoder and for their merge."""
    access.require(store, by, "figures")
    return queries.rating_counts(store).to_pandas()
