"""What a hardening step compares: unit vectors of n queries, [n, dimension], row i of each of the same query.

q_i is the learning encoder's vector of a query, q'_i of the same query misspelt, f_i the frozen encoder's of the
query. The step's loss is a · alignment(q', q) + b · anchor(q, f).

Campos et al. (2023) pursue the same two aims, noisy queries to clean ones and clean ones to where they were, by a
contrastive loss and an anchor; the forms here are the usual ones for them (InfoNCE with in-batch negatives, cosine
distance), not a copy of their code.
"""

from typing import TYPE_CHECKING

from pipeline.encoders.train.losses import TEMPERATURE

if TYPE_CHECKING:
    from torch import Tensor


def alignment(noisy: "Tensor", clean: "Tensor", *, temperature: float = TEMPERATURE) -> "Tensor":
    """-1/n Σ_i log( exp(q'_i · q_i / t) / Σ_j exp(q'_i · q_j / t) ): a misspelt query is nearer to itself than to the
    others of the step (Oord et al. 2018)."""
    import torch

    similar = noisy @ clean.T / temperature
    return torch.nn.functional.cross_entropy(similar, torch.arange(len(noisy), device=noisy.device))


def anchor(clean: "Tensor", frozen: "Tensor") -> "Tensor":
    """1/n Σ_i (1 - q_i · f_i): a query that is spelt well stays where the index knows it."""
    return (1 - (clean * frozen).sum(1)).mean()
