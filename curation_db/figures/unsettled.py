"""What of the current run nobody has settled yet: it is said, and accepted, before a mapping is published."""

import dataclasses

from curation_db import access
from curation_db.adjudication.cases import Case, every_case
from curation_db.sql import query
from curation_db.store import Store


@dataclasses.dataclass(frozen=True)
class Unrated:
    """An entry with `left` candidates that nobody rated."""

    entry_id: str
    term: str
    left: int


@dataclasses.dataclass(frozen=True)
class Unsettled:
    """`unrated` entries, `open` disagreements and decisions in doubt (`doubtful`), in the lexicon's order."""

    unrated: tuple[Unrated, ...]
    open: tuple[Case, ...]
    doubtful: tuple[Case, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each; of the unrated, candidates."""
        return {
            "unrated": sum(one.left for one in self.unrated),
            "open": len(self.open),
            "doubtful": len(self.doubtful),
        }


def unsettled(store: Store, by: str) -> Unsettled:
    """Refused for those who may not publish."""
    with store.cursor() as cursor:
        access.check(cursor, by, "publish")
        unrated = tuple(Unrated(*row) for row in cursor.execute(query("unrated")).fetchall())
    cases = every_case(store, by)
    of = {status: tuple(one for one in cases if one.status == status) for status in ("open", "doubtful")}
    return Unsettled(unrated, of["open"], of["doubtful"])
