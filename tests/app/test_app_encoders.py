"""The encoders' page: cards, use and removal, a swap that keeps every rating, what a comparison says."""

from datetime import UTC, datetime

import pytest

from app.services import adding, comparison, encoders, jobs, runs, searches, swap
from app.services.adding import OWN, Addition
from app.services.appearance import Sitting, appear, arrive
from app.services.review import rate
from curation_db import queries
from pipeline import run
from pipeline.encoders.card import NO_LICENCE
from pipeline.encoders.measure import Drift
from pipeline.encoders.recipe import recipe
from pipeline.encoders.search import study
from pipeline.encoders.search.intervals import Loss, Mean
from pipeline.encoders.search.quality import Quality
from pipeline.encoders.search.trial import Constraint, Measured, Trial
from pipeline.errors import EncoderError, InputError, Refused
from pipeline.prepare import Preparation
from pipeline.settings import Settings
from pipeline.translate import Memory
from tests.app import fixture_workspace
from tests.pipeline.encoders.search.trials import ABOUT
from tests.samples import LetterEncoder

AT = datetime(2026, 1, 2, 9, tzinfo=UTC)
FOLDER = Addition(
    source="", name="", precision="int8", pooling=OWN, prefix="", languages=OWN, trim=False, agreed=False
)


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    """Two own encoders: INT8 and the fp32 export that it was made from."""
    root = tmp_path / "encoders"
    monkeypatch.setenv("LEXALIGN_ENCODERS", str(root))
    fixture_workspace.add_encoder(root, "mien")
    fixture_workspace.add_encoder(
        root, "mien-fp32", precision="fp32", measured={"drift": None}, licence=NO_LICENCE
    )
    return root


@pytest.fixture
def started(monkeypatch):
    """What would have been started instead of running."""
    seen = []
    monkeypatch.setattr(jobs, "start", lambda workspace, what, arguments: seen.append((what, list(arguments))))
    return seen


def rate_all(store, ratings=range(6), most=24):
    """Amélie goes through the queue; what she said."""
    here, said = Sitting(), {}
    for number in range(most):
        card = arrive(store, here, "Amélie")
        if card is None:
            break
        showing = appear(here, card, "Amélie", 100.0 * number)
        rate(store, here, showing, number % len(ratings), at=AT, now=100.0 * number + 2)
        said[showing.place] = number % len(ratings)
    return said


def standing(store):
    return {(row["entry_id"], row["CUI"]): row["rating"] for row in queries.judgements(store).to_pylist()}


def aligned(workspace, *names):
    """A finished run of encoders that read letters; the second of two names sees other letter pairs."""
    made = []
    for name in names:
        encoder = LetterEncoder()
        encoder.name, encoder.fingerprint, encoder.dimension = name, f"{name}-1", 64 if name == "letters-a" else 13
        made.append(encoder)
    return run.align(
        workspace,
        made,
        Settings(encoders=names, top_k=fixture_workspace.TOP),
        prepare=Preparation(Memory(workspace.translations)),
        at=datetime.now(UTC),
    )


def test_another_encoder_loses_no_rating_and_asks_only_what_is_new(project, store):
    runs.use(project, store, "Amélie", aligned(project, "letters-a").name, at=AT)
    said = rate_all(store)
    encoders.sources.save(project, store, "Amélie", encoders=("letters-b",))
    assert not swap.state(project, store).settled

    new = aligned(project, "letters-b")
    here = swap.state(project, store)
    assert here.ready is not None
    assert here.ready.name == new.name
    kept = swap.kept(store, "Amélie", here.ready)
    assert (kept.ratings, kept.pairs) == (len(said), len(said))
    assert kept.again > 0
    assert kept.new > 0

    runs.use(project, store, "Amélie", new.name, at=AT)
    assert swap.state(project, store).settled
    assert standing(store) == said
    asked = rate_all(store, most=1000)
    assert not set(asked) & set(said)
    assert len(asked) == kept.new
    assert {place: rating for place, rating in standing(store).items() if place in said} == said


def test_the_projects_encoders_come_first_and_one_that_is_gone_is_named(project, own):
    every = encoders.shown(project)
    assert [(one.name, one.place) for one in every[:2]] == [("letters-a", 1), ("letters-b", 2)]
    assert every[0].card is None
    found = {one.name: one for one in every}
    assert found["mien"].own
    assert found["mien"].measured["drift"]["neighbours"] == 0.975
    assert not found["lexalign-e5"].own


