from functools import partial

import pytest

from app import markup
from app.i18n import message
from app.services.concepts import View
from curation_db.queries import Entry, Evidence

HOSTILE = "<script>alert('x')</script> & \"toux\""


def words(key: str) -> str:
    return key


def test_texts_of_files_are_never_html():
    entry = Entry(1, "E1", HOSTILE, HOSTILE, "", HOSTILE, "", HOSTILE, "f", 2)
    view = View("C1", HOSTILE, HOSTILE, (HOSTILE,), (HOSTILE,), ((HOSTILE, HOSTILE),), ((HOSTILE, "1"),))
    evidence = [Evidence(HOSTILE, 1, 0.5, 0.5)]
    shown = (
        markup.entry(entry, words)
        + markup.concept(view, words, found=False)
        + markup.details(view, words)
        + markup.evidence(evidence, "fr", words)
    )
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 12


@pytest.mark.parametrize(
    ("given", "language", "said"),
    [("0.51", "fr", "0,51"), ("0,51", "en", "0.51"), ("1", "fr", "1"), ("n.d.", "fr", "n.d.")],
)
def test_a_rate_is_written_as_the_language_writes_numbers(given, language, said):
    entry = Entry(1, "E1", "toux", "", given, "", "", "Lexalign", "f", 2)
    assert f"<dd>{said}</dd>" in markup.entry(entry, partial(message, language))


def test_what_is_missing_is_said():
    bare = View("C1", None, None)
    assert "review.no_definition" in markup.concept(bare, words, found=True)
    assert "C1" in markup.concept(bare, words, found=True)
    assert "review.no_french" in markup.concept(View("C1", None, "Cough"), words, found=False)
    assert "review.no_explanation" in markup.entry(Entry(1, "E1", "toux", *[""] * 6, None), words)


def test_an_encoder_that_did_not_propose_says_so():
    table = markup.evidence([Evidence("e5", None, 0.7654, None), Evidence("use", 3, None, 1.2)], "fr", words)
    assert "review.not_proposed" in table
    assert "0,765" in table
    assert "width:100%" in table


def test_long_lists_are_cut_with_their_rest_counted():
    view = View("C1", "a", "b", tuple(f"nom {n}" for n in range(20)))
    assert "(+6)" in markup.details(view, words)


def test_a_compound_is_explained_in_the_language_of_its_name():
    said = "hypo- (trop peu) + natr- (sodium) + -émie (dans le sang)"
    french, english = View("C1", "Hyponatrémie", "Hyponatremia"), View("C1", None, "Hyponatremia")
    assert f'<p class="compound" lang="fr" title="review.compound{said}' in markup.concept(
        french, words, found=False
    )
    assert "-emia (in the blood): low level of sodium" in markup.concept(english, words, found=False)
    assert said in markup.entry(Entry(1, "E1", "hyponatrémie", *[""] * 6, None), words)


def test_a_name_that_is_no_compound_keeps_the_line_empty():
    assert '<p class="compound" lang="fr"></p>' in markup.concept(View("C1", "Toux", "Cough"), words, found=False)
    assert '<p class="compound" lang="fr"></p>' in markup.entry(Entry(1, "E1", "toux", *[""] * 6, None), words)
