"""Pre-training: it learns to guess, goes on after a kill with the same bits, and an encoder is made of what it made."""

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")
transformers = pytest.importorskip("transformers", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.encoders.export import source  # noqa: E402
from pipeline.encoders.pretrain import corpus, vocabulary  # noqa: E402
from pipeline.encoders.pretrain.looking import ACCURACY, LOSS, HeldOut  # noqa: E402
from pipeline.encoders.pretrain.pretraining import Pretraining  # noqa: E402
from pipeline.encoders.pretrain.starts import Continued, Scratch, Shape, Start  # noqa: E402
from pipeline.encoders.train import checkpoint, curve, run  # noqa: E402
from pipeline.encoders.train.aligning import SelfAlignment  # noqa: E402
from pipeline.encoders.train.lessons import Lesson, Taught  # noqa: E402
from pipeline.encoders.train.loop import Schedule  # noqa: E402
from pipeline.encoders.train.plan import Looks, fitted, fitting  # noqa: E402
from pipeline.encoders.train.student import Student  # noqa: E402
from pipeline.errors import EncoderError  # noqa: E402
from tests.pipeline.encoders.export.tiny import transformers_folder  # noqa: E402
from tests.pipeline.encoders.pretrain.french import DIARY, DIARY_PIECES, LINES, PIECES  # noqa: E402

SHORT = Schedule(steps=10, keep_every=0, rate=3e-3)


@cache
def scratch() -> Scratch:
    shape = Shape(layers=2, hidden=32)
    return Scratch(vocabulary=vocabulary.learn(LINES, PIECES), pieces=PIECES, shape=shape, length=24)


def asked(start: Start | None = None, **changes: object) -> Pretraining:
    start = start or scratch()
    schedule = dataclasses.replace(SHORT, **changes)  # type: ignore[arg-type]
    text = corpus.corpus(LINES, start.tokenizer(), length=start.length, seed=schedule.seed)
    return Pretraining(start=start, corpus=text, schedule=schedule, batch=16, masked=0.25)


def bits(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


def diary() -> Pretraining:
    learnt = vocabulary.learn(DIARY, DIARY_PIECES)
    start = Scratch(vocabulary=learnt, pieces=DIARY_PIECES, shape=Shape(layers=2, hidden=64), length=24)
    text = corpus.corpus(DIARY, start.tokenizer(), length=24, seed=1)
    schedule = Schedule(steps=100, rate=5e-3, seed=1)
    return Pretraining(start=start, corpus=text, schedule=schedule, batch=32, masked=0.25)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    asked = diary()
    return run.learn(asked, tmp_path_factory.mktemp("french"), look=HeldOut(asked), look_every=10)


def test_hidden_pieces_of_lines_that_were_held_out_are_guessed_better(trained: Path):
    measured = [point for point in curve.points(trained.parent) if LOSS in point]
    assert measured[-1][LOSS] < measured[0][LOSS] - 1
    assert measured[-1][ACCURACY] > measured[0][ACCURACY] + 0.15
    assert "held-out loss" in (trained.parent / "curve.html").read_text("utf-8")
    assert not (trained.parent / checkpoint.NAME).exists()


def test_what_comes_out_is_a_transformers_folder_with_its_head_and_without_a_pooling(trained: Path):
    about = source.read(trained)
    assert (about.architecture, about.layers, about.hidden, about.max_length) == ("bert", 2, 64, 24)
    assert about.pooling is None
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {file.name for file in trained.iterdir()}
    config = transformers.AutoConfig.from_pretrained(trained)
    assert config.hidden_dropout_prob == 0.1, "dropout is off here, and on in what is taught after"


def test_read_back_it_guesses_as_it_did(trained: Path):
    again = Continued(folder=trained, length=24)
    text = corpus.corpus(DIARY, again.tokenizer(), length=24, seed=1)
    asked = dataclasses.replace(diary(), start=again, corpus=text)
    found, last = HeldOut(asked)(asked.learner()), curve.points(trained.parent)[-1]
    assert found == pytest.approx({LOSS: last[LOSS], ACCURACY: last[ACCURACY]}, rel=1e-5)


def test_an_encoder_is_made_of_it(trained: Path, tmp_path: Path):
    student = Student(trained, pooling="mean")
    vectors = student.encode(["la douleur du foie", "l'œdème du pied"])
    assert vectors.shape == (2, 64)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    lessons = [
        Lesson((f"X:{place}",), tuple(Taught((f"X:{place}",), text, "fr", "name") for text in LINES[place : place + 2]))
        for place in range(0, 40, 2)
    ]  # fmt: skip
    taught = SelfAlignment(
        source=trained, lessons=lessons, schedule=dataclasses.replace(SHORT, steps=3), pooling="mean"
    )
    one, two = (run.run(taught, tmp_path / name) for name in ("one", "two"))
    assert source.read(one).pooling == "mean"
    assert bits(one) == bits(two), "the pooler that it lacks is drawn the same each time"


def test_the_same_seed_gives_the_same_bits_and_another_others(tmp_path: Path):
    one, two, other = (
        run.learn(asked(seed=seed), tmp_path / name) for name, seed in (("one", 1), ("two", 1), ("other", 2))
    )
    assert bits(one) == bits(two)
    assert (one / "tokenizer.json").read_bytes() == (two / "tokenizer.json").read_bytes()
    assert bits(one) != bits(other)


def kill_itself(done: int, total: int | None, label: str) -> None:
    if done == 7:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_run_goes_on_and_ends_with_the_same_bits(tmp_path: Path):
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.pipeline.encoders.pretrain import test_pretraining as t\n"
        "t.run.learn(t.asked(), Path(sys.argv[1]), progress=t.kill_itself)"
    )
    home = Path(__file__).parents[4]
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "cut")], cwd=home, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "cut" / run.TRAINED).exists()
    state = checkpoint.last(tmp_path / "cut")
    assert state is not None
    assert state.step == 6
    assert bits(run.learn(asked(), tmp_path / "cut")) == bits(run.learn(asked(), tmp_path / "whole"))


