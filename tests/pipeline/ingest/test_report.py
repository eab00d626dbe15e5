"""The integrity report counts what is wrong and shows examples."""

import json

import pytest

from pipeline.ingest.lexicon import ingest_lexicon
from pipeline.ingest.lexicon_file import FRENCH
from pipeline.ingest.report import as_text
from pipeline.ingest.rrf import ingest_umls


def report_of(folder):
    return json.loads((folder / "report.json").read_text(encoding="utf8"))


@pytest.fixture
def lexicon(tmp_path, workspace):
    terms = (
        "œdème",
        "Œdème",
        "oedème",
        "prurit !",
        "prurit",
        "hÃ©patite",
        "<b>toux</b>",
        "x" * 250,
        "123",
        "a\x07b",
        "z",
    )
    lines = ["\t".join(FRENCH), *(f"{term}\t\t\tle sens de {i}\t\tQUAERO" for i, term in enumerate(terms)), ""]
    path = tmp_path / "lex.txt"
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf8")
    return report_of(ingest_lexicon([path], workspace))


def test_rows_rejects_and_duplicates_are_counted(lexicon):
    assert (lexicon["entries"], lexicon["rejects"], lexicon["exact_duplicates"]) == (11, 1, 1)
    assert lexicon["rejects_by_reason"] == {"blank line": 1}
    assert lexicon["missing"]["complexity_rate"] == 11
    assert lexicon["missing"]["term"] == 0


def test_folding_brings_case_and_punctuation_together(lexicon):
    assert lexicon["term_duplicates"] == {"rows": 11, "exact": 0, "folded": 2}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("too_short", "z"),
        ("too_long", "x" * 250),
        ("control_characters", "a\x07b"),
        ("mojibake", "hÃ©patite"),
        ("html", "<b>toux</b>"),
        ("only_digits", "123"),
    ],
)
def test_outliers_of_each_kind_are_shown_with_their_line(lexicon, kind, text):
    found = lexicon["term_outliers"][kind]
    assert found["count"] == 1
    assert [example[1] for example in found["examples"]] == [text]


def test_lengths_have_quantiles_and_a_histogram_of_all_texts(lexicon):
    lengths = lexicon["term_length"]
    assert (lengths["quantiles"]["0.00"], lengths["quantiles"]["1.00"]) == (1, 250)
    assert sum(lengths["histogram"].values()) == lengths["texts"] == 11


def test_the_text_names_every_measure_on_lines_that_fit(lexicon):
    text = as_text(lexicon)
    assert all(name.replace("_", " ") in text for name in lexicon)
    assert max(map(len, text.splitlines())) <= 100


def test_a_release_is_counted_by_language_source_and_type(gold, workspace):
    report = report_of(ingest_umls(gold / "umls_open", workspace))
    assert report["languages"] == {"ENG": 39_434, "FRE": 12_914}
    assert report["semantic_types"] == {"Finding": 12_786}
    assert report["concepts"]["concepts"] == 12_786
    assert "MRCONSO" in as_text(report)
