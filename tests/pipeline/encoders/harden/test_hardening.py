"""Hardening: misspelt queries come nearer, clean ones stay, the index is not touched."""

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

from pipeline.encoders.harden.hardening import Hardening, Weights  # noqa: E402
from pipeline.encoders.harden.looking import NoisyLook  # noqa: E402
from pipeline.encoders.harden.losses import alignment, anchor  # noqa: E402
from pipeline.encoders.harden.queries import Draw, misspelt_too  # noqa: E402
from pipeline.encoders.harden.space import check_space  # noqa: E402
from pipeline.encoders.noise import misspelt  # noqa: E402
from pipeline.encoders.train import curve, run  # noqa: E402
from pipeline.encoders.train.lessons import Lesson, Taught  # noqa: E402
from pipeline.encoders.train.loop import Schedule  # noqa: E402
from pipeline.encoders.train.plan import fitted  # noqa: E402
from pipeline.errors import EncoderError  # noqa: E402
from tests.samples import LetterEncoder, atoms_of  # noqa: E402

PARTS = ["foie", "rein", "cœur", "peau", "œil", "nez", "os", "sang", "main", "pied", "dent", "cou"]
SIGNS = ["douleur du", "tumeur bénigne de", "plaie profonde au", "infection répétée du"]
TERMS = [f"{sign} {part}" for part in PARTS for sign in SIGNS]
LESSONS = [
    Lesson(
        (f"X:{number}",),
        (Taught((f"X:{number}",), term, "fr", "name"), Taught((f"X:{number}",), f"part {number}", "en", "name")),
    )
    for number, term in enumerate(TERMS)
]
SHORT = Schedule(steps=10, keep_every=0, rate=5e-4)


def asked(source: Path, **changes: object) -> Hardening:
    schedule = dataclasses.replace(SHORT, **changes)  # type: ignore[arg-type]
    return Hardening(source=source, lessons=LESSONS, schedule=schedule, queries=16)


def spelt_badly() -> list[str]:
    return [misspelt(term, np.random.default_rng([9, place])) for place, term in enumerate(TERMS)]


def found(queries: np.ndarray, index: np.ndarray) -> float:
    """Share of queries whose own term is the nearest."""
    return float(np.mean((queries @ index.T).argmax(1) == np.arange(len(TERMS))))


def digest(folder: Path) -> str:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def test_misspelt_queries_find_more_of_an_index_that_stays(source_folder: Path, tmp_path: Path):
    longer = dataclasses.replace(asked(source_folder, steps=120, rate=1e-3), weights=Weights(anchor=10.0))
    frozen = longer.frozen()
    index = frozen.encode(TERMS)
    before, files = found(frozen.encode(spelt_badly()), index), digest(source_folder)
    trained = run.run(longer, tmp_path)
    hardened = dataclasses.replace(longer, source=trained).learner()
    assert found(hardened.encode(spelt_badly()), index) > before
    assert found(hardened.encode(TERMS), index) == 1  # the clean loss: none here
    assert float((hardened.encode(TERMS) * index).sum(1).mean()) > 0.9
    assert longer.frozen().encode(TERMS).tobytes() == index.tobytes()
    assert digest(source_folder) == files


def test_without_an_anchor_clean_queries_drift_further(source_folder: Path, tmp_path: Path):
    def kept(weight: float) -> float:
        weights = Weights(anchor=weight)
        one = dataclasses.replace(asked(source_folder, steps=40, rate=1e-3), weights=weights)
        hardened = dataclasses.replace(one, source=run.run(one, tmp_path / str(weight))).learner()
        return float((hardened.encode(TERMS) * one.frozen().encode(TERMS)).sum(1).mean())

    assert kept(10.0) > kept(0.0)


