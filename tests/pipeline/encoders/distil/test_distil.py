"""Distillation: the student nears its teacher, goes on after a stop with the same bits, and refuses what cannot be."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.encoders.distil.distilling import Distillation  # noqa: E402
from pipeline.encoders.distil.plan import planned  # noqa: E402
from pipeline.encoders.distil.start import start  # noqa: E402
from pipeline.encoders.distil.styles import KALE, STYLES, Style  # noqa: E402
from pipeline.encoders.distil.teacher import FolderTeacher, RegisteredTeacher, Teacher  # noqa: E402
from pipeline.encoders.distil.view import view  # noqa: E402
from pipeline.encoders.train import run  # noqa: E402
from pipeline.encoders.train.loop import Schedule  # noqa: E402
from pipeline.encoders.train.student import Student  # noqa: E402
from pipeline.errors import EncoderError  # noqa: E402
from tests.pipeline.encoders.distil.small import FEW, LESSONS, NAMES, twin  # noqa: E402
from tests.samples import LetterEncoder  # noqa: E402

SHORT = Schedule(steps=8, keep_every=0, rate=5e-4)


def asked(student: Path, teacher: Teacher, style: Style, **changes: object) -> Distillation:
    schedule = dataclasses.replace(SHORT, **changes)  # type: ignore[arg-type]
    return Distillation(
        source=student, lessons=LESSONS, schedule=schedule, teacher=teacher, style=style, drawing=FEW
    )


def near(encode, right: np.ndarray) -> float:
    """Mean cosine to the teacher's vectors, of one dimension: of how each text is near to all, of two."""
    mine = encode(NAMES)
    pair = [mine, right] if mine.shape == right.shape else [mine @ mine.T, right @ right.T]
    mine, right = (vectors - vectors.mean(0) for vectors in pair)
    return float(np.mean((mine * right).sum(1) / np.linalg.norm(mine, axis=1) / np.linalg.norm(right, axis=1)))


