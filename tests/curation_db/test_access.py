"""Roles: what they allow, who gives them, and what is refused where nothing is hidden."""

import pytest

from curation_db import access, commands, policy
from curation_db.adjudication.decisions import decide
from curation_db.queries import Place
from pipeline.errors import InputError, Refused
from tests.curation_db.projects import AT, new, rate


def test_the_first_to_join_is_administrator_and_those_after_annotate(empty):
    assert access.roles(empty) == {"Ana": "administrator", "Benoît": "annotator"}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("reader", {"look", "figures", "export"}),
        ("annotator", {"look", "rate"}),
        ("adjudicator", {"look", "rate", "figures", "export", "adjudicate", "publish"}),
        ("curator", {"look", "rate", "figures", "export", "adjudicate", "publish", "prepare", "design"}),
        ("administrator", set(access.MAY)),
        ("former", set()),
    ],
)
def test_a_role_allows_this_and_nothing_else(empty, role, allowed):
    access.set_role(empty, "Ana", "Benoît", role, at=AT)
    assert {action for action in access.MAY if access.may(empty, "Benoît", action)} == allowed


@pytest.mark.parametrize("role", ["reader", "former"])
def test_who_may_not_rate_is_refused_by_every_command(store, role):
    access.set_role(store, "Ana", "Benoît", role, at=AT)
    pair = ("Benoît", "e0", "C0013604")
    for act in (
        lambda: rate(store, *pair, 5),
        lambda: commands.flag(store, *pair, True, command_id=new(), at=AT),
        lambda: commands.comment(store, *pair, "oui", command_id=new(), at=AT),
        lambda: commands.skip(store, *pair, command_id=new(), at=AT),
        lambda: commands.none_of_these(store, "Benoît", "e0", command_id=new(), at=AT),
    ):
        with pytest.raises(Refused, match=rf"Benoît is {role}, expected annotator, .*ask an administrator"):
            act()


@pytest.mark.parametrize(("role", "said"), [("reader", "rate"), ("annotator", "decision")])
def test_who_may_no_longer_do_it_may_no_longer_take_it_back(store, role, said):
    place = Place("e0", "C0013604")
    access.set_role(store, "Ana", "Benoît", "adjudicator", at=AT)
    if said == "rate":
        rate(store, "Benoît", *place, 5)
    else:
        decide(store, "Benoît", place, 5, seen=0, text="même sens", command_id=new(), at=AT)
    access.set_role(store, "Ana", "Benoît", role, at=AT)
    with pytest.raises(Refused, match=f"Benoît is {role}, expected"):
        commands.undo(store, "Benoît", command_id=new(), at=AT)


def test_only_an_administrator_gives_roles_and_one_always_stays(empty):
    with pytest.raises(Refused, match="Benoît is annotator, expected administrator"):
        access.set_role(empty, "Benoît", "Benoît", "administrator", at=AT)
    with pytest.raises(Refused, match="Ana is the only administrator"):
        access.set_role(empty, "Ana", "Ana", "reader", at=AT)
    with pytest.raises(InputError, match="role 'boss': expected reader"):
        access.set_role(empty, "Ana", "Benoît", "boss", at=AT)
    access.set_role(empty, "Ana", "Benoît", "administrator", at=AT)
    access.set_role(empty, "Benoît", "Ana", "former", at=AT)
    assert access.roles(empty) == {"Ana": "former", "Benoît": "administrator"}


def test_somebody_unknown_may_nothing(empty):
    assert not any(access.may(empty, "Zoé", action) for action in access.MAY)
    with pytest.raises(Refused, match="'Zoé' is not known"):
        access.require(empty, "Zoé", "look")


def test_what_is_agreed_on_is_the_last_word_of_one_who_may_say_it(empty):
    assert policy.agreed(empty, "guideline") is None
    policy.agree(empty, "Ana", "guideline", {"5": "même sens"}, at=AT)
    policy.agree(empty, "Ana", "guideline", {"5": "même sens, mêmes mots"}, at=AT)
    assert policy.agreed(empty, "guideline") == {"5": "même sens, mêmes mots"}
    with pytest.raises(Refused, match="Benoît is annotator"):
        policy.agree(empty, "Benoît", "guideline", {}, at=AT)
