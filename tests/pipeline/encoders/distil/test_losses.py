"""Losses of a distillation, by hand on small tensors."""

import math

import pytest

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")

from pipeline.encoders.distil import losses  # noqa: E402


def unit(*rows):
    return torch.nn.functional.normalize(torch.tensor(rows, dtype=torch.float32), dim=-1)


def kl(right, given) -> float:
    return sum(p * math.log(p / q) for p, q in zip(right, given, strict=True) if p)


def softmax(*values: float) -> list[float]:
    powers = [math.exp(value) for value in values]
    return [power / sum(powers) for power in powers]


def test_states_are_compared_by_their_angle_and_padding_is_not():
    student = torch.tensor([[[1.0, 0], [0, 2], [5, 5]]])
    teacher = torch.tensor([[[3.0, 0], [1, 0], [-1, 0]]])
    mask = torch.tensor([[True, True, False]])
    assert losses.hidden(student, teacher, mask).item() == pytest.approx((0 + 1) / 2)


def test_attention_is_the_mean_divergence_of_its_tokens_and_heads():
    student = torch.tensor([[[[0.5, 0.5, 0], [0.9, 0.1, 0], [1, 0, 0]], [[0.5, 0.5, 0]] * 3]])
    teacher = torch.tensor([[[[0.8, 0.2, 0], [0.9, 0.1, 0], [0, 1, 0]], [[0.5, 0.5, 0]] * 3]])
    mask = torch.tensor([[True, True, False]])
    expected = kl((0.8, 0.2), (0.5, 0.5)) / 4  # of two tokens and two heads
    assert losses.attention(student, teacher, mask).item() == pytest.approx(expected)


def test_attention_of_other_numbers_of_heads_is_compared_in_the_mean():
    student = torch.tensor([[[[0.2, 0.8]], [[0.8, 0.2]]]]).expand(1, 2, 2, 2)
    teacher = torch.full((1, 3, 2, 2), 0.5)
    mask = torch.ones(1, 2, dtype=torch.bool)
    assert losses.attention(student, teacher, mask).item() == pytest.approx(0, abs=1e-6)


def test_padding_gives_attention_no_gradient_that_is_no_number():
    scores = torch.tensor([[[[1.0, 2.0, -1e30]]]], requires_grad=True)
    teacher = torch.tensor([[[[0.3, 0.7, 0.0]]]])
    losses.attention(scores.softmax(-1), teacher, torch.ones(1, 1, dtype=torch.bool)).backward()
    assert scores.grad is not None
    assert torch.isfinite(scores.grad).all()


def test_vectors_are_compared_by_their_cosine():
    assert losses.embedding(unit([1, 0], [1, 1]), unit([1, 0], [1, 0])).item() == pytest.approx((1 - 0.5**0.5) / 2)


def test_similarities_are_compared_without_that_of_a_text_to_itself():
    student, teacher = unit([1, 0], [0, 1], [1, 1]), unit([1, 0, 0], [1, 1, 0], [0, 0, 1])
    half = 0.5**0.5
    mine = [(0, half), (0, half), (half, half)]
    theirs = [(half, 0), (half, 0), (0, 0)]
    expected = sum(kl(softmax(*t), softmax(*s)) for s, t in zip(mine, theirs, strict=True)) / 3
    assert losses.similarity(student, teacher, temperature=1).item() == pytest.approx(expected, rel=1e-5)


def test_alignment_is_kale_s_divergence_over_the_dimensions():
    student, teacher = unit([1, 0], [3, 4]), unit([0, 1], [3, 4])
    expected = kl(softmax(0, 1), softmax(1, 0)) / 2
    assert losses.alignment(student, teacher).item() == pytest.approx(expected)


@pytest.mark.parametrize("loss", [losses.embedding, losses.similarity, losses.alignment])
def test_a_loss_is_zero_where_the_two_agree_and_above_elsewhere(loss):
    vectors = unit([1, 2, 0], [0, 1, 3], [1, 1, 1])
    assert loss(vectors, vectors).item() == pytest.approx(0, abs=1e-6)
    assert loss(vectors, vectors.roll(1, 0)).item() > 0.01