def bits(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


@pytest.mark.parametrize("style", ["distil", "tiny", "compact", "vectors", "kale"])
def test_a_student_nears_its_teacher(style: str, teacher_folder: Path, tmp_path: Path):
    chosen = KALE if style == "kale" else dataclasses.replace(STYLES[style], contrast=0)
    teacher = FolderTeacher(teacher_folder)
    begun = start(teacher_folder, tmp_path, 2, teacher, chosen)
    right = teacher.encoder.encode(NAMES)
    before = near(Student(begun).encode, right)
    after = near(Student(run.run(asked(begun, teacher, chosen, steps=60, rate=3e-3), tmp_path)).encode, right)
    assert after > before + 0.25


def test_a_student_nears_the_relations_of_a_wider_teacher(source_folder: Path, wide_folder: Path, tmp_path: Path):
    teacher, style = FolderTeacher(wide_folder), STYLES["relations"]
    begun = start(source_folder, tmp_path, 2, teacher, style)
    right = teacher.encoder.encode(NAMES)
    before = near(Student(begun).encode, right)
    after = near(Student(run.run(asked(begun, teacher, style, steps=60, rate=3e-3), tmp_path)).encode, right)
    assert after > before + 0.1


def test_mapped_states_near_those_of_a_wider_teacher(source_folder: Path, wide_folder: Path, tmp_path: Path):
    teacher, style = FolderTeacher(wide_folder), Style(hidden=1)
    run.run(asked(source_folder, teacher, style, steps=60, rate=3e-3), tmp_path)
    first, *_, last = [json.loads(line)["loss"] for line in (tmp_path / "curve.jsonl").read_text().splitlines()]
    assert last < first / 2


@pytest.mark.parametrize(("style", "taught_by"), [("compact", "teacher_folder"), ("tiny", "wide_folder")])
def test_a_run_that_was_stopped_ends_with_the_same_bits(
    style: str, taught_by: str, source_folder: Path, tmp_path: Path, request: pytest.FixtureRequest
):
    teacher = FolderTeacher(request.getfixturevalue(taught_by))
    training = asked(source_folder, teacher, STYLES[style])

    def stop(done: int, total: int | None, label: str) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.run(training, tmp_path / "cut", progress=stop)
    resumed = run.run(training, tmp_path / "cut")
    assert bits(run.run(training, tmp_path / "whole")) == bits(resumed)


def test_when_it_is_kept_changes_no_bit(source_folder: Path, wide_folder: Path, tmp_path: Path):
    often, once = (
        asked(source_folder, FolderTeacher(wide_folder), STYLES["tiny"], keep_every=seconds)
        for seconds in (0, 1e9)
    )
    assert bits(run.run(often, tmp_path / "often")) == bits(run.run(once, tmp_path / "once"))


def test_attention_is_a_distribution_and_watching_changes_no_vector(teacher_folder: Path):
    model = Student(teacher_folder)
    plain = model.encode(NAMES[:5])
    watched = view(model, NAMES[:5])
    assert np.array_equal(watched.vectors.detach().numpy(), plain)
    [chunk] = watched.chunks
    assert len(chunk.hidden) == len(chunk.attention) == 4
    for seen in chunk.attention:
        assert torch.allclose(seen.sum(-1), torch.ones_like(seen.sum(-1)))
        assert (seen.masked_select(~chunk.mask[:, None, None, :]) == 0).all()


def test_the_vectors_of_a_registered_teacher_are_encoded_once(tmp_path: Path):
    letters = LetterEncoder()
    one = RegisteredTeacher(letters)
    kept = one.keep([*NAMES, *NAMES], tmp_path)
    assert sorted(letters.seen) == sorted(NAMES)
    assert one.keep(NAMES, tmp_path).seconds(NAMES, tmp_path) < 0.1
    assert sorted(letters.seen) == sorted(NAMES)
    live, stored = (teacher.view(NAMES[3:9], inside=False).vectors for teacher in (one, kept))
    assert torch.equal(live, stored)


def test_a_registered_encoder_teaches_by_its_vectors(source_folder: Path, tmp_path: Path):
    teacher = RegisteredTeacher(LetterEncoder()).keep(NAMES, tmp_path / "teacher")
    style = dataclasses.replace(STYLES["vectors"], contrast=0.1)
    begun = start(source_folder, tmp_path, 1, teacher, style)
    trained = run.run(asked(begun, teacher, style), tmp_path)
    assert Student(trained).encode(NAMES[:2]).shape == (2, 64)


def test_the_plan_tells_who_teaches(teacher_folder: Path, tmp_path: Path):
    teacher = FolderTeacher(teacher_folder)
    fit, plan = planned(asked(teacher_folder, teacher, STYLES["compact"]), tmp_path)
    assert fit.schedule.steps == 8
    assert "32 concepts, 64 texts, taught by deep-bert; 8 steps" in plan
    assert "before that" not in plan
    assert json.dumps(fit.to_json())


def test_the_plan_tells_how_long_a_registered_encoder_takes(source_folder: Path, tmp_path: Path):
    fit, plan = planned(asked(source_folder, RegisteredTeacher(LetterEncoder()), STYLES["vectors"]), tmp_path)
    assert plan.endswith("before that the vectors of letters: about 0 minutes, 0 MB on disk")
    assert isinstance(fit.teacher, RegisteredTeacher)
    assert fit.teacher.rows is None


def test_a_registered_encoder_that_must_be_looked_into_is_refused(source_folder: Path, tmp_path: Path):
    with pytest.raises(EncoderError, match="gives vectors only"):
        start(source_folder, tmp_path, 1, RegisteredTeacher(LetterEncoder()), STYLES["compact"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("style", "said"), [("compact", "96 dimensions"), ("vectors", "96 dimensions")])
def test_a_teacher_of_another_dimension_is_refused(
    style: str, said: str, source_folder: Path, wide_folder: Path, tmp_path: Path
):
    with pytest.raises(EncoderError, match=said):
        start(source_folder, tmp_path, 1, FolderTeacher(wide_folder), STYLES[style])
    assert list(tmp_path.iterdir()) == []


def test_a_teacher_of_fewer_layers_is_refused(source_folder: Path, teacher_folder: Path, tmp_path: Path):
    with pytest.raises(EncoderError, match="4 layers wanted, expected 1 to 2"):
        start(teacher_folder, tmp_path, 4, FolderTeacher(source_folder), STYLES["tiny"])


def test_a_teacher_of_another_vocabulary_is_refused(source_folder: Path, tmp_path: Path):
    other = twin(source_folder, tmp_path / "other")
    tokenizer = (other / "tokenizer.json").read_text("utf-8")
    (other / "tokenizer.json").write_text(tokenizer.replace("[unused1999]", "[unused-1999]"), "utf-8")
    with pytest.raises(EncoderError, match="another vocabulary"):
        start(source_folder, tmp_path / "run", 1, FolderTeacher(other), STYLES["tiny"])
    assert not (tmp_path / "run").exists()
