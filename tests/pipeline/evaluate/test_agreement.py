import json

import numpy as np
import pyarrow as pa
import pytest

from pipeline.evaluate.agreement import report
from pipeline.evaluate.flat import FIGURES, as_json, as_table
from pipeline.evaluate.reliability import alpha, coincidences
from tests.pipeline.evaluate.examples import HAYES_KRIPPENDORFF_2007, counts, matrix
from tests.pipeline.evaluate.rated import many, rated

AMELIE = [5, 5, 4, 0, 1, 3, 5, 2, 0, 4, 5, 1]
BENOIT = [5, 4, 4, 0, 2, 3, 5, 1, 0, 5, 5, 0]


def people_of(example):
    return {f"obs{number}": row for number, row in enumerate(matrix(example), 1)}


def test_the_whole_way_gives_the_published_alpha_with_missing_cells():
    rows = [
        {"said": (f"article {unit}", "C0000001", person, int(value))}
        for person, values in people_of(HAYES_KRIPPENDORFF_2007).items()
        for unit, value in enumerate(values)
        if not np.isnan(value)
    ]
    overall = report(rated(*rows)).overall
    assert overall.alpha.value == pytest.approx(0.7598, abs=5e-5)
    assert overall.people == 5
    assert overall.alpha.low < 0.7598 < overall.alpha.high


def test_two_people_of_twelve_terms():
    found = report(many({"Amélie": AMELIE, "Benoît": BENOIT}))
    [couple] = found.couples
    assert (found.ratings, found.pairs, found.overall.pairs) == (24, 12, 12)
    assert found.overall.same.value == pytest.approx(7 / 12)
    assert couple.compared.table[5] == (0, 0, 0, 0, 1, 3)
    assert couple.compared.linear.value == pytest.approx(0.8113, abs=5e-5)  # both as scikit-learn computes them
    assert couple.compared.quadratic.value == pytest.approx(0.9472, abs=5e-5)
    assert couple.compared.difference.value == pytest.approx(sum(AMELIE) / 12 - sum(BENOIT) / 12)
    [amelie, benoit] = found.people
    assert amelie.deviation.value == pytest.approx(-benoit.deviation.value)
    assert amelie.seconds.median == 4


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ({"Amélie": AMELIE}, "one_person"),
        ({"Amélie": [3] * 12, "Benoît": [3] * 12}, "no_variation"),
    ],
)
def test_what_is_not_defined_says_why(people, why):
    overall = report(many(people)).overall
    assert (overall.alpha.value, overall.why) == (None, why)


def test_two_people_without_a_pair_in_common_have_no_agreement():
    found = report(rated({"said": ("e0", "C0013604", "Amélie", 5)}, {"said": ("e1", "C0015967", "Benoît", 2)}))
    assert (found.overall.why, found.couples[0].compared.why) == ("no_overlap", "no_overlap")
    assert found.people[0].deviation.value is None


def test_no_rating_is_no_error():
    found = report(rated())
    assert (found.ratings, found.people, found.overall.why) == (0, (), "one_person")


def test_the_same_ratings_have_the_same_intervals():
    table = many({"Amélie": AMELIE, "Benoît": BENOIT})
    assert report(table) == report(table)


def test_few_entries_have_no_interval():
    found = report(many({"Amélie": AMELIE[:5], "Benoît": BENOIT[:5]})).overall.alpha
    assert found.value is not None
    assert (found.low, found.high) == (None, None)


def test_pairs_of_one_entry_are_drawn_together():
    """Forty entries of ten alike pairs say as much as forty pairs, not as four hundred."""
    said = np.random.default_rng(1).integers(0, 6, 40)
    other = np.where(np.arange(40) % 3, said, (said + 2) % 6)

    def widths(pairs):
        rows = [
            {"said": (f"e{entry}", f"C{pair}", person, int(value))}
            for person, values in (("Amélie", said), ("Benoît", other))
            for entry, value in enumerate(values)
            for pair in range(pairs)
        ]
        estimate = report(rated(*rows)).overall.alpha
        return estimate.high - estimate.low

    assert widths(10) == pytest.approx(widths(1), rel=0.05)


