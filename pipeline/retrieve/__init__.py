"""Exact top k concepts by cosine: a concept is as near as its nearest atom."""

from pipeline.retrieve.pairs import cosines
from pipeline.retrieve.search import retrieve
from pipeline.retrieve.shapes import Nearest, Rows, Target, target

__all__ = ["Nearest", "Rows", "Target", "cosines", "retrieve", "target"]
