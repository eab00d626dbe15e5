"""Linking under noise: the target stays, losses are paired, what is changed is counted."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from pipeline.align import propose
from pipeline.cli import evaluate as command
from pipeline.encoders.noise import NOISES
from pipeline.errors import InputError
from pipeline.evaluate.linking import Gold, read_gold
from pipeline.evaluate.noise import check, robustness, under
from pipeline.prepare import Preparation
from pipeline.settings import Settings
from tests.samples import LetterEncoder, atoms_of

TERMS = {
    "C0015967": "fièvre",
    "C0010200": "toux sèche",
    "C0013604": "œdème des jambes",
    "C0018681": "mal à la tête",
    "C0004604": "mal au dos",
    "C0018965": "sang dans l'urine",
}


@pytest.fixture
def gold(tmp_path) -> Gold:
    lines = [f"{term}\t{'Gonflé.' if cui == 'C0013604' else ''}\t{cui}\tme\texact" for cui, term in TERMS.items()]
    path = tmp_path / "gold.tsv"
    path.write_text("term\texplanation\tcuis\tsource\tmatch\n" + "\n".join(lines) + "\n", "utf-8")
    return read_gold(path)


@pytest.fixture
def atoms() -> pa.Table:
    return atoms_of(*((cui, "FRE", term) for cui, term in TERMS.items()))


class NoMemory:
    def lookup(self, texts):
        return {}


def answers(atoms, encoder, cache=None):
    def answer(entries):
        found = propose(entries, atoms, [encoder], Settings(top_k=3), prepare=Preparation(NoMemory()), cache=cache)
        return {"letters": found.candidates}

    return answer


def test_only_the_entries_are_misspelt(gold):
    noised = under(gold, "accents")
    assert noised.entries["term"].to_pylist()[:3] == ["fievre", "toux seche", "oedeme des jambes"]
    assert noised.entries["explanation"].to_pylist()[:3] == [None, None, "Gonfle."]
    assert noised.entries.drop(["term", "explanation"]).equals(gold.entries.drop(["term", "explanation"]))
    assert noised.cuis == gold.cuis


def test_the_target_is_encoded_once(gold, atoms, tmp_path):
    encoder = LetterEncoder()
    robustness(gold, ["keyboard", "accents"], answers(atoms, encoder, tmp_path / "cache"))
    target = [text for text in encoder.seen if text in TERMS.values()]
    assert sorted(target) == sorted(TERMS.values())


def test_losses_are_counted_pair_by_pair(gold):
    right = {entry: cui for entry, cui in zip(gold.entries["entry_id"].to_pylist(), TERMS, strict=True)}

    def answer(entries):
        rows = []
        for entry, term in zip(entries["entry_id"].to_pylist(), entries["term"].to_pylist(), strict=True):
            known = term in TERMS.values() or term == "mal a la tete"
            rows.append((entry, 1 if known else 2, right[entry]))
        names = ("entry_id", "rank", "CUI")
        return {"mine": pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))}

    found = robustness(gold, ["accents"], answer)
    assert found["clean"]["systems"]["mine"]["accuracy@1"] == 1
    noised = found["accents"]
    assert noised["changed"] == 4
    row = noised["systems"]["mine"]
    assert row["accuracy@1"] == pytest.approx(3 / 6)
    assert row["gain@1"] | {"interval": None} == {"lost": 3, "won": 0, "value": -0.5, "interval": None}
    low, high = row["gain@1"]["interval"]
    assert low < -0.5 < high
    assert row["gain@5"]["value"] == 0


def test_the_same_seed_gives_the_same_figures(gold, atoms):
    one, two = (robustness(gold, list(NOISES), answers(atoms, LetterEncoder()), seed=7) for _ in range(2))
    assert json.dumps(one) == json.dumps(two)
    assert set(one) == {"clean", *NOISES}


def test_an_encoder_without_french_is_refused():
    english = LetterEncoder()
    english.languages = ("en",)
    with pytest.raises(InputError, match="reads no French"):
        check([LetterEncoder(), english])


def test_the_command_names_every_noise():
    assert tuple(NOISES) == command.NOISES


def test_the_command_tells_each_noise_and_its_loss(gold, atoms, workspace, tmp_path, monkeypatch):
    release = tmp_path / "umls"
    release.mkdir()
    pq.write_table(atoms, release / "atoms.parquet")
    monkeypatch.setattr(type(workspace), "release", lambda self, name: release)
    monkeypatch.setattr(command, "encoders_of", lambda settings: [LetterEncoder()])
    arguments = [str(tmp_path / "gold.tsv"), "--noise", "all", "--progress", "none"]
    table = CliRunner().invoke(command.linking, arguments, obj=workspace.root)
    assert table.exit_code == 0, table.output
    assert len(table.output.splitlines()) == 1 + 2 * 8
    found = CliRunner().invoke(command.linking, [*arguments, "--json"], obj=workspace.root)
    noises = json.loads(found.stdout)["noises"]
    assert set(noises) == {"clean", *NOISES}
    assert set(noises["scan"]["systems"]) == {"letters", "merged"}
    assert np.isfinite(noises["scan"]["systems"]["merged"]["gain@1"]["interval"]).all()
