"""A mapping frozen for others: its files, and a manifest that says what they are made of and vouches for them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.files import read_json, sha256, write_json
from pipeline.interchange import export
from pipeline.interchange.mapping import RULE, Curation

MANIFEST = "manifest.json"
FILES = {"final.xlsx": "final-xlsx", "final.csv": "final-csv", "mapping.sssom.tsv": "sssom"}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """On what terms a mapping is published.

    `number` counts the publications from 1; `event_id` is the last of the ledger that it knows of; `unsettled`
    what was left open, by name, and accepted; `agreement` the raters' figures, None where none were computed.
    """

    number: int
    at: datetime
    event_id: int
    unsettled: Mapping[str, int]
    minimum_rating: int
    withhold_restricted: bool
    agreement: Mapping[str, Any] | None = None


def publish(curation: Curation, folder: Path, terms: Terms) -> dict[str, Any]:
    """Write FILES and the manifest into `folder`; the manifest. The folder is to be published at once, by the
    caller. Raises as `export` does."""
    rows = {}
    for name, format in FILES.items():
        done = export(
            curation,
            format,
            folder / name,
            minimum_rating=terms.minimum_rating,
            withhold_restricted=terms.withhold_restricted,
        )
        rows[name] = done.rows
    files = {name: {"rows": count, "sha256": sha256(folder / name)} for name, count in rows.items()}
    manifest = _manifest(curation, terms) | {"files": files}
    write_json(folder / MANIFEST, manifest)
    return manifest


def intact(folder: Path) -> bool:
    """Whether every file is the one that the manifest speaks of. Raises WorkspaceError where there is none."""
    files: dict[str, dict[str, Any]] = read_json(folder / MANIFEST)["files"]
    return all((folder / name).is_file() and sha256(folder / name) == one["sha256"] for name, one in files.items())


def _manifest(curation: Curation, terms: Terms) -> dict[str, Any]:
    published = [row for row in curation.curated.to_pylist() if row["rating"] >= terms.minimum_rating]
    ratings = Counter(row["rating"] for row in published)
    judged = curation.judgements.to_pylist()
    people = Counter(row["person"] for row in judged if row["rating"] is not None)
    deciders = Counter(row["person"] for row in curation.decisions.to_pylist())
    return {
        "publication": terms.number,
        "at": terms.at.isoformat(),
        "lexalign": __version__,
        "license": curation.license,
        "rule": RULE,
        "minimum_rating": terms.minimum_rating,
        "restricted_names_withheld": terms.withhold_restricted,
        "run": curation.run.name,
        "lexicon": curation.lexicon.name,
        "umls": curation.umls.name,
        "settings_hash": curation.settings_hash,
        "encoders": [
            {"name": one["name"], "fingerprint": one.get("fingerprint", "")}
            for one in curation.manifest["encoders"]
        ],
        "ledger": {"event_id": terms.event_id},
        "people": [
            {"name": name, "ratings": people[name], "decisions": deciders[name]}
            for name in sorted(people | deciders)
        ],
        "counts": {
            "pairs": len(published),
            "decided": sum(row["decided"] for row in published),
            "by_rating": {str(rating): ratings[rating] for rating in range(6)},
        },
        "unsettled": dict(terms.unsettled),
        "agreement": None if terms.agreement is None else dict(terms.agreement),
    }
