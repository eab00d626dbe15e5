import pyarrow as pa
import pytest

from curation_db import commands, queries
from pipeline.contracts import JUDGEMENTS, VERDICTS
from pipeline.errors import InputError
from tests.curation_db.projects import AT, new, rate


def test_progress_counts_what_is_done(store):
    rate(store, "Ana", "e0", "C0013604", 5, run="first", seconds=2.0)
    rate(store, "Ana", "e0", "C0000002", 0, seconds=4.0)
    rate(store, "Benoît", "e1", "C0020538", 0)
    commands.none_of_these(store, "Ana", "e1", "", command_id=new(), at=AT)
    commands.skip(store, "Ana", "e3", "C0015967", command_id=new(), at=AT)
    counts = queries.progress(store, "Ana", since=AT)
    assert counts == queries.Progress(
        entries=4, entries_done=2, entries_empty=1, alignments=6, rated=2, rated_by_all=3, flagged=0, none=1,
        absent=0, skipped=1, today=2, seconds=3.0,
    )  # fmt: skip


def test_no_candidate_fits_and_no_concept_exists_are_counted_apart(store):
    commands.none_of_these(store, "Ana", "e1", "", command_id=new(), at=AT)
    commands.no_concept(store, "Ana", "e2", "", command_id=new(), at=AT)
    counts = queries.progress(store, "Ana", since=AT)
    assert (counts.none, counts.absent, counts.entries_done) == (1, 1, 2)
    assert [line.entry_id for line in queries.entries(store, person="Ana", status="none").rows] == ["e1"]
    assert [line.entry_id for line in queries.entries(store, person="Ana", status="absent").rows] == ["e2"]


def test_judgements_verdicts_and_curated_have_their_contracts(store):
    rate(store, "Ana", "e0", "C0013604", 5, run="first", encoders=("e5", "use"), rank=1, score=0.5)
    rate(store, "Benoît", "e0", "C0013604", 2)
    commands.flag(store, "Ana", "e1", "C7777777", True, command_id=new(), at=AT)
    commands.skip(store, "Ana", "e3", "C0015967", command_id=new(), at=AT)
    commands.none_of_these(store, "Ana", "e3", "absent", command_id=new(), at=AT)
    judgements, verdicts = queries.judgements(store), queries.verdicts(store)
    assert (judgements.schema, verdicts.schema) == (JUDGEMENTS, VERDICTS)
    assert judgements["rating"].to_pylist() == [5, 2, None]
    assert judgements["origin"].to_pylist() == ["candidate", "candidate", "search"]
    assert judgements["at"].to_pylist() == [AT] * 3
    [curated] = queries.curated(store).to_pylist()
    assert (curated["rating"], curated["raters"], curated["encoders"]) == (2, 2, ["e5", "use"])
    assert queries.curated(store).schema.field("rating").type == pa.int8()


@pytest.mark.parametrize(("ratings", "curated"), [([4], 4), ([5, 2], 2), ([5, 0, 4], 4), ([5, 4, 2, 1], 2)])
def test_the_curated_rating_is_the_lower_median(store, ratings, curated):
    for number, rating in enumerate(ratings):
        rate(store, commands.add_person(store, f"P{number}", at=AT), "e0", "C0013604", rating)
    assert queries.curated(store)["rating"].to_pylist() == [curated]


def test_rating_counts_are_six_rows_an_encoder_and_for_all(store):
    rate(store, "Ana", "e0", "C0013604", 5)
    rate(store, "Ana", "e0", "C0000002", 1)
    rate(store, "Ana", "e0", "C7777777", 5, origin="search")
    counts = {(row["encoder"], row["rating"]): row["count"] for row in queries.rating_counts(store).to_pylist()}
    assert len(counts) == 4 * 6
    assert {key: count for key, count in counts.items() if count} == {
        ("e5", 5): 1, ("e5", 1): 1, ("use", 5): 1, ("combined", 5): 1, ("combined", 1): 1, ("search", 5): 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("OEDEME", ["e0"]),
        ("Œdème", ["e0"]),
        ("arterielle", ["e1"]),
        ("d'épi", ["e2"]),
        ("🤒", ["e3"]),
        ("e2", ["e2"]),
        ("", ["e0", "e1", "e2", "e3"]),
        ("100%", []),
        ("_", []),
    ],
)
def test_entries_are_found_whatever_case_accents_and_ligatures(store, text, found):
    page = queries.entries(store, text, person="Ana")
    assert ([line.entry_id for line in page.rows], page.total) == (found, len(found))


def test_entries_by_status_and_page(store):
    rate(store, "Ana", "e0", "C0013604", 5)
    commands.none_of_these(store, "Ana", "e1", "", command_id=new(), at=AT)
    names = {status: [line.entry_id for line in queries.entries(store, person="Ana", status=status).rows]
             for status in ("untouched", "started", "done", "none", "flagged")}  # fmt: skip
    assert names == {
        "untouched": ["e2", "e3"], "started": ["e0"], "done": ["e1"], "none": ["e1"], "flagged": [],
    }  # fmt: skip
    page = queries.entries(store, person="Ana", offset=2, limit=1)
    assert (page.total, [line.position for line in page.rows], page.rows[0].cui) == (4, [3], None)
    assert queries.entries(store, person="Ana", offset=9) == queries.EntryPage(4, ())
    with pytest.raises(InputError, match="status"):
        queries.entries(store, status="lost")


def test_scores_have_every_piece_of_evidence_and_a_sample_is_the_same_twice(store):
    scores = queries.scores(store)
    assert scores.num_rows == 6 + 3
    assert set(scores["encoder"].to_pylist()) == {"e5", "use"}
    assert queries.scores(store, sample=2) == queries.scores(store, sample=2)