def test_a_run_that_was_stopped_ends_with_the_same_bits(source_folder: Path, tmp_path: Path):
    def stop(done: int, total: int | None, label: str) -> None:
        if done == 6:
            raise KeyboardInterrupt

    whole = run.run(asked(source_folder), tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run.run(asked(source_folder), tmp_path / "cut", progress=stop)
    resumed = run.run(asked(source_folder), tmp_path / "cut")
    assert (whole / "model.safetensors").read_bytes() == (resumed / "model.safetensors").read_bytes()


def test_a_folder_of_another_hardening_is_refused(source_folder: Path, tmp_path: Path):
    run.run(asked(source_folder, steps=1), tmp_path)
    other = dataclasses.replace(asked(source_folder, steps=1), noises=("keyboard",))
    with pytest.raises(EncoderError, match="another noises"):
        run.run(other, tmp_path)


def test_the_plan_says_what_is_misspelt(source_folder: Path, tmp_path: Path):
    _, plan = fitted(asked(source_folder, steps=3), tmp_path)
    assert "48 concepts, 48 French texts, misspelt by keyboard" in plan.words
    assert plan.steps == 3


def test_alignment_is_the_equation():
    vectors = torch.nn.functional.normalize(torch.randn(6, 5, generator=torch.Generator().manual_seed(0)), dim=1)
    noisy, clean = vectors[:3], vectors[3:]
    similar = (noisy @ clean.T / 0.5).exp()
    by_hand = [-torch.log(similar[i, i] / similar[i].sum()) for i in range(3)]
    assert torch.isclose(alignment(noisy, clean, temperature=0.5), torch.stack(by_hand).mean())


def test_the_anchor_is_zero_where_nothing_moved():
    vectors = torch.eye(3)
    assert anchor(vectors, vectors) == 0
    assert anchor(vectors, vectors.roll(1, 0)) == 1


def test_draws_are_french_distinct_and_the_same_for_a_step():
    draw = Draw(LESSONS, queries=16, seed=1)
    batch = draw(5)
    assert batch == Draw(LESSONS, queries=16, seed=1)(5)
    assert batch != draw(6)
    assert set(batch.clean) <= set(TERMS)
    assert len(set(batch.clean)) == 16
    assert all(clean != noisy for clean, noisy in zip(batch.clean, batch.noisy, strict=True))


def test_a_draw_keeps_to_the_noises_that_are_asked_for():
    batch = Draw(LESSONS, queries=48, noises=("accents",), seed=1)(0)
    assert set("".join(batch.noisy)) <= set("abcdefghijklmnopqrstuvwxyz ")


def test_a_vocabulary_is_cut_down_to_what_is_misspelt_too():
    [lesson] = misspelt_too(LESSONS[4:5], noises=("accents", "spaces"))
    texts = [one.text for one in lesson.texts]
    assert texts[:3] == ["douleur du rein", "part 4", "douleur du rein"]  # the accents of one without
    assert texts[3].replace(" ", "") == "douleurdurein"
    assert misspelt_too(LESSONS) == misspelt_too(LESSONS)


@pytest.mark.parametrize(
    ("lessons", "noises", "said"),
    [(LESSONS[:1], ("keyboard",), "French text"), (LESSONS, ("shouting",), "no noise shouting")],
)
def test_what_cannot_be_drawn_is_said(lessons, noises, said):
    with pytest.raises(EncoderError, match=said):
        Draw(lessons, queries=4, noises=noises, seed=1)


def test_an_index_of_another_space_is_refused():
    encoder = LetterEncoder()
    assert check_space(encoder, encoder.encode, TERMS) == pytest.approx(1)
    with pytest.raises(EncoderError, match="mean cosine"):
        check_space(encoder, lambda texts: -encoder.encode(texts), TERMS)
    with pytest.raises(EncoderError, match="64 dimensions, expected 32"):
        check_space(encoder, lambda texts: encoder.encode(texts)[:, :32], TERMS)


def test_a_look_asks_the_frozen_index_clean_and_misspelt(tmp_path: Path):
    gold = tmp_path / "dev.tsv"
    lines = [f"{term}\t\tC{number:07d}\tme\texact" for number, term in enumerate(TERMS)]
    gold.write_text("term\texplanation\tcuis\tsource\tmatch\n" + "\n".join(lines) + "\n", "utf-8")
    atoms = atoms_of(*((f"C{number:07d}", "FRE", term) for number, term in enumerate(TERMS)))
    index, queries = LetterEncoder(), LetterEncoder()
    look = NoisyLook([gold], atoms, index.encode)
    figures = look(queries.encode)
    assert figures["dev accuracy@1"] == 1
    assert figures["dev misspelt accuracy@1"] <= figures["dev misspelt accuracy@5"] <= 1
    assert look(queries.encode) == figures
    assert sorted(index.seen) == sorted(TERMS)  # once, by the frozen encoder alone


def test_the_curve_has_both(source_folder: Path, tmp_path: Path):
    run.run(asked(source_folder, steps=2), tmp_path, look=lambda _: {"dev misspelt accuracy@1": 0.5}, look_every=2)
    [point] = curve.points(tmp_path)
    assert point["dev misspelt accuracy@1"] == 0.5
