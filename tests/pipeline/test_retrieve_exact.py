"""Whatever the vectors look like, both precisions find what comparing everything in double precision finds."""

import subprocess
import sys

import numpy as np
import pytest

from pipeline.encode import StoredRows
from pipeline.encoders.catalogue import load
from pipeline.errors import InputError
from pipeline.retrieve import Nearest, retrieve, target
from pipeline.retrieve.grid import TILE, Grid, margin
from pipeline.retrieve.product import _session, product, widest

DIMENSION = 96


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def noise(rng, rows):
    return rng.standard_normal((rows, DIMENSION))


def gaussian(rng):
    return noise(rng, 40), noise(rng, 6000)


def bunched(rng):
    """Cosines from 0.98 to 1, as of an encoder with random weights."""
    middle = 10 * rng.standard_normal(DIMENSION)
    return middle + noise(rng, 40), middle + noise(rng, 6000)


def one_strong_coordinate(rng):
    queries, rows = noise(rng, 40), noise(rng, 6000)
    queries[:, 7] *= 40
    rows[:, 7] *= 40
    return queries, rows


def near_ties(rng):
    """Every row within single precision of a few others, on both sides of a block's border."""
    few = np.repeat(noise(rng, 300), 20, axis=0)
    return noise(rng, 40), rng.permutation(few + 1e-7 * noise(rng, 6000))


def equal_rows(rng):
    few = noise(rng, 25)
    return few + 0.1 * noise(rng, 25), few[rng.integers(0, 25, 6000)]


def sparse(rng):
    return np.eye(DIMENSION), np.eye(DIMENSION)[rng.integers(0, DIMENSION, 6000)]


def real(_):
    """Phrases by the bundled encoder: many differ in one word."""
    sites = ("tête", "ventre", "dos", "genou", "épaule", "main", "pied", "cœur", "poumon", "foie", "rein", "peau")
    findings = (
        "douleur",
        "brûlure",
        "plaie",
        "tumeur",
        "fracture",
        "infection",
        "œdème",
        "abcès",
        "kyste",
        "ulcère",
    )
    sides = ("", " droit", " gauche", " aigu", " chronique")
    phrases = [f"{what} de {where}{side}" for what in findings for where in sites for side in sides]
    vectors = load("lexalign-minilm").encode(phrases)
    return vectors[::27], vectors


def by_hand(queries, vectors, concepts, top_k) -> Nearest:
    """Every cosine summed in double precision, sorted by cosine, concept, string."""
    found = Nearest(*(np.empty((len(queries), top_k), kind) for kind in (int, int, np.float32)))
    for row, query in enumerate(queries):
        cosines = (vectors.astype(np.float64) @ query.astype(np.float64)).astype(np.float32)
        order = np.lexsort((np.arange(len(vectors)), concepts, -cosines))
        first = np.sort(np.unique(concepts[order], return_index=True)[1])[:top_k]
        best = order[first]
        found.concepts[row], found.strings[row], found.cosines[row] = concepts[best], best, cosines[best]
    return found


@pytest.mark.parametrize("precision", ["fp32", "int8"])
@pytest.mark.parametrize("per_concept", [1, 4])
@pytest.mark.parametrize(
    "kind",
    [gaussian, bunched, one_strong_coordinate, near_ties, equal_rows, sparse, real],
    ids=lambda f: f.__name__,
)
def test_concepts_strings_and_cosines_are_those_of_comparing_everything(kind, per_concept, precision):
    rng = np.random.default_rng(5)
    queries, vectors = map(unit, kind(rng))
    concepts = rng.permutation(len(vectors)) // per_concept
    goal = target(vectors, np.arange(len(vectors)), concepts)
    found = retrieve(queries, goal, top_k=10, precision=precision)
    expected = by_hand(queries, vectors, concepts, 10)
    assert np.array_equal(found.cosines, expected.cosines)
    assert np.array_equal(found.concepts, expected.concepts)
    assert np.array_equal(found.strings, expected.strings)


@pytest.mark.parametrize("kind", [gaussian, bunched, one_strong_coordinate, sparse], ids=lambda f: f.__name__)
@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_no_estimate_is_further_off_than_its_margin(kind, precision):
    queries, vectors = map(unit, kind(np.random.default_rng(10)))
    grid = Grid(precision, vectors.mean(axis=0))
    asked, block = grid.queries(queries), grid.block(vectors, np.arange(TILE))
    products = product(asked.values, TILE)(block.values) * asked.scale.astype(np.float64) * block.scale
    estimates = products + asked.shift + block.offset[:, None]
    exact = vectors[block.order].astype(np.float64) @ queries.T.astype(np.float64)
    assert (np.abs(estimates - exact) <= margin(asked, block)).all()


