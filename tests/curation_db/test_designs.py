"""Designs: who is dealt what, what a preview says beforehand, and what stays when a release or a design is new."""

from itertools import combinations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as some

from curation_db import access, commands, queries
from curation_db.rating_plans import assignments, dealing, designs
from curation_db.rating_plans.dealing import Design, Item, Line
from pipeline.errors import InputError, Refused
from tests.curation_db.projects import AT, FIRST, new, rate, write_lexicon, write_run

PEOPLE = ("Ana", "Benoît", "Chloé")
ITEMS = [
    Item(f"e{number}", ("Sign or Symptom", "Disease or Syndrome")[number % 2], "AB"[number % 2])
    for number in range(60)
]


@pytest.fixture
def team(store):
    commands.add_person(store, "Chloé", at=AT)
    return store


def mine(store, person):
    """Entries of the person's queue, once around."""
    places = []
    while (place := queries.next_card(store, person, after=places[-1] if places else None)) not in (*places, None):
        places.append(place)
    return {place.entry_id for place in places}


def restricted(store, person):
    with store.cursor() as cursor:
        return assignments.restriction(store, cursor, person)


@pytest.mark.parametrize(("raters", "overlap", "hands"), [(1, 1.0, 60), (2, 1.0, 120), (3, 0.2, 84), (2, 0.5, 90)])
def test_random_hands_are_balanced_and_as_many_as_the_overlap_says(raters, overlap, hands):
    design = Design(way="random", people=PEOPLE, raters=raters, overlap=overlap, seed=4)
    dealt = dealing.deal(design, ITEMS)
    counts = [sum(person in raters for raters in dealt.values()) for person in PEOPLE]
    assert sum(counts) == hands
    assert max(counts) - min(counts) <= 1
    assert sum(len(raters) == design.raters for raters in dealt.values()) == (
        60 if raters == 1 else round(overlap * 60)
    )


def test_every_two_people_share_about_as_many_entries():
    people = (*PEOPLE, "Driss")
    dealt = dealing.deal(Design(way="random", people=people, raters=2), ITEMS)
    shared = [sum({*pair} <= {*raters} for raters in dealt.values()) for pair in combinations(people, 2)]
    assert sum(shared) == 60
    assert min(shared) >= 4


@given(
    ids=some.sets(some.text("abcéœ0123", min_size=1, max_size=4), max_size=40),
    raters=some.integers(1, 3),
    overlap=some.floats(0, 1),
    seed=some.integers(0, 9),
    way=some.sampled_from(["random", "letter", "type"]),
)
def test_a_hand_is_the_same_every_time_and_nobody_has_an_entry_twice(ids, raters, overlap, seed, way):
    design = Design(way=way, people=PEOPLE, raters=raters, overlap=overlap, seed=seed)
    items = [Item(entry_id, letter=entry_id[0]) for entry_id in sorted(ids)]
    dealt = dealing.deal(design, items)
    assert dealt == dealing.deal(design, items[::-1])
    quotas = dealing.quotas(design, ids)
    assert {entry_id: len(set(hand)) for entry_id, hand in dealt.items()} == quotas


def test_all_of_a_type_goes_to_one_person_and_the_overlap_to_others():
    dealt = dealing.deal(Design(way="type", people=PEOPLE[:2]), ITEMS)
    assert {(item.type, *dealt[item.entry_id]) for item in ITEMS} == {
        ("Disease or Syndrome", "Ana"),
        ("Sign or Symptom", "Benoît"),
    }
    dealt = dealing.deal(Design(way="letter", people=PEOPLE[:2], raters=2, overlap=0.1), ITEMS)
    assert sorted(map(len, dealt.values())) == [1] * 54 + [2] * 6


def test_a_table_made_by_hand_is_followed_to_the_letter():
    table = (Line("Ana", "entry", "e0"), Line("Benoît", "entry", "e0"), Line("Benoît", "letter", "B"))
    dealt = dealing.deal(Design(way="hand", people=PEOPLE, table=table), ITEMS[:4])
    assert {item: set(hand) for item, hand in dealt.items()} == {
        "e0": {"Ana", "Benoît"},
        "e1": {"Benoît"},
        "e2": set(),
        "e3": {"Benoît"},
    }


