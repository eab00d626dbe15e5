"""A term marked within its explanation, for encoders that read mentions in context."""

import pytest

from pipeline.align import prepared
from pipeline.mention import in_context
from pipeline.prepare import Preparation
from tests.samples import LetterEncoder, entries_of

MARKS = ("<ENT> ", " </ENT>")


@pytest.mark.parametrize(
    ("term", "explanation", "expected"),
    [
        ("fièvre", "La fièvre monte le soir.", "La <ENT> fièvre </ENT> monte le soir."),
        ("Fièvre", "la FIÈVRE monte", "la <ENT> FIÈVRE </ENT> monte"),
        ("fièvre", "Température trop haute.", "<ENT> fièvre </ENT>. Température trop haute."),
        ("fièvre", None, "<ENT> fièvre </ENT>"),
        ("fièvre", "", "<ENT> fièvre </ENT>"),
        ("spasme", "Spaß mit spasme", "<ENT> spasme </ENT>. Spaß mit spasme"),
        ("toux", "Toux sèche ; la toux dure.", "<ENT> Toux </ENT> sèche ; la toux dure."),
    ],
)
def test_the_first_mention_is_marked(term, explanation, expected):
    assert in_context(term, explanation, MARKS) == expected


class Marked(LetterEncoder):
    marks = MARKS
    languages = ("en",)


class Words:
    """A translation memory that knows each word by itself and no joined text."""

    def lookup(self, texts):
        known = {"fièvre": "fever", "La fièvre monte.": "The fever rises.", "toux": "cough"}
        return {text: known[text] for text in texts if text in known}


def test_term_and_explanation_are_translated_before_they_are_marked():
    entries = entries_of(("1", "fièvre", "La fièvre monte."), ("2", "toux", None))
    [(weight, texts)] = prepared(Marked(), entries, "both", Preparation(Words()))
    assert (weight, texts) == (1.0, ["The <ENT> fever </ENT> rises.", "<ENT> cough </ENT>"])


def test_an_encoder_without_marks_gets_both_joined():
    entries = entries_of(("1", "fièvre", "La fièvre monte."))
    [(_, texts)] = prepared(LetterEncoder(), entries, "both", Preparation(Words()))
    assert texts == ["fièvre. La fièvre monte."]