def test_a_damaged_folder_hides_no_other(project, own):
    (own / "mien" / "encoder.json").write_text("{}")
    found = {one.name: one for one in encoders.shown(project)}
    assert "no key" in found["mien"].problem
    assert found["mien-fp32"].card
    assert encoders.originals() == ["mien-fp32"]


def test_using_and_stopping_changes_the_settings_only(project, store, asked):
    said = rate_all(store, most=3)
    encoders.use(*asked, "mien")
    assert project.settings().encoders == ("letters-a", "letters-b", "mien")
    for name in ("letters-a", "letters-b"):
        encoders.stop(*asked, name)
    with pytest.raises(Refused, match="only encoder"):
        encoders.stop(*asked, "mien")
    assert project.settings().encoders == ("mien",)
    assert standing(store) == said


def test_what_can_be_removed(project, own, asked):
    with pytest.raises(EncoderError, match="in the box is left out"):
        encoders.remove(*asked, "lexalign-e5")
    encoders.sources.save(*asked, encoders=("mien",))
    with pytest.raises(Refused, match="only encoder"):
        encoders.remove(*asked, "mien")
    assert (own / "mien").is_dir()
    encoders.use(*asked, "mien-fp32")
    encoders.remove(*asked, "mien")
    assert not (own / "mien").exists()
    assert project.settings().encoders == ("mien-fp32",)


def test_a_folder_is_added_with_what_was_chosen(asked, started, tmp_path):
    chosen = {"source": f' "{tmp_path}" ', "name": "autre", "pooling": "cls", "prefix": "query: "}
    adding.start(*asked, Addition(**vars(FOLDER) | chosen | {"trim": True, "languages": "both"}))
    [(what, arguments)] = started
    assert what == "add"
    assert arguments[:5] == ["encoders", "add", str(tmp_path), "--precision", "int8"]
    for option in ("--yes", "--trim", "--name", "autre", "--pooling", "cls", "--prefix", "query: "):
        assert option in arguments
    assert "--language fr --language en" in " ".join(arguments)


def test_the_projects_own_texts_calibrate_where_there_are_enough(project, monkeypatch):
    assert adding.calibration(project) == []
    monkeypatch.setattr(adding, "LEAST", 10)
    [option, path] = adding.calibration(project)
    assert option == "--texts"
    with open(path, encoding="utf8") as file:
        assert "crise cardiaque\n" in file.readlines()


