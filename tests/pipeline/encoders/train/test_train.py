"""Training: it learns, goes on after a kill with the same bits, and says what it takes."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.encoders.train import checkpoint, curve, device, run  # noqa: E402
from pipeline.encoders.train.aligning import SelfAlignment  # noqa: E402
from pipeline.encoders.train.draws import Draw, Drawing  # noqa: E402
from pipeline.encoders.train.lessons import Lesson, Taught  # noqa: E402
from pipeline.encoders.train.loop import Schedule  # noqa: E402
from pipeline.encoders.train.losses import contrast, multi_similarity  # noqa: E402
from pipeline.encoders.train.mining import Mining, neighbours  # noqa: E402
from pipeline.encoders.train.plan import fitted  # noqa: E402
from pipeline.encoders.train.student import Student  # noqa: E402
from pipeline.errors import EncoderError  # noqa: E402

PARTS = {"foie": "liver", "rein": "kidney", "cœur": "heart", "peau": "skin", "œil": "eye", "nez": "nose", "os": "bone",
         "sang": "blood", "main": "hand", "pied": "foot", "dent": "tooth", "cou": "neck"}  # fmt: skip
SIGNS = {"douleur": "pain", "tumeur": "tumour", "plaie": "wound", "infection": "infection"}
LESSONS = [
    Lesson(
        (f"X:{number}",),
        (
            Taught((f"X:{number}",), f"{sign} {part}", "fr", "name"),
            Taught((f"X:{number}",), f"{PARTS[part]} {SIGNS[sign]}", "en", "name"),
            Taught((f"X:{number}",), f"j'ai une {sign} au niveau du {part}", "fr", "lay"),
        ),
    )
    for number, (part, sign) in enumerate((part, sign) for part in PARTS for sign in SIGNS)
]
SHORT = Schedule(steps=12, keep_every=0, rate=5e-4)


def asked(source: Path, **changes: object) -> SelfAlignment:
    schedule = dataclasses.replace(SHORT, **changes)  # type: ignore[arg-type]
    few = Drawing(concepts=16)
    return SelfAlignment(source=source, lessons=LESSONS, schedule=schedule, drawing=few, mine_from=4, mine_every=4)


def bits(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


def test_names_of_one_concept_come_nearer(source_folder: Path, tmp_path: Path):
    def right(encode) -> float:
        french, english = (encode([lesson.texts[place].text for lesson in LESSONS]) for place in (0, 1))
        return float(np.mean((french @ english.T).argmax(1) == np.arange(len(LESSONS))))

    longer = asked(source_folder, steps=120, rate=1e-3)
    before = right(longer.learner().encode)
    found = run.run(longer, tmp_path, look=lambda encode: {"right": right(encode)}, look_every=50)
    *_, last = measured = [point for point in curve.points(tmp_path) if "right" in point]
    assert [point["step"] for point in measured] == [50, 100, 120]
    assert before < 0.3
    assert last["right"] > before + 0.4
    assert (found / "modules.json").exists()
    assert (tmp_path / "curve.html").stat().st_size > 1000
    assert not (tmp_path / checkpoint.NAME).exists()


def test_nothing_is_dropped_while_it_learns(source_folder: Path, tmp_path: Path):
    texts = [lesson.texts[0].text for lesson in LESSONS]

    def twice(student: Student) -> dict[str, float]:
        assert student.transformer.config.hidden_dropout_prob > 0
        first, second = student.vectors(texts), student.vectors(texts)
        assert first.requires_grad
        return {"same": float(torch.equal(first, second))}

    run.learn(asked(source_folder, steps=2), tmp_path, look=twice, look_every=1)
    assert [point["same"] for point in curve.points(tmp_path)] == [1, 1]


@pytest.mark.parametrize("words", [False, True])
def test_the_word_table_learns_where_it_is_asked_to(words: bool, source_folder: Path, tmp_path: Path):
    few = dataclasses.replace(asked(source_folder, steps=3), words=words)
    before = few.learner().transformer.get_input_embeddings().weight
    trained = run.run(few, tmp_path / "run")
    after = dataclasses.replace(few, source=trained).learner().transformer.get_input_embeddings().weight
    assert torch.equal(before, after) is not words


def test_a_run_that_was_stopped_ends_with_the_same_bits(source_folder: Path, tmp_path: Path):
    whole = run.run(asked(source_folder), tmp_path / "whole")

    def stop(done: int, total: int | None, label: str) -> None:
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.run(asked(source_folder), tmp_path / "cut", progress=stop)
    assert not (tmp_path / "cut" / run.TRAINED).exists()
    resumed = run.run(asked(source_folder), tmp_path / "cut")
    assert bits(whole) == bits(resumed)
    assert [point["step"] for point in curve.points(tmp_path / "cut")] == sorted(
        {point["step"] for point in curve.points(tmp_path / "cut")}
    )


def test_a_killed_run_goes_on(source_folder: Path, tmp_path: Path):
    folder = tmp_path / "killed"
    code = (
        "import sys; sys.path[:0] = sys.argv[3:]\nfrom pathlib import Path\nimport test_train as t\n"
        "from pipeline.encoders.train import run\n"
        "run.run(t.asked(Path(sys.argv[1]), steps=2000), Path(sys.argv[2]))"
    )
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[4])]
    process = subprocess.Popen([sys.executable, "-c", code, str(source_folder), str(folder), *paths])
    limit = time.monotonic() + 120
    while not (folder / checkpoint.NAME).exists():
        assert process.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    state = checkpoint.last(folder)
    assert state is not None
    assert state.step >= 1


def test_a_folder_of_another_run_is_refused(source_folder: Path, tmp_path: Path):
    run.run(asked(source_folder, steps=1), tmp_path)
    with pytest.raises(EncoderError, match="another schedule"):
        run.run(asked(source_folder, steps=2), tmp_path)


def test_a_damaged_checkpoint_is_named(source_folder: Path, tmp_path: Path):
    (tmp_path / checkpoint.NAME).write_bytes(b"cut short")
    with pytest.raises(EncoderError, match="cannot be read"):
        run.run(asked(source_folder), tmp_path)


def test_a_loss_that_is_no_number_ends_the_run(source_folder: Path, tmp_path: Path):
    with pytest.raises(EncoderError, match="expected a number"):
        run.run(asked(source_folder, rate=1e30, steps=60), tmp_path)


def test_the_plan_fits_the_minutes(source_folder: Path, tmp_path: Path):
    many, plan = fitted(asked(source_folder, steps=10_000_000), tmp_path, minutes=1)
    assert 1 <= many.schedule.steps < 10_000_000
    assert plan.steps * plan.seconds_per_step <= 60
    assert json.dumps(dataclasses.asdict(plan))
    assert "48 concepts, 144 texts" in plan.words
    _, few = fitted(asked(source_folder, steps=3), tmp_path, minutes=60)
    assert few.steps == 3


def test_the_minutes_hold_the_search_for_neighbours_too(source_folder: Path, tmp_path: Path):
    many = dataclasses.replace(asked(source_folder, steps=10_000_000), mine_every=10)
    slow = dataclasses.replace(many.mining, lessons=LESSONS * 200)
    fit, plan = fitted(many, tmp_path, minutes=1, between=[slow])
    [pauses] = plan.pauses
    assert pauses.number == sum(fit.mining.due(step) for step in range(plan.steps)) > 1
    assert 45 < plan.seconds <= 60, "the budget is used, and kept"
    assert f"{pauses.number:,} × {pauses.each:.2f} s of looking up neighbours" in plan.words


@pytest.mark.parametrize(("begin", "every"), [(0, 1), (4, 4), (300, 600)])
def test_neighbours_are_looked_up_as_often_as_was_said(begin: int, every: int):
    mining = Mining(LESSONS, begin, every)
    for steps in (0, 1, 4, 5, 8, 9, 300, 301, 900, 901):
        assert mining.number(steps) == sum(mining.due(step) for step in range(steps))


def test_draws_depend_on_seed_and_step_alone():
    one, two = (Draw(LESSONS, Drawing(concepts=8), seed=1) for _ in range(2))
    assert [one(step).texts for step in (5, 0, 5)] == [two(step).texts for step in (5, 0, 5)]
    assert one(5).texts != one(6).texts
    assert one(5).texts != Draw(LESSONS, Drawing(concepts=8), seed=2)(5).texts


def test_half_of_a_step_are_neighbours():
    draw = Draw(LESSONS, Drawing(concepts=8, near=0.5), seed=1)
    draw.neighbours = np.array([[(number + 1) % 48] for number in range(48)])
    numbers = draw(0).lessons[:8].tolist()
    assert len(set(numbers)) == 8
    assert all((number + 1) % 48 in numbers for number in numbers[:4])


def test_neighbours_are_other_lessons_without_a_name_in_common():
    twin = Lesson(("X:99",), (LESSONS[0].texts[0], LESSONS[0].texts[1]))
    every = [*LESSONS, twin]

    def encode(texts):
        vectors = np.random.default_rng(3).standard_normal((len(texts), 8)).astype(np.float32)
        vectors[-1] = vectors[0]
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    found = neighbours(every, encode, nearest=5)
    assert found.shape == (49, 5)
    assert 48 not in found[0]
    assert all(number not in found[number] for number in range(49))


@pytest.mark.parametrize("loss", [contrast, multi_similarity])
def test_a_loss_is_smallest_where_the_same_are_near_and_others_far(loss):
    lessons = torch.tensor([0, 1, 2, 0, 1, 2])
    apart = torch.eye(3).repeat(2, 1)
    mixed = apart.roll(1, 0)
    together = torch.ones(6, 3) / 3**0.5
    assert loss(apart, lessons) < loss(together, lessons) < loss(torch.cat([apart[:3], mixed[:3]]), lessons)


def test_contrast_is_the_equation():
    vectors = torch.nn.functional.normalize(
        torch.randn(4, 5, generator=torch.Generator().manual_seed(0)).double(), dim=1
    )
    lessons = torch.tensor([0, 1, 0, 1])
    similar = (vectors @ vectors.T / 0.05).exp()
    by_hand = [
        -torch.log(similar[i, same] / (similar[i].sum() - similar[i, i])) for i, same in enumerate([2, 3, 0, 1])
    ]
    assert torch.isclose(contrast(vectors, lessons), torch.stack(by_hand).mean())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is at hand")
def test_it_trains_on_a_gpu(source_folder: Path, tmp_path: Path):
    on_gpu = dataclasses.replace(asked(source_folder), device="cuda", bf16=True)
    assert (run.run(on_gpu, tmp_path) / "model.safetensors").exists()


def test_a_gpu_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(EncoderError, match="--device cpu"):
        device.choose("cuda")
    assert device.choose("auto")[0] == "cpu"
