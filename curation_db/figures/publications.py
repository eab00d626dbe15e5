"""The published mappings, as the ledger has them: number, who, when, and the digest that vouches for the bytes."""

import dataclasses
import uuid
from datetime import UTC, datetime

from curation_db import access, ledger
from curation_db.store import Store
from pipeline.errors import Refused


@dataclasses.dataclass(frozen=True)
class Publication:
    """`sha256` is of its manifest, which has every file's own."""

    number: int
    person: str
    at: datetime
    sha256: str


def published(store: Store) -> tuple[Publication, ...]:
    """The newest first."""
    with store.cursor() as cursor:
        rows = cursor.execute(
            "SELECT target, person, at_utc, text FROM event WHERE kind = 'publish' ORDER BY event_id DESC"
        ).fetchall()
    return tuple(Publication(int(number), who, at.replace(tzinfo=UTC), sha) for number, who, at, sha in rows)


def record(store: Store, by: str, number: int, sha256: str, *, at: datetime) -> None:
    """Refused for those who may not publish, and where the number was taken meanwhile."""
    with store.writing() as cursor:
        access.check(cursor, by, "publish")
        taken = cursor.execute(
            "SELECT person FROM event WHERE kind = 'publish' AND target = ?", [str(number)]
        ).fetchone()
        if taken:
            raise Refused(
                f"publication {number}: {taken[0]} published it meanwhile; look at it, then publish again"
            )
        ledger.append(cursor, str(uuid.uuid4()), at, "publish", person=by, target=str(number), text=sha256)
