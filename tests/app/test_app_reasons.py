"""Why a rating is low: a list that a project edits."""

import pytest

from app.services import reasons
from app.services.reasons import DEFAULT, Reason
from curation_db import access, commands
from pipeline.errors import InputError, Refused
from tests.app.test_app_review import AT


def agree(store, *rows, by="Amélie"):
    return reasons.agree(store, by, [dict(zip(("name", "fr", "en"), row, strict=True)) for row in rows], at=AT)


def test_a_new_project_has_reasons_in_both_languages(store):
    assert reasons.agreed(store) == DEFAULT
    assert all(one.fr and one.en for one in DEFAULT)
    assert len({one.name for one in DEFAULT}) == len(DEFAULT)


def test_an_edited_reason_keeps_its_name_and_a_new_one_gets_one(store):
    agree(store, ("other-sense", "autre acception", "another sense"), (None, "Région, œdème…", None))
    assert reasons.agreed(store) == (
        Reason("other-sense", "autre acception", "another sense"),
        Reason("region-oedeme", "Région, œdème…", ""),
    )


def test_two_new_reasons_that_read_alike_have_two_names(store):
    kept = agree(store, (None, "trop flou", None), (None, "Trop floue", "trop flou"))
    assert [one.name for one in kept] == ["trop-flou", "trop-flou-2"]


def test_rows_without_words_are_dropped(store):
    assert agree(store, ("other-sense", " ", None), (None, None, None)) == ()
    assert reasons.agreed(store) == ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(None, "vague", ""), (None, "Vague", "")], "there twice"),
        ([(None, "x" * 61, "")], "expected 60 at most"),
        ([(None, f"raison {number}", "") for number in range(21)], "expected 20 at most"),
    ],
)
def test_a_list_that_nobody_could_choose_from_is_refused(store, rows, said):
    with pytest.raises(InputError, match=said):
        agree(store, *rows)


def test_an_annotator_does_not_edit_the_reasons(store):
    commands.add_person(store, "Bruno", at=AT)
    assert access.role(store, "Bruno") == "annotator"
    with pytest.raises(Refused, match="Bruno is annotator"):
        agree(store, (None, "vague", ""), by="Bruno")


def test_a_reason_that_left_the_list_is_said_by_its_name():
    assert reasons.words(DEFAULT, "too-broad", "fr") == "trop général"
    assert reasons.words(DEFAULT, "gone", "fr") == "gone"
    assert Reason("vague", "vague", "").words("en") == "vague"
