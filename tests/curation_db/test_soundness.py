from datetime import timedelta

import pytest

from curation_db import access, commands, policy
from curation_db.safety import backups, soundness
from tests.curation_db.projects import AT, new, rate


@pytest.fixture
def busy(store):
    """After a little of everything."""
    rate(store, "Ana", "e0", "C0013604", 5, comment="même sens")
    rate(store, "Benoît", "e0", "C0013604", 2)
    rate(store, "Benoît", "e1", "C7777777", 3, origin="search")
    commands.flag(store, "Ana", "e1", "C0020538", True, command_id=new(), at=AT)
    commands.skip(store, "Ana", "e1", "C0000002", command_id=new(), at=AT)
    commands.none_of_these(store, "Ana", "e3", "rien", command_id=new(), at=AT)
    commands.undo(store, "Ana", command_id=new(), at=AT)
    commands.undo(store, "Benoît", command_id=new(), at=AT)
    policy.agree(store, "Ana", "reasons", ["trop général"], at=AT)
    access.set_role(store, "Ana", "Benoît", "reader", at=AT)
    return store


def wrong(store, found=()):
    return {check.name: check.wrong for check in soundness.checks(store, found) if check.wrong}


def test_what_commands_made_is_sound(busy, tmp_path):
    found = [backups.take(busy, tmp_path / "b", "hand", at=AT)]
    rate(busy, "Ana", "e0", "C0013604", 4)
    found.append(backups.take(busy, tmp_path / "b", "hand", at=AT + timedelta(days=1)))
    assert wrong(busy, found) == {}
    assert {check.name: check.count for check in soundness.checks(busy, found)}["judged"] == 4


def test_an_empty_store_is_sound(tmp_path, empty):
    assert wrong(empty) == {}


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("UPDATE event SET rating = 0 WHERE rating = 5", "unchanged"),
        ("UPDATE event SET seconds = 1 WHERE kind = 'rate'", "unchanged"),
        ("DELETE FROM event WHERE kind = 'flag'", "numbered"),
        ("UPDATE event SET person = 'Benoît' WHERE kind = 'undo'", "undone"),
        ("INSERT INTO role_use VALUES (6, 'Benoît', 'administrator')", "recorded"),
        ("DELETE FROM policy_use", "recorded"),
        ("CREATE OR REPLACE VIEW judgement AS SELECT * REPLACE (5::TINYINT AS rating) FROM judgement", None),
    ],
)
def test_a_hand_in_the_file_is_found(busy, tmp_path, sql, name):
    found = [backups.take(busy, tmp_path / "b", "hand", at=AT)]
    with busy.writing() as cursor:
        if name is None:
            [(view,)] = cursor.execute("SELECT sql FROM duckdb_views() WHERE view_name = 'judgement'").fetchall()
            sql, name = (
                view.replace("CREATE VIEW", "CREATE OR REPLACE VIEW").replace("'rate'", "'again'"),
                "judged",
            )
        cursor.execute(sql)
    assert name in wrong(busy, found)
