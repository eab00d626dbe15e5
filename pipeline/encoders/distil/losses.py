"""How far a student is from its teacher: Rohanian et al. 2023 on an encoder's vectors, and KALE's (Campos et al. 2023).

Every loss is a mean, zero where the two agree; gradients go to the student.
"""

from typing import TYPE_CHECKING

from pipeline.encoders.train.losses import TEMPERATURE

if TYPE_CHECKING:
    from torch import Tensor

LEAST = 1e-9
"""Of a share of attention: padding has none, and has no logarithm."""


def hidden(student: "Tensor", teacher: "Tensor", mask: "Tensor") -> "Tensor":
    """Mean over the tokens of 1 − cos(h_student, h_teacher): [rows, length, width] twice, bool [rows, length]."""
    from torch.nn.functional import cosine_similarity

    return (1 - cosine_similarity(student.float(), teacher.float(), dim=-1))[mask].mean()


def attention(student: "Tensor", teacher: "Tensor", mask: "Tensor") -> "Tensor":
    """Mean over tokens and heads of KL(teacher ‖ student) of what the token attends to: [rows, heads, length, length]
    twice, bool [rows, length]. Where the numbers of heads differ, of the mean over heads."""
    if student.shape[1] != teacher.shape[1]:
        student, teacher = student.mean(1, keepdim=True), teacher.mean(1, keepdim=True)
    right, given = teacher.float(), student.float()
    terms = right * (right.clamp_min(LEAST).log() - given.clamp_min(LEAST).log())
    return terms.sum(-1).transpose(1, 2)[mask].mean()


def embedding(student: "Tensor", teacher: "Tensor") -> "Tensor":
    """Mean of 1 − cos(v_student, v_teacher), [texts, dimension] of length one twice."""
    return (1 - (student * teacher).sum(1)).mean()


def similarity(student: "Tensor", teacher: "Tensor", *, temperature: float = TEMPERATURE) -> "Tensor":
    """Mean over texts of KL(teacher ‖ student) of softmax(cosine to every other text / temperature): the two may have
    other dimensions. [texts, dimension] of length one twice."""
    return _divergence(_others(student) / temperature, _others(teacher) / temperature)


def alignment(student: "Tensor", teacher: "Tensor", *, temperature: float = 1.0) -> "Tensor":
    """KALE's: mean over texts of KL(teacher ‖ student) of softmax(vector / temperature), over the dimensions.
    [texts, dimension] of length one twice."""
    return _divergence(student / temperature, teacher / temperature)


def _divergence(student: "Tensor", teacher: "Tensor") -> "Tensor":
    from torch.nn.functional import kl_div, log_softmax

    return kl_div(log_softmax(student, 1), log_softmax(teacher, 1), reduction="batchmean", log_target=True)


def _others(vectors: "Tensor") -> "Tensor":
    """Cosines [texts, texts − 1], without that of a text to itself."""
    import torch

    similar = vectors @ vectors.T
    others = ~torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    return similar[others].view(len(vectors), -1)
