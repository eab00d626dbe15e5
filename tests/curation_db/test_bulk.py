import pytest

from curation_db import access, commands, queries
from curation_db.judging import bulk
from curation_db.store import Store
from pipeline.errors import InputError, Refused
from tests.curation_db.projects import AT, new, rate, write_lexicon, write_run

TERMS = ("œdème", "Œdèmes", "fièvre", "toux")
RUN = {
    "e0": ["C0013604", "C0000002"],
    "e1": ["C0013604"],
    "e2": ["C0015967"],
    "e3": ["C0010200", "C0013604"],
}
OEDEMA = "C0013604"


@pytest.fixture
def store(empty: Store, tmp_path) -> Store:
    lexicon = write_lexicon(tmp_path / "lexicon", TERMS)
    commands.load_run(empty, write_run(tmp_path / "runs" / "first", RUN), lexicon, at=AT)
    return empty


def standing(store: Store, person: str = "Ana") -> dict[tuple[str, str], int]:
    rows = queries.judgements(store).to_pylist()
    return {(row["entry_id"], row["CUI"]): row["rating"] for row in rows if row["person"] == person}


def give(store: Store, wanted, rating: int = 4, *, person: str = "Ana", batch: str | None = None, **values) -> int:
    return bulk.rate(store, person, wanted, rating, batch=batch or new(), queue="similar", at=AT, **values)


def test_only_entries_that_have_the_concept_as_a_candidate_are_proposed(store):
    assert [pair.term for pair in bulk.proposed(store, "Ana", [0, 1, 2, 3], OEDEMA)] == ["œdème", "Œdèmes", "toux"]


def test_what_was_rated_flagged_or_settled_is_left_out_and_says_why(store):
    rate(store, "Ana", "e0", OEDEMA, 5)
    commands.flag(store, "Ana", "e1", OEDEMA, True, command_id=new(), at=AT)
    commands.no_concept(store, "Ana", "e3", command_id=new(), at=AT)
    left = [pair.left for pair in bulk.proposed(store, "Ana", [0, 1, 3], OEDEMA)]
    assert left == ["rated", "flagged", "settled"]
    assert [pair.left for pair in bulk.proposed(store, "Benoît", [0, 1, 3], OEDEMA)] == [None, None, None]


def test_candidates_whose_name_is_the_term_are_found_whatever_case_accents_and_ligatures(empty, tmp_path):
    lexicon = write_lexicon(tmp_path / "lexicon", ("NOM DE C0013604", "fièvre", "nom de : C0015967 !"))
    run = write_run(tmp_path / "run", {"e0": ["C0013604"], "e1": ["C0013604"], "e2": ["C0000002", "C0015967"]})
    commands.load_run(empty, run, lexicon, at=AT)
    assert [(pair.entry_id, pair.cui) for pair in bulk.identical(empty, "Ana")] == [
        ("e0", "C0013604"),
        ("e2", "C0015967"),
    ]


def test_each_pair_is_an_event_of_its_own_that_says_what_was_seen(store):
    assert give(store, [(0, OEDEMA), (1, OEDEMA)], relation="exact") == 2
    [second, first] = [event for event in queries.events(store) if event.kind == "rate"]
    assert (first.entry_id, first.rating, first.relation, first.origin) == ("e0", 4, "exact", "candidate")
    assert (second.entry_id, second.run, second.rank, second.queue) == ("e1", "first", 1, "similar")
    assert (first.position, first.encoders, first.blind) == (1, ("e5", "use"), True)


def test_the_same_batch_twice_is_one_batch(store):
    batch = new()
    assert give(store, [(0, OEDEMA)], batch=batch) == 1
    assert give(store, [(0, OEDEMA), (1, OEDEMA)], batch=batch) == 2
    assert give(store, [(0, OEDEMA), (1, OEDEMA)], 1, batch=batch) == 2
    assert standing(store) == {("e0", OEDEMA): 4, ("e1", OEDEMA): 4}


def test_a_rating_given_since_the_preview_is_never_overwritten(store):
    rate(store, "Ana", "e0", OEDEMA, 1)
    assert give(store, [(0, OEDEMA), (1, OEDEMA)]) == 1
    assert standing(store)["e0", OEDEMA] == 1


def test_one_undo_takes_all_of_the_batch_back_and_nothing_else(store):
    rate(store, "Ana", "e2", "C0015967", 5)
    give(store, [(0, OEDEMA), (1, OEDEMA), (3, OEDEMA)])
    command = new()
    undone = commands.undo(store, "Ana", command_id=command, at=AT)
    assert (undone.count, undone.entry_id) == (3, "e3")
    assert commands.undo(store, "Ana", command_id=command, at=AT).count == 3
    assert standing(store) == {("e2", "C0015967"): 5}
    assert commands.undo(store, "Ana", command_id=new(), at=AT).entry_id == "e2"
    assert standing(store) == {}


def test_nobody_takes_back_the_batch_of_another(store):
    give(store, [(0, OEDEMA), (1, OEDEMA)])
    assert commands.undo(store, "Benoît", command_id=new(), at=AT) is None
    assert len(standing(store)) == 2


def test_a_batch_of_several_transactions_is_one_batch(empty, tmp_path):
    count = bulk.AT_ONCE + 20
    lexicon = write_lexicon(tmp_path / "lexicon", tuple(f"fièvre {number}" for number in range(count)))
    run = write_run(tmp_path / "run", {f"e{number}": ["C0015967"] for number in range(count)})
    commands.load_run(empty, run, lexicon, at=AT)
    assert give(empty, [(number, "C0015967") for number in range(count)]) == count
    assert commands.undo(empty, "Ana", command_id=new(), at=AT).count == count
    assert standing(empty) == {}


def test_what_no_run_proposes_is_not_rated(store):
    assert give(store, [(2, OEDEMA), (99, OEDEMA)]) == 0
    assert standing(store) == {}


@pytest.mark.parametrize("rating", [-1, 6, 2.5, True, "4"])
def test_a_rating_that_is_none_is_said(store, rating):
    with pytest.raises(InputError, match="expected a whole number from 0 to 5"):
        give(store, [(0, OEDEMA)], rating)


def test_more_than_a_person_can_look_through_is_refused(store):
    with pytest.raises(InputError, match="narrow the filter"):
        give(store, [(0, OEDEMA)] * (bulk.MOST + 1))


def test_a_reader_neither_previews_nor_rates(store):
    commands.add_person(store, "Chloé", at=AT)
    access.set_role(store, "Ana", "Chloé", "reader", at=AT)
    for act in (
        lambda: bulk.identical(store, "Chloé"),
        lambda: bulk.proposed(store, "Chloé", [0], OEDEMA),
        lambda: give(store, [(0, OEDEMA)], person="Chloé"),
    ):
        with pytest.raises(Refused, match="Chloé is reader"):
            act()


def test_a_batch_has_an_identifier(store):
    with pytest.raises(InputError, match="expected a UUID"):
        give(store, [(0, OEDEMA)], batch="lot 1")
