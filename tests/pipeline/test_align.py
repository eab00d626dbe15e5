import dataclasses

import numpy as np
import pyarrow as pa
import pytest

from pipeline.align import entry_texts, propose
from pipeline.contracts import CANDIDATES, MERGED, check
from pipeline.errors import InputError
from pipeline.prepare import Preparation
from pipeline.settings import Settings
from tests.samples import LetterEncoder, atoms_of, entries_of

ENTRIES = entries_of(
    ("E1", "saignement de nez", None),
    ("E2", "maux de tête", "Douleurs dans la tête"),
    ("E3", "gonflement", "œdème des jambes"),
)
ATOMS = atoms_of(
    ("C0014591", "FRE", "Épistaxis"),
    ("C0014591", "FRE", "Saignement nasal"),
    ("C0014591", "ENG", "Nosebleed"),
    ("C0018681", "FRE", "Mal de tête"),
    ("C0018681", "ENG", "Headache"),
    ("C0013604", "FRE", "Œdème"),
    ("C0013604", "ENG", "Edema"),
    ("C0030193", "FRE", "Mal de tête"),
)


class NoMemory:
    def lookup(self, texts):
        return {}


class Other(LetterEncoder):
    name = "other"
    dimension = 32


AS_THEY_ARE = Preparation(NoMemory())


def found(encoders=None, **settings):
    return propose(
        ENTRIES,
        ATOMS,
        encoders or [LetterEncoder(), Other()],
        Settings(**settings),
        prepare=AS_THEY_ARE,
    )


def test_tables_keep_their_contracts_and_every_entry_has_every_concept_within_k():
    one = found(top_k=3)
    check(one.candidates, CANDIDATES, "candidates")
    check(one.merged, MERGED, "merged")
    assert len(one.candidates) == 3 * 2 * 3
    assert one.candidates["rank"].to_pylist() == [1, 2, 3] * 6


def test_a_concept_stands_once_an_entry_under_its_best_atom():
    rows = [r for r in found(top_k=4).merged.to_pylist() if r["entry_id"] == "E1"]
    assert len({r["CUI"] for r in rows}) == len(rows) == 4
    assert (rows[0]["CUI"], rows[0]["name"], rows[0]["rank"]) == ("C0014591", "Saignement nasal", 1)


def test_a_string_of_two_concepts_proposes_both():
    rows = [r for r in found(top_k=4, gathered=False).merged.to_pylist() if r["entry_id"] == "E2"]
    assert [r["CUI"] for r in rows[:2]] == ["C0018681", "C0030193"]
    assert rows[0]["score"] == rows[1]["score"]


def test_of_two_concepts_of_one_string_the_one_whose_other_names_lead_away_comes_second():
    rows = [r for r in found(top_k=4).merged.to_pylist() if r["entry_id"] == "E2"]
    assert [r["CUI"] for r in rows[:2]] == ["C0030193", "C0018681"]
    assert rows[0]["score"] > rows[1]["score"]


def test_the_evidence_repeats_what_each_encoder_said():
    one = found(top_k=2)
    said = {(r["entry_id"], r["encoder"], r["CUI"]): r for r in one.candidates.to_pylist()}
    for row in one.merged.to_pylist():
        assert [e["encoder"] for e in row["evidence"]] == ["letters", "other"]
        assert row["encoders"] == [e["encoder"] for e in row["evidence"] if e["rank"] is not None]
        assert row["score"] == pytest.approx(np.mean([e["score"] for e in row["evidence"]]), abs=1e-6)
        for evidence in row["evidence"]:
            candidate = said.get((row["entry_id"], evidence["encoder"], row["CUI"]))
            expected = {k: candidate[k] for k in ("rank", "cosine", "score")} if candidate else {"rank": None}
            assert {k: evidence[k] for k in expected} == expected


def test_the_merged_list_is_the_union_of_the_candidates():
    one = found(top_k=2)
    pairs = {(r["entry_id"], r["CUI"]) for r in one.candidates.to_pylist()}
    assert {(r["entry_id"], r["CUI"]) for r in one.merged.to_pylist()} == pairs


def test_an_encoder_alone_gives_its_own_ranking():
    one = found([LetterEncoder()], top_k=4)
    for name in ("entry_id", "CUI", "rank", "score", "name"):
        assert one.merged[name].to_pylist() == one.candidates[name].to_pylist()


TERMS = ["saignement de nez", "maux de tête", "gonflement"]
EXPLAINED = ["saignement de nez", "Douleurs dans la tête", "œdème des jambes"]
JOINED = ["saignement de nez", "maux de tête. Douleurs dans la tête", "gonflement. œdème des jambes"]


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("term", [(1, TERMS)]),
        ("explanation", [(1, EXPLAINED)]),
        ("both", [(1, JOINED)]),
        ("mean", [(0.7, TERMS), (pytest.approx(0.3), EXPLAINED)]),
    ],
)
def test_the_text_of_an_entry_is_a_setting(which, expected):
    assert entry_texts(ENTRIES, which) == expected


def test_the_mean_of_an_entry_without_explanation_is_its_term():
    first = {name: found(entry_text=name).candidates.slice(0, 4).to_pylist() for name in ("term", "mean")}
    assert [row["CUI"] for row in first["mean"]] == [row["CUI"] for row in first["term"]]
    assert [row["cosine"] for row in first["mean"]] == pytest.approx([row["cosine"] for row in first["term"]])
    assert found(entry_text="mean").merged != found(entry_text="term").merged


def test_nothing_to_align_is_an_error():
    with pytest.raises(InputError, match="0 lexicon entries"):
        propose(ENTRIES.slice(0, 0), ATOMS, [LetterEncoder()], Settings(), prepare=AS_THEY_ARE)


def test_the_order_of_the_lexicon_changes_no_score():
    shuffled = ENTRIES.take(pa.array([2, 0, 1]))
    again = propose(shuffled, ATOMS, [LetterEncoder(), Other()], Settings(), prepare=AS_THEY_ARE)
    key = [("entry_id", "ascending"), ("rank", "ascending")]
    assert again.merged.sort_by(key).equals(found().merged.sort_by(key))
    assert dataclasses.asdict(again.bounds["letters"]) == dataclasses.asdict(found().bounds["letters"])