def test_an_interval_covers_the_truth_about_as_often_as_it_says():
    """Of 200 samples of 60 units from a population, the population's alpha lies in 95 % of the intervals."""
    random = np.random.default_rng(5)

    def sample(units):
        truth = random.integers(0, 6, units)
        return [np.clip(truth + random.integers(-1, 2, units), 0, 5) for _ in range(2)]

    one, other = sample(200_000)
    tables = np.zeros((200_000, 6), int)
    np.add.at(tables, (np.arange(200_000), one), 1)
    np.add.at(tables, (np.arange(200_000), other), 1)
    population = float(alpha(coincidences(tables).sum(axis=0)))
    hits = 0
    for _ in range(200):
        first, second = sample(60)
        found = report(many({"Amélie": first.tolist(), "Benoît": second.tolist()})).overall.alpha
        hits += found.low <= population <= found.high
    assert 0.89 <= hits / 200 <= 0.99


def test_encoders_types_and_stages_have_figures_of_their_own():
    table = rated(
        *(
            {"said": (f"e{place}", cui, person, rating), "encoders": encoders, "stage": stage}
            for place, (cui, encoders, stage, ratings) in enumerate(
                [
                    ("C0013604", ["e5", "use"], "calibration", (5, 5)),
                    ("C0015967", ["e5"], "calibration", (1, 1)),
                    ("C0020538", ["use"], "main", (4, 0)),
                    ("C0018681", [], "main", (2, 5)),
                ]
            )
            for person, rating in zip(("Amélie", "Benoît"), ratings, strict=True)
        )
    )
    types = {"C0013604": ["Pathologic Function", "Sign or Symptom"], "C0015967": ["Sign or Symptom"]}
    found = report(table, types)
    assert {name: group.pairs for name, group in found.encoders.items()} == {"e5": 2, "use": 2, "search": 1}
    assert {name: group.pairs for name, group in found.types.items()} == {
        "Sign or Symptom": 2,
        "Pathologic Function": 1,
    }
    assert found.stages["calibration"].alpha.value == pytest.approx(1)
    assert found.stages["main"].alpha.value < 0
    assert found.types["Pathologic Function"].why == "no_variation"


def test_a_person_is_held_against_the_decisions_and_against_themselves():
    table = rated(
        {"said": ("e0", "C0013604", "Amélie", 5), "decision": 5},
        {"said": ("e1", "C0015967", "Amélie", 4), "decision": 2, "first": 4, "again": 3},
        {"said": ("e2", "C0020538", "Amélie", 1)},
    )
    [amelie] = report(table).people
    assert (amelie.decided.pairs, amelie.decided.same.value, amelie.decided.difference.value) == (2, 0.5, 1)
    assert (amelie.twice.pairs, amelie.twice.difference.value) == (1, -1)


def test_who_drifts_is_seen_window_by_window():
    """Benoît begins as the others and ends a point above them; his own pauses get longer."""
    steady = [2, 3] * 100
    rising = [rating + (place >= 100) for place, rating in enumerate(steady)]
    [_, benoit, _] = report(many({"Amélie": steady, "Benoît": rising, "Chloé": steady})).people
    deviations = [window.deviation for window in benoit.windows]
    assert [(window.first, window.last) for window in benoit.windows] == [
        (1, 50),
        (51, 100),
        (101, 150),
        (151, 200),
    ]
    assert [one.value for one in deviations] == [0, 0, 1, 1]
    assert deviations[0].low == deviations[0].high == 0


def test_a_report_is_a_table_of_one_figure_a_row_and_json():
    found = report(many({"Amélie": AMELIE, "Benoît": BENOIT}), {"C0000000": ["Sign or Symptom"]})
    table = as_table(found)
    assert table.schema == FIGURES
    rows = {(row["figure"], row["of"], row["and"]): row for row in table.to_pylist()}
    assert rows["overall alpha", "", ""]["value"] == found.overall.alpha.value
    assert rows["type alpha", "Sign or Symptom", ""]["why"] == "no_variation"
    assert rows["couple linear kappa", "Amélie", "Benoît"]["n"] == 12
    assert json.loads(as_json(found))["overall"]["pairs"] == 12


def test_another_table_is_refused():
    from pipeline.errors import FormatError

    with pytest.raises(FormatError, match="no column"):
        report(pa.table({"person": ["Amélie"]}))


def test_counts_of_an_example_are_those_of_its_cells():
    assert counts(HAYES_KRIPPENDORFF_2007)[0].tolist() == [0, 2, 2, 0, 0, 0]
