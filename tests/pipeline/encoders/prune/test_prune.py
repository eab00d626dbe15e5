"""Pruning: what matters least goes, to the budget; zeros are zeros, and stay so."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.encoders.export import source as sources  # noqa: E402
from pipeline.encoders.prune import budget, fold, masks, run, scores  # noqa: E402
from pipeline.encoders.prune.parts import Part, parts  # noqa: E402
from pipeline.encoders.prune.plan import plan  # noqa: E402
from pipeline.encoders.prune.rearrange import rearrange  # noqa: E402
from pipeline.encoders.prune.sample import batches  # noqa: E402
from pipeline.encoders.prune.tune import tune  # noqa: E402
from pipeline.encoders.train import run as training  # noqa: E402
from pipeline.encoders.train.aligning import SelfAlignment  # noqa: E402
from pipeline.encoders.train.draws import Batch, Drawing  # noqa: E402
from pipeline.encoders.train.lessons import Lesson, Taught  # noqa: E402
from pipeline.encoders.train.loop import Schedule  # noqa: E402
from pipeline.encoders.train.student import Student  # noqa: E402
from pipeline.errors import EncoderError  # noqa: E402

METHODS = get_args(run.Method)
PARTS = {"foie": "liver", "rein": "kidney", "cœur": "heart", "peau": "skin", "œil": "eye", "nez": "nose"}
SIGNS = {"douleur": "pain", "tumeur": "tumour", "plaie": "wound", "infection": "infection"}
LESSONS = [
    Lesson(
        (f"X:{number}",),
        (
            Taught((f"X:{number}",), f"{sign} {part}", "fr", "name"),
            Taught((f"X:{number}",), f"{PARTS[part]} {SIGNS[sign]}", "en", "name"),
        ),
    )
    for number, (part, sign) in enumerate((part, sign) for part in PARTS for sign in SIGNS)
]


def asked(source: Path, **changes: object) -> run.Pruning:
    return dataclasses.replace(
        run.Pruning(source=source, lessons=LESSONS, sparsity=0.25, pairs=64),
        **changes,  # type: ignore[arg-type]
    )


@pytest.fixture
def student(source_folder: Path) -> Student:
    return Student(source_folder)


@pytest.fixture
def pairs(student: Student) -> list[Batch]:
    return batches(student, LESSONS, pairs=64, seed=1)


def found_by(student: Student, method: str, **changes: object) -> masks.Masks:
    wanted = asked(Path(), method=method, stages=1, **changes)
    every = parts(student)
    return run.masks_of(wanted, student, every, batches(student, LESSONS, pairs=64, seed=wanted.seed))[0]


def test_heads_and_neurons_are_found_in_the_order_that_texts_meet_them(student: Student):
    found = [(part.layer, part.kind, part.units, part.size) for part in parts(student)]
    assert found == [(0, "heads", 4, 16), (0, "neurons", 128, 1), (1, "heads", 4, 16), (1, "neurons", 128, 1)]


def test_a_neuron_that_writes_nothing_is_worth_nothing_and_goes_first(student: Student, pairs: list[Batch]):
    every = parts(student)
    with torch.no_grad():
        every[3].out.weight[:, 7] = 0
    worth = scores.fisher(scores.gradients(student, every, pairs))
    assert [np.flatnonzero(found == 0).tolist() for found in worth] == [[], [], [], [7]]
    left = budget.search(every, worth, budget=budget.whole(every) - every[3].cost)
    assert [np.flatnonzero(mask == 0).tolist() for mask in left] == [[], [], [], [7]]


def test_fisher_is_the_square_of_what_a_little_less_of_a_unit_does_to_the_loss(
    student: Student, pairs: list[Batch]
):
    every = parts(student)
    [gradient] = scores.gradients(student, every, pairs[:1])[1]
    from pipeline.encoders.train.losses import contrast

    def loss(dimmed: np.ndarray) -> float:
        values = [np.ones(part.units) if place != 1 else dimmed for place, part in enumerate(every)]
        with torch.no_grad(), masks.masked(every, masks.tensors(every, values)):
            return contrast(student.vectors(pairs[0].texts), torch.from_numpy(pairs[0].lessons)).item()

    up, down = (loss(1 + sign * 0.05 * gradient / np.abs(gradient).max()) for sign in (1, -1))
    expected = 2 * 0.05 * (gradient**2).sum() / np.abs(gradient).max()
    assert up - down == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("sparsity", [0.1, 0.25, 0.4, 0.9])
@pytest.mark.parametrize("method", METHODS)
def test_the_budget_is_met_within_one_unit(student: Student, method: str, sparsity: float):
    every = parts(student)
    left = budget.operations(every, found_by(student, method, sparsity=sparsity))
    wanted = (1 - sparsity) * budget.whole(every)
    assert 0 <= wanted - left < max(part.cost for part in every)


def test_methods_differ_and_the_seed_alone_decides(student: Student):
    found = {method: np.concatenate(found_by(student, method)) for method in METHODS}
    assert not np.array_equal(found["fisher"], found["magnitude"])
    assert not np.array_equal(found["fisher"], found["random"])
    for method in METHODS:
        np.testing.assert_array_equal(np.concatenate(found_by(student, method)), found[method])
    assert not np.array_equal(np.concatenate(found_by(student, "random", seed=7)), found["random"])


def test_magnitude_counts_all_that_a_unit_reads_and_writes(student: Student):
    heads, neurons, *_ = every = parts(student)
    found = scores.magnitude(every)
    with torch.no_grad():
        squares = sum((linear.weight[16:32] ** 2).sum() for linear in heads.into)
        squares = squares + (heads.out.weight[:, 16:32] ** 2).sum()
        one = (neurons.into[0].weight[5] ** 2).sum() + (neurons.out.weight[:, 5] ** 2).sum()
    assert found[0][1] == pytest.approx(squares.item(), rel=1e-5)
    assert found[1][5] == pytest.approx(one.item(), rel=1e-5)


def test_units_that_make_up_for_each_other_go_together():
    """The second is worth more than the third, but what it takes the fourth gives back."""
    gradients = np.array([[3.0, -3.0, 1.0, 2.0], [3.0, -3.0, -2.0, 2.0]])
    assert rearrange(gradients, np.array([1.0, 1.0, 0.0, 0.0])).tolist() == [1, 0, 1, 0]


def test_rearrangement_keeps_the_number_and_never_costs_more():
    chance = np.random.default_rng(4)
    for _ in range(20):
        gradients = chance.standard_normal((6, 30))
        mask = (np.argsort(np.argsort((gradients**2).sum(0))) >= 9).astype(float)
        better = rearrange(gradients, mask)
        assert better.sum() == mask.sum()
        before, after = (((gradients @ (1 - one)) ** 2).sum() for one in (mask, better))
        assert after <= before + 1e-9


def cosines(student: Student, every: list[Part], values: masks.Masks, texts: list[str]) -> float:
    whole = student.encode(texts)
    with masks.masked(every, masks.tensors(every, values)):
        return float((student.encode(texts) * whole).sum(1).mean())


def test_tuned_masks_bring_vectors_nearer_to_what_they_were(student: Student, texts: list[str]):
    every = parts(student)
    cut = found_by(student, "random", sparsity=0.4)
    tuned, failed = tune(student, every, cut, [texts[start : start + 32] for start in range(0, 64, 32)])
    assert failed == 0
    assert [np.flatnonzero(mask).tolist() for mask in tuned] == [np.flatnonzero(mask).tolist() for mask in cut]
    assert cosines(student, every, tuned, texts[64:]) > cosines(student, every, cut, texts[64:])


def test_masks_of_a_whole_model_have_nothing_to_make_up_for(student: Student, texts: list[str]):
    every = parts(student)
    tuned, failed = tune(student, every, masks.ones(every), [texts[:8]])
    assert failed == 0
    assert all((mask == 1).all() for mask in tuned)


def test_the_normal_equations_are_those_of_the_columns(student: Student, texts: list[str]):
    """A'A and A'b, without a column of A ever made, against both made by hand for the heads of the second layer."""
    from pipeline.encoders.prune.tune import _equations, _seen

    every, few = parts(student), texts[:6]
    cut = [mask * (np.arange(len(mask)) % 3 > 0) for mask in masks.ones(every)]
    part = every[2]
    gram, wanted = _equations(student, every, cut, 2, [few[:3], few[3:]])
    _, target = _seen(student, every, masks.tensors(every, masks.ones(every)), part, few)
    written, reached = _seen(student, every, masks.tensors(every, cut), part, few)
    with torch.no_grad():
        columns = [
            (written[:, 16 * unit : 16 * unit + 16] @ part.out.weight[:, 16 * unit : 16 * unit + 16].T).reshape(-1)
            for unit in range(4)
        ]
    made = torch.stack(columns, 1).double().numpy()
    np.testing.assert_allclose(gram, made.T @ made, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        wanted, made.T @ (target - reached).reshape(-1).double().numpy(), rtol=1e-3, atol=1e-5
    )


def test_folded_weights_are_the_masked_model(student: Student, pairs: list[Batch], texts: list[str]):
    every = parts(student)
    tuned, _ = run.masks_of(asked(Path()), student, every, pairs)
    with masks.masked(every, masks.tensors(every, tuned)):
        before = student.encode(texts)
    fold.fold(every, tuned)
    np.testing.assert_allclose(student.encode(texts), before, atol=1e-5)
    assert [one.tolist() for one in fold.alive(every)] == [(mask != 0).tolist() for mask in tuned]


def test_a_pruned_folder_is_a_normal_one_and_the_same_for_the_same_seed(source_folder: Path, tmp_path: Path):
    one, two = (run.run(asked(source_folder), tmp_path / name) for name in "ab")
    assert (one.folder / "modules.json").exists()
    files = [found.folder / "model.safetensors" for found in (one, two)]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert one.share == pytest.approx(0.75, abs=0.02)
    assert run.run(asked(source_folder), tmp_path / "a") == one
    assert "75" in one.words or "74" in one.words


def test_a_folder_of_another_pruning_is_refused(source_folder: Path, tmp_path: Path):
    run.run(asked(source_folder, method="magnitude", stages=1), tmp_path)
    with pytest.raises(EncoderError, match="another method"):
        run.run(asked(source_folder, method="random", stages=1), tmp_path)


def test_a_folder_of_other_weights_by_the_same_name_is_refused(source_folder: Path, tmp_path: Path):
    source = tmp_path / "source"
    shutil.copytree(source_folder, source)
    quick = asked(source, method="magnitude", stages=1)
    made = run.run(quick, tmp_path / "run")
    shutil.copyfile(made.folder / "model.safetensors", source / "model.safetensors")
    with pytest.raises(EncoderError, match="another source_sha256"):
        run.run(quick, tmp_path / "run")


def test_a_pruning_that_was_killed_begins_again_and_ends_the_same(
    source_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Student, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            run.run(asked(source_folder), tmp_path / "killed")
    assert [file.name for file in (tmp_path / "killed").iterdir()] == [".lock"]
    again, whole = (run.run(asked(source_folder), tmp_path / name).folder for name in ("killed", "whole"))
    assert (again / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()


def test_one_concept_is_told_apart_from_nothing(source_folder: Path, tmp_path: Path):
    with pytest.raises(EncoderError, match="expected two at least"):
        run.run(asked(source_folder, lessons=LESSONS[:1]), tmp_path)


@pytest.mark.parametrize(
    ("pooling", "words"), [(None, "does not say how"), ("mean-with-padding", "pooled by cls, max, mean")]
)
def test_a_pooling_that_is_not_known_is_refused(plain: Path, tmp_path: Path, pooling: str | None, words: str):
    with pytest.raises(EncoderError, match=words):
        run.run(asked(plain, pooling=pooling), tmp_path / "pruned")


def test_a_plain_folder_is_pruned_and_saved_with_the_pooling_that_was_said(plain: Path, tmp_path: Path):
    made = run.run(asked(plain, pooling="cls", method="magnitude", stages=1), tmp_path / "pruned")
    assert sources.read(made.folder).pooling == "cls"


def test_zeros_stay_zeros_in_a_training_after(source_folder: Path, tmp_path: Path):
    pruned = run.run(asked(source_folder), tmp_path / "pruned")
    wanted = SelfAlignment(
        source=pruned.folder,
        lessons=LESSONS,
        schedule=Schedule(steps=8, rate=1e-3),
        drawing=Drawing(concepts=8),
        mine_from=0,
    )
    trained = Student(training.run(wanted, tmp_path / "tuning"))
    before, after = parts(Student(pruned.folder)), parts(trained)
    assert not torch.equal(before[0].out.weight, after[0].out.weight)
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(fold.alive([old])[0], fold.alive([new])[0])
        for read_before, read_after in zip(old.into, new.into, strict=True):
            assert ((read_before.weight == 0) == (read_after.weight == 0)).all()
            assert ((read_before.bias[read_before.weight.eq(0).all(1)]) == 0).all()
            assert ((read_after.bias[read_before.weight.eq(0).all(1)]) == 0).all()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"model_type": "distilbert"}, "pruning knows bert, camembert"),
        ({"hidden_act": "sigmoid"}, "not zero at zero"),
    ],
)
def test_other_architectures_are_refused_by_name(source_folder: Path, tmp_path: Path, entry: dict, words: str):
    folder = tmp_path / "other"
    shutil.copytree(source_folder, folder)
    config = json.loads((folder / "config.json").read_text("utf-8")) | entry
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    if "model_type" in entry:
        other_weights(folder, config)
    with pytest.raises(EncoderError, match=words):
        run.run(asked(folder), tmp_path / "pruned")
    assert not (tmp_path / "pruned" / run.PRUNED).exists()


def other_weights(folder: Path, config: dict) -> None:
    from transformers import DistilBertConfig, DistilBertModel

    DistilBertModel(
        DistilBertConfig(vocab_size=config["vocab_size"], n_layers=1, dim=64, hidden_dim=64, n_heads=4)
    ).save_pretrained(folder)


def test_the_plan_says_what_it_takes(source_folder: Path, tmp_path: Path):
    found = plan(asked(source_folder), tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert (found.pairs, found.concepts) == (64, len(LESSONS))
    assert found.seconds > plan(asked(source_folder, stages=1, method="magnitude"), tmp_path).seconds > 0
    assert "64 pairs of 24 concepts" in found.words
