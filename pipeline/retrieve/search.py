"""The search: blocks of the target, one after the other, against all queries.

What is guaranteed: the concepts, strings and cosines are those of comparing each query with each string in double
precision. Every string passes a product in 8-bit integers or in single precision; it is dropped only where that
estimate plus a bound on its error (`grid`: no probability in it) is below the query's k-th best concept so far.
What is left is multiplied again in single precision, held against the same kind of bound, and again in double.

Memory: the queries (and a quarter of that in int8), three blocks of the target, and the survivors of a block;
none of it grows with the target.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import faiss
import numpy as np

from pipeline.errors import InputError
from pipeline.progress import Progress, silent
from pipeline.retrieve.best import Best
from pipeline.retrieve.grid import Block, Grid, Precision, Queries, slack
from pipeline.retrieve.pairs import check, dots
from pipeline.retrieve.scan import kth, survivors
from pipeline.retrieve.shapes import Nearest, Target, memberships

BLOCK = 4_096
CHUNK = 1_024
"""Rows of the target at a time, and the most queries that one thread compares with them."""
SMALL = 2_000_000_000
"""Multiplications (queries x strings x dim) up to which rounding to integers is not worth its while."""


def retrieve(
    queries: np.ndarray,
    target: Target,
    *,
    top_k: int,
    precision: Precision | None = None,
    label: str = "search",
    progress: Progress = silent,
) -> Nearest:
    """The `top_k` concepts nearest to each unit row of float32 [queries, dim], exactly: no choice of `precision`
    (None: by the size of the job) changes a bit of the result. Progress counts strings.

    Raises InputError where the two sides differ in dimension, and for the first row of length other than one.
    """
    if queries.shape[1] != target.vectors.shape[1]:
        raise InputError(
            f"queries of {queries.shape[1]} dimensions and a target of {target.vectors.shape[1]}, expected as many; "
            "encode both with the same encoder"
        )
    queries = np.ascontiguousarray(queries, np.float32)
    check(queries, np.arange(len(queries)), "query")
    shape, strings = (len(queries), top_k), len(target.vectors)
    found = Nearest(np.full(shape, -1), np.full(shape, -1), np.full(shape, -np.inf, np.float32))
    threads = faiss.omp_get_max_threads()
    with ThreadPoolExecutor(threads, initializer=faiss.omp_set_num_threads, initargs=(1,)) as pool:
        share = max(1, min(CHUNK, -(-len(queries) // threads)))
        slices = [slice(start, start + share) for start in range(0, len(queries), share)]
        search = _Search(queries, slices, target, found, precision or _by_size(queries, strings), pool)
        for block in search.blocks():
            search.against(block)
            progress(int(block.numbers[-1]) + 1, strings, label)
        for best in search.best:
            best.settle()
    return found


def _by_size(queries: np.ndarray, strings: int) -> Precision:
    return "int8" if queries.size * strings > SMALL else "fp32"


class _Search:
    """All queries in chunks, each with its best so far and `floors`, below which none can be among the best:
    the cosines of a sample of the target, so that little survives of the first blocks."""

    def __init__(
        self,
        queries: np.ndarray,
        slices: list[slice],
        target: Target,
        found: Nearest,
        precision: Precision,
        pool: ThreadPoolExecutor,
    ) -> None:
        self.target, self.pool = target, pool
        plain = Grid("fp32", np.zeros(queries.shape[1]))
        sample = plain.block(target.vectors, _sample(target))
        self.grid = Grid(precision, sample.exact.mean(axis=0)) if len(sample.exact) else plain
        self.best = [Best(found, part) for part in slices]
        self.chunks = list(pool.map(lambda part: self.grid.queries(queries[part]), slices))
        k = found.concepts.shape[1]
        self.floors = list(pool.map(lambda part: kth(plain.queries(queries[part]), sample, k), slices))

    def blocks(self) -> Iterator[Block]:
        """Each one is read while the one before it is compared."""
        strings = len(self.target.vectors)
        numbers = [np.arange(start, min(start + BLOCK, strings)) for start in range(0, strings, BLOCK)]
        coming = [self.pool.submit(self.grid.block, self.target.vectors, part) for part in numbers[:1]]
        for following in [*numbers[1:], None]:
            if not coming:
                return
            block = coming.pop().result()
            if following is not None:
                coming.append(self.pool.submit(self.grid.block, self.target.vectors, following))
            yield block

    def against(self, block: Block) -> None:
        for _ in self.pool.map(lambda number: self._one(number, block), range(len(self.chunks))):
            pass

    def _one(self, number: int, block: Block) -> None:
        chunk, best = self.chunks[number], self.best[number]
        floor = np.maximum(self.floors[number], best.last())
        query, row = survivors(chunk, block, floor)
        near = _close(chunk, query, block, row) >= floor[query] - slack(chunk.exact.shape[1])
        query, row = query[near], row[near]
        cosines = dots(chunk.exact, query, block.exact, row)
        near = cosines >= floor[query]
        query, strings, cosines = query[near], block.numbers[row[near]], cosines[near]
        if len(query):
            place, concepts = memberships(self.target, strings)
            best.add(query[place], concepts, strings[place], cosines[place])


def _close(queries: Queries, query: np.ndarray, block: Block, row: np.ndarray) -> np.ndarray:
    """Float32 `queries.exact[query] · block.exact[row]`, in single precision."""
    found = np.empty(len(query), np.float32)
    query, row = query.astype(np.int64), row.astype(np.int64)
    faiss.pairwise_indexed_inner_product(  # type: ignore[attr-defined]  # not in its stubs
        queries.exact.shape[1],
        len(query),
        *map(faiss.swig_ptr, (queries.exact, query, block.exact, row, found)),
    )
    return found


def _sample(target: Target) -> np.ndarray:
    """Numbers of up to BLOCK strings from all over, no two of one concept: as many concepts are as near."""
    named = np.flatnonzero(np.diff(target.starts))
    first = np.unique(target.members[target.starts[named]], return_index=True)[1]
    strings = np.sort(named[first])
    return strings[np.linspace(0, len(strings) - 1, min(len(strings), BLOCK)).astype(np.int64)]