def test_a_folder_of_another_run_is_refused_and_left_as_it_was(tmp_path: Path):
    run.learn(asked(steps=1), tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(EncoderError, match="another batch, masked, expected the same to go on"):
        run.learn(dataclasses.replace(asked(steps=1), batch=8, masked=0.15), tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_the_plan_fits_the_minutes_and_writes_nothing(tmp_path: Path):
    many, plan = fitted(asked(steps=10_000_000), tmp_path / "run", minutes=1)
    assert 1 <= many.schedule.steps < 10_000_000
    assert plan.seconds == plan.steps * plan.seconds_per_step <= 60
    assert "a new BERT of 2 layers, 32 wide, with 140 word pieces" in plan.words
    assert f"{len(LINES) - len(LINES) // 200:,} lines" in plan.words
    assert not (tmp_path / "run").exists()


def slow(_: object) -> dict[str, float]:
    time.sleep(0.5)
    return {}


@pytest.mark.parametrize(("looks", "number"), [(Looks(look=slow), 20), (Looks(look=slow, every=10), None)])
def test_the_minutes_hold_the_measurements_too(looks: Looks, number: int | None, tmp_path: Path):
    many, plan = fitted(asked(steps=10_000_000), tmp_path / "run", minutes=1, between=[looks])
    [pauses] = plan.pauses
    assert pauses.number == looks.number(many.schedule.steps)
    assert number is None or number - 1 <= pauses.number <= number
    assert pauses.each >= 0.5
    assert 45 < plan.seconds <= 60, "the budget is used, and kept"
    assert f"{pauses.number:,} × {pauses.each:.2f} s of measuring" in plan.words


@pytest.mark.parametrize("every", [None, 1, 7])
@pytest.mark.parametrize("seconds", [0.1, 5, 24, 25, 26, 70, 1000])
def test_steps_and_their_looks_fill_the_seconds_and_no_more(every: int | None, seconds: float):
    looks = Looks(look=slow, every=every)

    def takes(steps: int) -> float:
        return steps * 0.25 + looks.number(steps) * 1.0

    steps = fitting(seconds, 0.25, [(looks, 1.0)])
    assert steps == 1 or takes(steps) <= seconds
    one_more = steps + 1
    assert one_more * 0.25 + (1 + one_more / every if every else min(looks.times, one_more)) > seconds


def test_dropout_is_off():
    learner = asked().learner()
    ids = torch.tensor([[2, 10, 11, 3]])
    first, second = (learner.model(input_ids=ids).logits for _ in range(2))
    assert torch.equal(first, second)


@pytest.mark.parametrize(("hidden", "heads"), [(32, 1), (64, 1), (96, 3), (384, 6), (160, 5)])
def test_a_head_has_64_numbers_or_32(hidden: int, heads: int):
    assert Shape(hidden=hidden).heads == heads


def test_a_width_that_heads_cannot_share_is_refused():
    with pytest.raises(EncoderError, match=r"hidden size 100, expected a multiple of 32: .* take --hidden 96"):
        Shape(hidden=100)


def test_an_encoder_without_a_head_goes_on_with_one_tied_to_its_words(source_folder: Path, tmp_path: Path):
    start = Continued(folder=source_folder, length=24)
    learner = asked(start).learner()
    words = learner.model.get_input_embeddings().weight
    assert learner.model.cls.predictions.decoder.weight is words
    whole = transformers.AutoModel.from_pretrained(source_folder)
    assert torch.equal(whole.get_input_embeddings().weight, words)
    one, two = (run.learn(asked(start, steps=2), tmp_path / name) for name in ("one", "two"))
    assert bits(one) == bits(two), "a new head is drawn from the seed"
    before, after = (transformers.AutoTokenizer.from_pretrained(place) for place in (source_folder, one))
    assert before("la brûlure du pied")["input_ids"] == after("la brûlure du pied")["input_ids"]
    again = Continued(folder=one, length=24).model()
    assert torch.equal(again.cls.predictions.transform.dense.weight, source_weight(one))


def source_weight(folder: Path) -> "torch.Tensor":
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")["cls.predictions.transform.dense.weight"]


def test_one_whose_head_was_to_be_its_own_is_tied_where_it_is_not_there(source_folder: Path, tmp_path: Path):
    untied = tmp_path / "untied"
    shutil.copytree(source_folder, untied)
    config = transformers.AutoConfig.from_pretrained(untied)
    config.tie_word_embeddings = False
    config.save_pretrained(untied)
    model = Continued(folder=untied, length=24).model()
    assert model.cls.predictions.decoder.weight is model.get_input_embeddings().weight


@pytest.mark.parametrize("architecture", ["camembert", "xlm-roberta"])
def test_the_family_of_roberta_goes_on_too(architecture: str, tmp_path: Path):
    folder = transformers_folder(tmp_path / architecture, architecture)
    found = run.learn(asked(Continued(folder=folder, length=16), steps=2), tmp_path / "run")
    assert Student(found, pooling="mean").encode(["fièvre"]).shape == (1, 32)


def test_others_and_rows_too_long_are_refused(source_folder: Path, tmp_path: Path):
    folder = transformers_folder(tmp_path / "distil", "distilbert")
    with pytest.raises(EncoderError, match="distilbert, expected one of bert, camembert"):
        Continued(folder=folder, length=16)
    with pytest.raises(EncoderError, match="rows of 512 tokens wanted, expected 128 at most"):
        Continued(folder=source_folder, length=512)


def test_weights_that_are_absent_are_named(source_folder: Path, tmp_path: Path):
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "cut"
    shutil.copytree(source_folder, folder)
    weights = load_file(folder / "model.safetensors")
    kept = {name: values for name, values in weights.items() if "layer.1.output.dense" not in name}
    save_file(kept, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(EncoderError, match=r"weights 2 absent .*layer\.1\.output\.dense"):
        Continued(folder=folder, length=16).model()
