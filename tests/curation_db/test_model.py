"""The store against a plain-Python model: whatever people do, and undo, the readings say the same."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from curation_db import commands, queries
from curation_db.queries import Place
from curation_db.queues import board
from curation_db.queues.voices import Voices
from curation_db.store import open_store
from tests.curation_db.projects import AT, FIRST, new, rate, write_lexicon, write_run

PEOPLE = ("Ana", "Benoît")
PAIRS = [Place(entry_id, cui) for entry_id, cuis in FIRST.items() for cui in cuis]
person = st.sampled_from(PEOPLE)
pair = st.sampled_from([*PAIRS, Place("e0", "C7777777"), Place("e2", "C7777777")])


class Annotators(RuleBasedStateMachine):
    """Each person's standing commands, in order, are the whole model."""

    @initialize()
    def open(self):
        self.folder = Path(tempfile.mkdtemp())
        self.store = open_store(self.folder / "curation.duckdb")
        self.done: dict[str, list[tuple]] = {name: [] for name in PEOPLE}
        for name in PEOPLE:
            commands.add_person(self.store, name, at=AT)
        run = write_run(self.folder / "run", FIRST)
        commands.load_run(self.store, run, write_lexicon(self.folder / "lexicon"), at=AT)

    def teardown(self):
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.folder)

    @rule(name=person, place=pair, rating=st.integers(0, 5), words=st.none() | st.sampled_from(["", "œil"]))
    def rates(self, name, place, rating, words):
        origin = "candidate" if place in PAIRS else "search"
        rate(self.store, name, *place, rating, origin=origin, comment=words)
        self.done[name].append(("rate", *place, rating, words, origin))

    @rule(name=person, place=pair, flagged=st.booleans())
    def flags(self, name, place, flagged):
        commands.flag(self.store, name, *place, flagged, command_id=new(), at=AT)
        self.done[name].append(("flag", *place, flagged))

    @rule(name=person, place=pair, words=st.sampled_from(["", "à revoir"]))
    def comments(self, name, place, words):
        commands.comment(self.store, name, *place, words, command_id=new(), at=AT)
        self.done[name].append(("comment", *place, words))

    @rule(name=person, place=pair)
    def skips(self, name, place):
        commands.skip(self.store, name, *place, command_id=new(), at=AT)
        self.done[name].append(("skip", *place))

    @rule(name=person, entry_id=st.sampled_from(["e0", "e1", "e2", "e3"]))
    def says_none(self, name, entry_id):
        commands.none_of_these(self.store, name, entry_id, "rien", command_id=new(), at=AT)
        self.done[name].append(("none", entry_id, None))

    @rule(name=person)
    def undoes(self, name):
        undone = commands.undo(self.store, name, command_id=new(), at=AT)
        expected = self.done[name].pop()[:3] if self.done[name] else None
        assert (undone and (undone.kind, undone.entry_id, undone.cui)) == expected

    @rule()
    def closes_and_opens(self):
        self.store.close()
        self.store = open_store(self.folder / "curation.duckdb")

    @invariant()
    def the_tables_say_what_the_model_says(self):
        rows = queries.judgements(self.store).to_pylist()
        told = {(r["person"], r["entry_id"], r["CUI"]): (r["rating"], r["flagged"], r["comment"]) for r in rows}
        assert told == {
            (name, *place): (rating, flagged, words)
            for name in PEOPLE
            for place, (rating, flagged, words, _) in self.pairs(name).items()
            if rating is not None or flagged or words
        }
        verdicts = {(row["person"], row["entry_id"]) for row in queries.verdicts(self.store).to_pylist()}
        assert verdicts == {(name, entry_id) for name in PEOPLE for entry_id in self.settled(name)}

    @invariant()
    def cards_and_queues_say_what_the_model_says(self):
        for name in PEOPLE:
            pairs, settled = self.pairs(name), self.settled(name)
            for entry_id in FIRST:
                card = queries.card(self.store, Place(entry_id, ""), name)
                assert (card.verdict == "none") == (entry_id in settled)
                for one in (*card.candidates, *card.added):
                    expected = pairs.get((entry_id, one.cui), (None, False, "", False))
                    assert (one.rating, one.flagged, one.comment) == expected[:3]
            left = [
                place
                for place in PAIRS
                if place.entry_id not in settled
                and not (place in pairs and (pairs[place][0] is not None or pairs[place][3]))
            ]
            first = queries.next_card(self.store, name)
            assert first == (left[0] if left else None)
            by_event, anew = kept(self.store, name)
            assert by_event == anew
            counts = queries.progress(self.store, name)
            rated = [place for place in PAIRS if place in pairs and pairs[place][0] is not None]
            assert (counts.rated, counts.none) == (len(rated), len(settled))

    def pairs(self, name: str) -> dict[tuple, tuple]:
        """(rating, flagged, comment, skipped) by pair."""
        found: dict[tuple, tuple] = {}
        for kind, entry_id, cui, *said in self.done[name]:
            rating, flagged, words, skipped = found.get((entry_id, cui), (None, False, "", False))
            if kind == "rate":
                rating, words = said[0], said[1] if said[1] is not None else words
            elif kind == "flag":
                flagged = said[0]
            elif kind == "comment":
                words = said[0]
            elif kind == "skip":
                skipped = True
            if kind != "none":
                found[entry_id, cui] = (rating, flagged, words, skipped)
        return found

    def settled(self, name: str) -> set[str]:
        found: set[str] = set()
        for kind, entry_id, _, *said in self.done[name]:
            if kind == "none":
                found.add(entry_id)
            elif kind == "rate" and said[0] >= 3 and said[2] == "candidate":
                found.discard(entry_id)
        return found


def kept(store, name: str) -> tuple:
    """The queues' arrays of a person and of all, kept up to date event by event, and the same read anew."""
    with store.cursor() as cursor, board.board(store).up_to_date(cursor) as here:
        return tuple(_arrays(voices, name) for voices in (here.voices, Voices(cursor, here.candidates)))


def _arrays(voices: Voices, name: str) -> tuple:
    own = voices.of(name)
    added = {key: (one.rating, one.flagged, one.skipped) for key, one in own.added.items()}
    arrays = (own.cell, own.flagged, own.settled, voices.flagged, voices.low, voices.middle, voices.high)
    return (*(array.tolist() for array in arrays), {key: said for key, said in added.items() if any(said)})


Annotators.TestCase.settings = settings(
    max_examples=8, stateful_step_count=15, suppress_health_check=list(HealthCheck)
)
test_whatever_people_do_the_readings_agree = Annotators.TestCase