def test_whoever_rated_an_entry_already_is_one_of_its_raters():
    given = {item.entry_id: ["Chloé"] for item in ITEMS[:15]}
    dealt = dealing.deal(Design(way="random", people=PEOPLE), ITEMS, given=given)
    assert all(dealt[entry_id] == ("Chloé",) for entry_id in given)
    assert sum(hand == ("Chloé",) for hand in dealt.values()) == 20


def test_without_a_design_everybody_rates_everything(team):
    assert designs.design(team) == Design()
    assert restricted(team, "Benoît") is assignments.EVERYTHING


def test_what_a_preview_says_is_what_is_agreed_on(team):
    wanted = Design(way="random", people=PEOPLE, raters=2, overlap=0.34)
    before = designs.plan(team, wanted)
    assert before.per_raters == {1: 2, 2: 1}
    assert sorted(before.per_person.values()) == [1, 1, 2]
    assert sorted(before.shared.values()) == [0, 0, 1]
    assert designs.design(team) == Design()
    assert designs.agree(team, "Ana", wanted, at=AT) == before
    assert designs.design(team) == wanted
    for person in PEOPLE:
        own = {entry for entry, hand in before.hands.items() if person in hand}
        assert len(restricted(team, person).main) == len(own)
        assert mine(team, person) == own


def test_a_person_whom_the_design_leaves_out_has_nothing_to_rate(team):
    designs.agree(team, "Ana", Design(way="random", people=("Ana", "Benoît")), at=AT)
    assert queries.next_card(team, "Chloé") is None
    designs.agree(team, "Ana", Design(), at=AT)
    assert queries.next_card(team, "Chloé") is not None


def test_only_who_may_design_agrees_and_extends(team):
    for act in (designs.agree, lambda *args, **at: designs.extend(*args[:2], **at)):
        with pytest.raises(Refused, match="Benoît is annotator, expected curator, administrator"):
            act(team, "Benoît", Design(), at=AT)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"way": "chance"}, "way 'chance': expected everybody"),
        ({"people": ("Zoé",)}, r"Zoé: expected people who may rate \(Ana, Benoît, Chloé\)"),
        ({"people": ()}, "nobody takes part"),
        ({"raters": 4}, "raters 4: expected 1 to 3"),
        ({"overlap": 1.5}, "overlap 1.5: expected a share"),
        ({"way": "hand"}, "an empty table"),
        (
            {"people": ("Ana",), "table": (Line("Benoît", "letter", "A"),)},
            "Benoît: in the table, but not taking part",
        ),
        ({"calibration": ("e0", "e2")}, "calibration: e2: expected entries of the current run"),
    ],
)
def test_a_design_that_cannot_be_is_refused_and_says_why(team, wrong, said):
    with pytest.raises(InputError, match=said):
        designs.plan(team, Design(**{"way": "random", "people": PEOPLE} | wrong))


def test_a_new_release_is_covered_by_one_extension_and_the_old_hands_stay(team, tmp_path):
    designs.agree(team, "Ana", Design(way="random", people=PEOPLE[:2]), at=AT)
    before = {person: mine(team, person) for person in PEOPLE[:2]}
    assert designs.uncovered(team) == 0
    more = FIRST | {"e2": ["C0014544"], "e4": ["C0011849"], "e5": ["C0018681"]}
    terms = ("œdème", "hypertension artérielle", "crise d'épilepsie", "fièvre 🤒", "diabète", "mal de tête")
    lexicon = write_lexicon(tmp_path / "next", terms)
    commands.load_run(team, write_run(tmp_path / "runs" / "more", more), lexicon, at=AT)
    assert designs.uncovered(team) == 3
    assert designs.extend(team, "Ana", at=AT) == 3
    assert designs.uncovered(team) == designs.extend(team, "Ana", at=AT) == 0
    after = {person: mine(team, person) for person in PEOPLE[:2]}
    assert all(before[person] <= after[person] for person in before)
    assert sorted(map(len, after.values())) == [3, 3]


