"""A query side: its own vectors of the entries, another encoder's of the target."""

import pyarrow as pa

from pipeline.align import propose
from pipeline.prepare import Preparation
from pipeline.settings import Settings
from tests.samples import LetterEncoder, atoms_of, entries_of


class NoMemory:
    def lookup(self, texts):
        return {}


class Upright(LetterEncoder):
    """Of the same space, where misspelling is seen through."""

    name, fingerprint = "upright", "upright-1"

    def encode(self, texts):
        return super().encode([text.replace("phi", "fi") for text in texts])


def candidates(encoder, tmp_path) -> pa.Table:
    atoms = atoms_of(("C1", "FRE", "fièvre"), ("C2", "FRE", "fissure"))
    entries = entries_of(("E1", "phissure", None))
    return propose(
        entries, atoms, [encoder], Settings(top_k=2), prepare=Preparation(NoMemory()), cache=tmp_path
    ).candidates


def test_a_query_side_asks_the_vectors_that_its_index_has_already(tmp_path):
    index = LetterEncoder()
    candidates(index, tmp_path)
    queries, again = Upright(), LetterEncoder()
    queries.index = again
    found = candidates(queries, tmp_path)
    assert queries.seen == ["fissure"]  # as it reads the entry; none of the target
    assert again.seen == []  # all of it was kept
    assert found["encoder"].to_pylist() == ["upright", "upright"]
    assert (found["CUI"][0].as_py(), round(found["cosine"][0].as_py(), 5)) == ("C2", 1.0)
