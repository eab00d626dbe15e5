"""Losses over the unit vectors of one step, [n, dimension], with the lesson of each row, [n]."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

TEMPERATURE = 0.05
ALPHA, BETA, BASE = 2.0, 50.0, 0.5
"""Of the multi-similarity loss, as SapBERT sets them."""


def contrast(vectors: "Tensor", lessons: "Tensor", *, temperature: float = TEMPERATURE) -> "Tensor":
    """Mean over rows of -log of the share that rows of the same lesson have of exp(cosine / temperature) over all
    other rows (Khosla et al. 2020, equation 3, the sum inside the logarithm; Oord et al. 2018 where each lesson has
    two rows)."""
    import torch

    similar = vectors @ vectors.T / temperature
    self_ = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    similar = similar.masked_fill(self_, float("-inf"))
    same = (lessons[:, None] == lessons[None, :]) & ~self_
    positive = similar.masked_fill(~same, float("-inf"))
    return (torch.logsumexp(similar, 1) - torch.logsumexp(positive, 1)).mean()


def multi_similarity(vectors: "Tensor", lessons: "Tensor") -> "Tensor":
    """SapBERT's (Liu et al. 2021, equation 3; Wang et al. 2019), over every pair of the step: hard ones were drawn
    into it."""
    import torch

    similar = vectors @ vectors.T
    self_ = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    same = lessons[:, None] == lessons[None, :]
    minus = torch.tensor(float("-inf"), device=vectors.device)
    near = torch.where(same & ~self_, -ALPHA * (similar - BASE), minus)
    far = torch.where(~same, BETA * (similar - BASE), minus)
    zero = torch.zeros(len(vectors), 1, device=vectors.device)
    positive = torch.logsumexp(torch.cat([zero, near], 1), 1) / ALPHA
    negative = torch.logsumexp(torch.cat([zero, far], 1), 1) / BETA
    return (positive + negative).mean()


LOSSES = {"contrast": contrast, "multi-similarity": multi_similarity}
