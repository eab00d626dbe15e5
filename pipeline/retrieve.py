"""Exact top k concepts by cosine: a concept is as near as its nearest atom."""

from dataclasses import dataclass

import faiss
import numpy as np

from pipeline.progress import Progress, silent

BLOCK = 65_536
QUERIES = 1_024


@dataclass(frozen=True)
class Target:
    """The strings of a terminology and their concepts.

    `vectors` float32 [strings, dim], unit rows (memory-mapped will do); string s belongs to the concepts (numbers)
    `members[starts[s]:starts[s + 1]]`, ascending.
    """

    vectors: np.ndarray
    starts: np.ndarray
    members: np.ndarray


@dataclass(frozen=True)
class Nearest:
    """int64 [queries, k] numbers of concepts and of their nearest strings, -1 where there are fewer than k
    concepts; float32 [queries, k] cosines, descending; ties by concept number."""

    concepts: np.ndarray
    strings: np.ndarray
    cosines: np.ndarray


def target(vectors: np.ndarray, strings: np.ndarray, concepts: np.ndarray) -> Target:
    """Target from int64 pairs: string `strings[i]` (a row of `vectors`) names concept `concepts[i]`."""
    order = np.lexsort((concepts, strings))
    starts = np.searchsorted(strings[order], np.arange(len(vectors) + 1))
    return Target(vectors, starts, concepts[order])


def retrieve(
    queries: np.ndarray, target: Target, *, top_k: int, label: str = "search", progress: Progress = silent
) -> Nearest:
    """The `top_k` concepts nearest to each row of float32 [queries, dim], exactly.

    Strings come in growing numbers until `top_k` concepts are settled: a concept is settled once a string further
    away than its nearest was seen. Cosines are summed again row by row, so they do not depend on the batch.
    """
    shape = (len(queries), top_k)
    found = Nearest(np.full(shape, -1), np.full(shape, -1), np.full(shape, -np.inf, np.float32))
    for start in range(0, len(queries), QUERIES):
        rows, depth = np.arange(start, min(start + QUERIES, len(queries))), 4 * top_k
        while len(rows):
            depth = min(depth, len(target.vectors))
            cosines, strings = _strings(queries[rows], target.vectors, depth)
            whole = depth == len(target.vectors)
            open_rows = [
                row
                for row, near, rough in zip(rows.tolist(), strings, cosines, strict=True)
                if not _settle(found, row, queries[row], near, rough, target, whole)
            ]
            rows, depth = np.array(open_rows, np.int64), 4 * depth
        progress(min(start + QUERIES, len(queries)), len(queries), label)
    return found


def cosines(queries: np.ndarray, target: Target, rows: np.ndarray, concepts: np.ndarray) -> np.ndarray:
    """Float32 [pairs]: cosine of query `rows[i]` to the nearest string of concept `concepts[i]`; NaN where the
    target has no string of it."""
    order = np.argsort(target.members, kind="stable")
    string = np.repeat(np.arange(len(target.vectors)), np.diff(target.starts))[order]
    first, last = (np.searchsorted(target.members[order], concepts, side=side) for side in ("left", "right"))
    nearest = np.full(len(rows), np.nan, np.float32)
    for pair in np.flatnonzero(last > first):
        own = string[first[pair] : last[pair]]
        nearest[pair] = _dot(queries[rows[pair]], target.vectors[own]).max()
    return nearest


def _strings(queries: np.ndarray, vectors: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
    """Cosines and places of the `depth` nearest strings, descending, over blocks so that memory stays bounded."""
    best, place = np.empty((len(queries), 0), np.float32), np.empty((len(queries), 0), np.int64)
    for start in range(0, len(vectors), BLOCK):
        block = np.ascontiguousarray(vectors[start : start + BLOCK])
        near, number = faiss.knn(queries, block, min(depth, len(block)), metric=faiss.METRIC_INNER_PRODUCT)
        best, place = np.hstack([best, near]), np.hstack([place, number + start])
        keep = np.argsort(-best, axis=1, kind="stable")[:, :depth]
        best, place = np.take_along_axis(best, keep, 1), np.take_along_axis(place, keep, 1)
    return best, place


def _settle(
    found: Nearest,
    row: int,
    query: np.ndarray,
    strings: np.ndarray,
    rough: np.ndarray,
    target: Target,
    whole: bool,
) -> bool:
    """Fill a row of `found`; False where more strings must be seen first."""
    top_k = found.concepts.shape[1]
    exact = _dot(query, target.vectors[strings])
    best: dict[int, tuple[float, int]] = {}
    for string, cosine in zip(strings.tolist(), exact.tolist(), strict=True):
        for concept in target.members[target.starts[string] : target.starts[string + 1]].tolist():
            if concept not in best or cosine > best[concept][0]:
                best[concept] = (cosine, string)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:top_k]
    if not whole and (len(ranked) < top_k or ranked[-1][1][0] <= rough[-1] + 1e-6):
        return False
    for place, (concept, (cosine, string)) in enumerate(ranked):
        found.concepts[row, place], found.strings[row, place], found.cosines[row, place] = concept, string, cosine
    return True


def _dot(query: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Inner products summed one row at a time in double precision: the same bits whatever stands beside."""
    return (rows.astype(np.float64) * query).sum(axis=1).astype(np.float32)