def test_nothing_is_fetched_without_agreement(asked, started, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example.org")
    assert adding.host("intfloat/multilingual-e5-small") == "hub.example.org"
    assert adding.host("sapbert-large") == "hub.example.org"
    assert [adding.host(text) for text in ("", str(tmp_path), "/no/where", "./x/y", "no-name")] == [None] * 5
    hub = Addition(**vars(FOLDER) | {"source": "intfloat/multilingual-e5-small"})
    with pytest.raises(InputError, match=r"hub\.example\.org; agree"):
        adding.start(*asked, hub)
    assert started == []
    adding.start(*asked, Addition(**vars(hub) | {"agreed": True}))
    assert "intfloat/multilingual-e5-small" in started[0][1]


def test_a_name_that_is_taken_and_a_folder_that_is_not_there_are_said(asked, own, started, tmp_path):
    with pytest.raises(EncoderError, match="'mien' is there already"):
        adding.start(*asked, Addition(**vars(FOLDER) | {"source": str(tmp_path), "name": "mien"}))
    with pytest.raises(InputError, match="not there"):
        adding.start(*asked, Addition(**vars(FOLDER) | {"source": "/no/where"}))
    assert started == []


def test_a_search_is_started_with_what_was_asked(asked, started):
    searches.start(*asked, "mien-fp32", trials=12, minutes=30, least_gain=50, language="fr")
    [(what, arguments)] = started
    assert what == "search"
    assert " ".join(arguments) == (
        "encoders search mien-fp32 --trials 12 --least-gain 50 --language fr --progress json --minutes 30"
    )


def test_a_run_of_both_says_what_changes_for_the_rated(project, store):
    said = rate_all(store)
    found = comparison.compared(project, "letters-a", "letters-b")
    assert not found.quick
    assert (found.origin, found.top) == (fixture_workspace.RUN, fixture_workspace.TOP)
    told = comparison.verdict(found, comparison.ratings(store, "Amélie"))
    assert len(told.pairs) == len(said)
    assert told.had == told.stay + told.lost
    assert told.had + told.gained == sum(rating >= 4 for rating in said.values())
    rows = comparison.table(project, found, told.pairs)
    assert set(rows["change"]) <= {"moved", "lost", "gained"}
    assert rows["term"].iloc[0] in dict(fixture_workspace.TERMS)
    assert comparison.compared(project, "letters-a", "mien") is None
    assert comparison.partner(project, "letters-b", ["aaa", "letters-b", "letters-a"]) == "letters-a"
    assert comparison.partner(project, "mien", ["mien", "letters-b", "letters-a"]) == "letters-b"


def test_the_page_shows_a_card_and_uses_its_encoder(joined, project):
    page = joined("encoders")
    assert not page.exception
    text = " ".join(element.value for element in page.get("html"))
    assert "cosinus 0,9981\u202f; voisins gardés 97,5\u00a0% (400 textes)" in text
    assert "avx512_vnni" in text
    assert "non indiquée" in text
    page.button(key="use_mien").click().run()
    assert project.settings().encoders[-1] == "mien"
    assert page.button(key="stop_mien").label == "Ne plus utiliser"
    assert page.button(key="swap_run").label == "Lancer l’alignement"


def test_the_page_compares_what_took_part_in_a_run(joined, project):
    page = joined("review")
    for rating in (5, 4, 0, 3):
        place = page.session_state["sitting"].place
        page.button(key=f"rate_{place.entry_id}_{place.cui}_{rating}").click().run()
    for name in fixture_workspace.ENCODERS:
        fixture_workspace.add_encoder(encoders.catalogue.own(), name)
    page = joined("encoders", lang="en")
    assert not page.exception
    assert [page.selectbox(key=f"compare_{side}").value for side in ("before", "after")] == [
        "letters-a",
        "letters-b",
    ]
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown["Entries"] == "12"
    assert {"In common @1", "Rank-biased overlap", "Rated 4–5, proposed", "First not rated"} <= set(shown)


def test_the_page_asks_before_anything_is_fetched(joined, started, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example.org")
    page = joined("encoders")
    page.text_input(key="add_source").set_value("intfloat/multilingual-e5-small").run()
    assert "hub.example.org" in page.checkbox(key="add_agreed").label
    page.button(key="add_now").click().run()
    assert "agree to it" in page.error[0].value
    page.checkbox(key="add_agreed").check()
    page.button(key="add_now").click().run()
    assert [what for what, _ in started] == ["add"]


def test_what_is_not_installed_is_named(joined, monkeypatch):
    monkeypatch.setattr(adding, "missing", lambda: ["torch"])
    page = joined("encoders")
    assert any("python3 start.py workshop" in warning.value for warning in page.warning)
    assert page.button(key="add_now").disabled


def trial(number, precision, ratio, lost):
    loss = Loss(
        n=1000, right=800, lost=lost, won=0, value=lost / 1000, low=lost / 1000 - 0.004, high=lost / 1000 + 0.004
    )
    return Trial(
        number=number,
        recipe=recipe("onnxruntime", precision, bits=7 if precision == "int8" else 0),
        batch_tokens=2048,
        measured=Measured(
            bytes=28_000_000,
            drift=Drift(400, 0.998, 0.991, 0.97),
            quality=Quality(loss, loss, Mean(0.95, 0.94, 0.96)),
            seconds={"fp32": [ratio] * 3, "2048": [1.0] * 3},
        ),
    )


def test_a_search_that_still_runs_is_drawn_and_its_winner_offered(joined, own, started):
    folder = own / "studies" / "mien-fp32"
    study.begin(folder, ABOUT, Constraint())
    study.keep(folder, [trial(0, "fp32", 1.0, 0), trial(1, "int8", 2.0, 1), trial(2, "int8", 2.5, 30)])
    page = joined("encoders")
    assert not page.exception
    assert any("2,00 fois la vitesse de fp32" in element.value for element in page.markdown)
    [report] = [element.value for element in page.markdown if element.value.startswith("# Recherche")]
    assert "**onnxruntime int8 7 bits, 2\u202f048 jetons par appel**" in report
    assert page.text_input(key="winner_mien-fp32").value == "mien-fast"
    page.button(key="register").click().run()
    assert started == [
        ("register", ["encoders", "register", str(folder), "--name", "mien-fast", "--progress", "json"])
    ]


def test_a_search_without_a_winner_says_so(joined, own):
    folder = own / "studies" / "mien-fp32"
    study.begin(folder, ABOUT, Constraint())
    study.keep(folder, [trial(0, "int8", 1.1, 0)])
    page = joined("encoders")
    assert not page.exception
    assert any("Aucun essai ne garde" in info.value for info in page.info)