def test_a_new_letter_goes_to_whoever_has_least_and_an_old_one_to_its_owner(team, tmp_path):
    designs.agree(team, "Ana", Design(way="letter", people=PEOPLE), at=AT)
    owner = next(person for person in PEOPLE if "e0" in mine(team, person))
    more = FIRST | {"e4": ["C0028754"]}
    lexicon = write_lexicon(tmp_path / "next", ("œdème", "hypertension artérielle", "crise", "fièvre", "obésité"))
    commands.load_run(team, write_run(tmp_path / "runs" / "more", more), lexicon, at=AT)
    designs.extend(team, "Ana", at=AT)
    assert "e4" in mine(team, owner)


def test_an_extension_deals_nothing_to_those_who_left(team, tmp_path):
    designs.agree(team, "Ana", Design(way="random", people=PEOPLE[1:], raters=2), at=AT)
    access.set_role(team, "Ana", "Benoît", "former", at=AT)
    lexicon = write_lexicon(tmp_path / "next", ("œdème", "hypertension", "crise d'épilepsie", "fièvre"))
    more = FIRST | {"e2": ["C0014544"]}
    commands.load_run(team, write_run(tmp_path / "runs" / "more", more), lexicon, at=AT)
    designs.extend(team, "Ana", at=AT)
    assert "e2" in mine(team, "Chloé")
    access.set_role(team, "Ana", "Chloé", "former", at=AT)
    with pytest.raises(InputError, match=r"the design's people \(Benoît, Chloé\) may no longer rate"):
        designs.extend(team, "Ana", at=AT)


def test_by_semantic_type_the_release_says_the_type_of_the_first_candidate(team, tmp_path):
    types = tmp_path / "semantic_types.parquet"
    rows = [("C0013604", "Sign or Symptom"), ("C0020538", "Disease or Syndrome"), ("C0015967", "Sign or Symptom")]
    pq.write_table(pa.table({"CUI": [cui for cui, _ in rows], "STY": [sty for _, sty in rows]}), types)
    hands = designs.plan(team, Design(way="type", people=PEOPLE[:2]), types=types).hands
    assert hands["e0"] == hands["e3"] != hands["e1"]


def test_the_calibration_comes_before_anything_else_for_everybody(team):
    designs.agree(team, "Ana", Design(way="random", people=PEOPLE, calibration=("e3",)), at=AT)
    for person in PEOPLE:
        assert queries.next_card(team, person) == ("e3", "C0015967")
    rate(team, "Benoît", "e3", "C0015967", 4)
    after = queries.next_card(team, "Benoît")
    assert after is None or after.entry_id != "e3"
    assert queries.next_card(team, "Chloé").entry_id == "e3"


def test_whoever_joins_an_open_project_later_is_calibrated_too(team):
    designs.agree(team, "Ana", Design(calibration=("e3",)), at=AT)
    commands.add_person(team, "Driss", at=AT)
    assert queries.next_card(team, "Driss").entry_id == "e3"
    commands.none_of_these(team, "Driss", "e3", command_id=new(), at=AT)
    assert queries.next_card(team, "Driss").entry_id == "e0"


def test_a_calibration_drawn_at_random_is_the_same_for_the_same_seed(team):
    assert designs.draw(team, 2, seed=7) == designs.draw(team, 2, seed=7)
    assert set(designs.draw(team, 50, seed=7)) == set(FIRST)


def test_the_same_design_again_is_no_event(team):
    wanted = Design(way="random", people=PEOPLE)
    designs.agree(team, "Ana", wanted, at=AT)
    count = len(queries.events(team))
    designs.agree(team, "Ana", wanted, at=AT)
    assert len(queries.events(team)) == count


def test_a_table_made_by_hand_is_agreed_on_as_it_was_written(team):
    wanted = Design(way="hand", people=PEOPLE, table=(Line("Ana", "entry", "e0"), Line("Benoît", "letter", "H")))
    assert designs.agree(team, "Ana", wanted, at=AT).nobody == 1
    assert designs.design(team) == wanted
    assert (mine(team, "Ana"), mine(team, "Benoît"), mine(team, "Chloé")) == ({"e0"}, {"e1"}, set())