def test_integer_products_are_exact_up_to_the_widest():
    rng = np.random.default_rng(11)
    left = rng.integers(0, 256, (40, 130)).astype(np.uint8)
    right = rng.integers(-widest(), widest() + 1, (130, 30)).astype(np.int8)
    assert np.array_equal(product(right, 40)(left), (left.astype(int) - 128) @ right.astype(int))


def test_a_product_keeps_the_session_that_it_was_made_with():
    """Threads that ask for the first products at once make a session each."""
    left, right = np.full((4, 8), 129, np.uint8), np.ones((8, 4), np.int8)
    multiply = product(right, 4)
    _session.cache_clear()
    assert (multiply(left) == 8).all()


@pytest.mark.parametrize("wrong", [0, np.nan, np.inf])
@pytest.mark.parametrize("row", [0, 4999])
def test_a_row_that_is_not_of_length_one_is_named(wrong, row):
    rng = np.random.default_rng(6)
    queries, vectors = unit(noise(rng, 3)), unit(noise(rng, 6000))
    vectors[row] = wrong
    goal = target(vectors, np.arange(6000), np.arange(6000))
    with pytest.raises(InputError, match=rf"row of the target {row}: .* expected 1"):
        retrieve(queries, goal, top_k=10, precision="int8")
    queries[2] = wrong
    with pytest.raises(InputError, match=r"query 2: .* expected 1"):
        retrieve(queries, goal, top_k=10)


def test_vectors_of_two_encoders_are_refused():
    rng = np.random.default_rng(7)
    goal = target(unit(noise(rng, 10)), np.arange(10), np.arange(10))
    with pytest.raises(InputError, match="queries of 48 dimensions and a target of 96"):
        retrieve(unit(noise(rng, 2)[:, :48]), goal, top_k=3)


def test_rows_on_disk_are_found_as_rows_in_memory(tmp_path):
    rng = np.random.default_rng(8)
    queries, vectors = unit(noise(rng, 9)), unit(noise(rng, 5000))
    stored = on_disk(tmp_path, vectors, 700)
    concepts = np.arange(5000) // 3
    there, here = (
        retrieve(queries, target(rows, np.arange(5000), concepts), top_k=10, precision="int8")
        for rows in (stored, vectors)
    )
    assert np.array_equal(there.strings, here.strings)
    assert np.array_equal(there.cosines, here.cosines)


def on_disk(folder, vectors, shard):
    files = []
    for start in range(0, len(vectors), shard):
        files.append(folder / f"{start}.npy")
        np.save(files[-1], vectors[start : start + shard])
    places = np.column_stack(np.divmod(np.arange(len(vectors)), shard)).astype(np.int32)
    return StoredRows(files, places, vectors.shape[1])


PEAK = """
import sys
import numpy as np
from pathlib import Path
from pipeline.encode import StoredRows
from pipeline.encoders.catalogue import load
from pipeline.retrieve import retrieve, target

shard, times = Path(sys.argv[1]), int(sys.argv[2])
rows = len(np.load(shard, mmap_mode="r"))
places = np.column_stack(np.divmod(np.arange(rows * times), rows)).astype(np.int32)
stored = StoredRows([shard] * times, places, 768)
goal = target(stored, np.arange(rows * times), np.arange(rows * times))
retrieve(np.load(shard)[:20], goal, top_k=10, precision=sys.argv[3])
[line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
print(int(line.split()[1]) * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the peak of a process without its parent's")
@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_a_target_ten_times_larger_takes_no_more_memory(tmp_path, precision):
    rng = np.random.default_rng(9)
    shard = tmp_path / "shard.npy"
    np.save(shard, unit(rng.standard_normal((8192, 768))))

    def peak(times):
        run = subprocess.run(
            [sys.executable, "-c", PEAK, shard, str(times), precision], capture_output=True, text=True, check=True
        )
        return int(run.stdout)

    more_vectors = 8192 * 768 * 4 * 18
    assert peak(20) - peak(2) < 0.2 * more_vectors
