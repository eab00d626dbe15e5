import pyarrow as pa
import pytest

from pipeline.errors import FormatError
from pipeline.evaluate.gain import gain
from pipeline.evaluate.linking import read_gold, score, wilson

HEADER = "term\texplanation\tcuis\tsource\tmatch\n"


def write(path, *lines):
    path.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf8")
    return path


@pytest.fixture
def three(tmp_path):
    return read_gold(
        write(
            tmp_path / "gold.tsv",
            "fièvre\t\tC0015967\tx\texact",
            "œdème\tGonflement.\tC1|C2\tx\tdifferent",
            "toux\t\tC3\tx\tdifferent",
        )
    )


def test_figures_worked_by_hand(three):
    candidates = pa.table(
        {
            "entry_id": ["G000000", "G000001", "G000001", "G000001", "G000002"],
            "rank": [1, 1, 2, 4, 6],
            "CUI": ["C0015967", "C9", "C2", "C1", "C3"],
        }
    )
    figures = score(three, candidates)
    assert figures["all"] | {"n": 3} == figures["all"]
    assert figures["all"]["accuracy@1"] == pytest.approx(1 / 3)
    assert figures["all"]["accuracy@5"] == pytest.approx(2 / 3)
    assert figures["all"]["mrr"] == pytest.approx((1 + 1 / 2 + 1 / 6) / 3)
    assert (figures["exact"]["n"], figures["exact"]["accuracy@1"]) == (1, 1)
    assert (figures["inflected"]["n"], figures["inflected"]["accuracy@1"]) == (0, None)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("source", {"x": 3}),
        ("length", {"1 word": 3}),
        ("explanation", {"bare": 2, "explained": 1}),
        ("match", {"exact": 1, "inflected": 0, "different": 2}),
    ],
)
def test_groups_share_the_entries_out(three, by, groups):
    found = score(three, pa.table({"entry_id": ["G000001"], "rank": [1], "CUI": ["C1"]}), by)
    assert {name: row["n"] for name, row in found.items()} == {"all": 3} | groups
    assert sum(row["n"] * (row["accuracy@1"] or 0) for name, row in found.items() if name != "all") == 1


def test_a_gain_worked_by_hand():
    found = gain([1, 0, 2, 6], [1, 1, 1, 2])
    assert found["gain@1"] | {"interval": None} == {"won": 2, "lost": 0, "value": 0.5, "interval": None}
    assert (found["gain@5"]["won"], found["gain@5"]["lost"]) == (2, 0)
    low, high = found["gain@1"]["interval"]
    assert low < 0.5 < high


def test_nothing_won_is_nought_without_a_sign():
    assert str(gain([1, 2], [1, 2])["gain@1"]["value"]) == "0.0"


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_as_newcombe_published_them_in_1998(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx([low, high], abs=5e-5)


def test_gold_keeps_explanations_and_all_cuis(three):
    assert three.entries["explanation"].to_pylist() == [None, "Gonflement.", None]
    assert three.cuis[1] == {"C1", "C2"}


@pytest.mark.parametrize("line", ["fièvre\t\tC1\tx", "fièvre\t\t\tx\texact", "a\tb\tC1\td\texact\tf"])
def test_a_cut_line_is_named(tmp_path, line):
    with pytest.raises(FormatError, match="line 2"):
        read_gold(write(tmp_path / "gold.tsv", line))


@pytest.mark.parametrize("content", [b"", b"term\tcuis\nfi\xc3\xa8vre\tC1\n", b"\xff\xfe\x00", b"term\n"])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "gold.tsv").write_bytes(content)
    with pytest.raises(FormatError, match="expected"):
        read_gold(tmp_path / "gold.tsv")
