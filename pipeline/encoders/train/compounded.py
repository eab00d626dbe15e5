"""Names built of Greek and Latin parts teach what their parts say."""

from collections.abc import Iterable, Iterator

from pipeline.compounds import paraphrases
from pipeline.encoders.train.lessons import Taught

MOST = 2
"""Wordings a name: the later ones are looser."""


def paraphrased(taught: Iterable[Taught]) -> Iterator[Taught]:
    """The everyday wordings of the names that are one word, as texts of the same concepts."""
    for one in taught:
        if one.kind == "name" and one.language in ("fr", "en") and " " not in one.text:
            for wording in paraphrases(one.text, one.language)[:MOST]:
                yield Taught(one.concepts, wording, one.language, "paraphrase")
