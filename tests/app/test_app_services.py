from datetime import UTC, datetime

import pyarrow.csv
import pytest

from app.services import advancement, concepts, distributions, export, keeper, runs, sources, translations
from app.services.appearance import Sitting, appear, arrive
from app.services.review import rate
from curation_db import queries
from curation_db.concepts.terminology import Concept, Name, open_terminology
from curation_db.safety import backups
from pipeline.errors import FormatError, InputError
from tests.app import fixture_workspace

AT = datetime(2026, 1, 2, 9, tzinfo=UTC)


@pytest.fixture
def rated(store):
    """Ten cards, rated 0 to 5 and again from 0."""
    here = Sitting()
    for number in range(10):
        showing = appear(here, arrive(store, here, "Amélie"), "Amélie", 100.0 * number)
        rate(store, here, showing, number % 6, at=AT, now=100.0 * number + 2)
    return store


def test_one_series_an_encoder_and_format_of_the_latest_run(project, asked):
    assert [one.label for one in distributions.series(*asked, "cosine")] == [
        "letters-a · int8",
        "letters-b · int8",
    ]
    fixture_workspace.add_run(project, "20260201T120000-fixture1", precision="fp32")
    series = distributions.series(*asked, "score")
    assert {one.label for one in series} == {f"letters-{x} · {p}" for x in "ab" for p in ("int8", "fp32")}
    assert all(one.counts.sum() == one.curve.n == 48 for one in series)


def test_scores_by_rating_have_a_row_a_rating(rated):
    assert sorted(distributions.by_rating(rated, "Amélie")["rating"]) == sorted([*range(6), *range(4)])


def test_progress_counts_what_was_done_and_says_nothing_of_what(rated):
    people = advancement.people(rated, "Amélie")
    assert people["Amélie"].rated == 10
    ratings = advancement.ratings(rated, "Amélie", UTC)
    assert advancement.by_day(ratings)["count"].tolist() == [10]
    assert set(ratings["seconds"]) == {2.0}


def test_an_export_holds_what_was_rated_at_the_threshold(project, rated):
    done = export.write(project, rated, "Amélie", "main-csv", minimum=3, at=AT)
    rows = pyarrow.csv.read_csv(done.path).to_pylist()
    wanted = [row for row in queries.curated(rated).to_pylist() if row["rating"] >= 3]
    assert done.path.parent == project.exports
    assert sorted(row["rating"] for row in rows) == sorted(row["rating"] for row in wanted)


def test_an_export_never_replaces_another(project, rated):
    first, second = (export.write(project, rated, "Amélie", "ratings-tsv", minimum=0, at=AT) for _ in range(2))
    assert first.path != second.path
    assert first.path.read_bytes() == second.path.read_bytes()


def test_every_format_has_a_preview(project, rated, tmp_path):
    for format in export.formats():
        rows, total = export.preview(
            project, rated, "Amélie", format, minimum=0, withhold=True, proposals=False, folder=tmp_path
        )
        assert len(rows) == total


def test_the_run_that_people_rate_is_chosen(project, store):
    fixture_workspace.add_run(project, "20260201T120000-fixture1", top=2)
    assert runs.in_use(store) == fixture_workspace.RUN
    assert not runs.use_first(project, store, at=AT)
    runs.use(project, store, "Amélie", "20260201T120000-fixture1", at=AT)
    assert [one.why for one in backups.found(keeper.folder(store))] == ["risk"]
    assert runs.in_use(store) == "20260201T120000-fixture1"
    assert [run.name for run in runs.finished(project)][-1] == fixture_workspace.RUN


def test_a_concept_is_seen_french_first_and_found_by_its_names(project):
    with open_terminology(project.release("umls")) as known:
        view = concepts.view(known, "C0027051")
        assert (view.french, view.english, view.types) == (
            "Infarctus du myocarde",
            "Myocardial Infarction",
            ("Disease or Syndrome",),
        )
        assert "Crise cardiaque" in view.others
        assert ("MSH", "D000") in view.codes
        assert concepts.view(known, "C9999999") is None
        assert concepts.search(known, "crise cardiaque", limit=3)[0].cui == "C0027051"
        assert concepts.titles(known, ["C0018681"]) == {"C0018681": "Céphalée"}


def test_candidates_of_one_name_are_told_apart():
    named = {
        "C1": ("Parodontite", "Gingival disease"),
        "C2": ("parodontite", "Periodontal disease"),
        "C3": ("Parodontite", None),
        "C4": ("Toux", "Cough"),
        "C5": ("Nez", "Nose"),
        "C6": ("Nez", "Nose"),
        "C7": (None, "Plague"),
        "C8": (None, "Plague"),
    }

    class Known:
        def concepts(self, cuis):
            return {cui: _concept(cui, *named[cui]) for cui in cuis if cui in named}

    assert concepts.told_apart(Known(), [*named, "C9"]) == {
        "C1": "Parodontite (Gingival disease)",
        "C2": "parodontite (Periodontal disease)",
        "C3": "Parodontite (C3)",
        "C4": "Toux",
        "C5": "Nez (C5)",
        "C6": "Nez (C6)",
        "C7": "Plague (C7)",
        "C8": "Plague (C8)",
    }


def _concept(cui: str, french: str | None, english: str | None) -> Concept:
    names = [
        Name(text, lat, "LXA", "PT", "", True, "0") for lat, text in (("FRE", french), ("ENG", english)) if text
    ]
    return Concept(cui, tuple(names), (), (), (), ())


def test_a_correction_wins_and_names_what_hangs_on_it(project, asked):
    memory = translations.memory(project)
    memory.add([("fièvre", "fever"), ("Fièvre", "fever")], translator="essai", at=AT)
    translations.correct(*asked, "fièvre", "pyrexia", at=AT)
    page = translations.page(translations.memory(project), "pyrexia")
    assert [(row.text, row.translator) for row in page.rows] == [("fièvre", "Amélie")]
    assert translations.page(translations.memory(project), origin="machine").total == 1
    assert translations.dependents(project, "fièvre") == (["E10"], [])
    assert translations.dependents(project, "Fièvre") == ([], ["C0015967"])


def test_uploads_stay_in_their_folder(project, asked):
    path = sources.keep_upload(*asked, "../../lexique.txt", b"Terme\n")
    assert path == project.sources / "uploads" / "lexique.txt"
    with pytest.raises(InputError, match="no file name"):
        sources.keep_upload(*asked, "..", b"")


def test_a_path_that_leads_nowhere_is_said(tmp_path):
    assert sources.existing(f' "{tmp_path}" ') == tmp_path
    for nothing in ("", str(tmp_path / "none")):
        with pytest.raises(InputError, match="not there"):
            sources.existing(nothing)


def test_settings_are_kept_and_nonsense_is_refused(project, asked):
    sources.save(*asked, top_k=25, encoders=("letters-a",))
    assert (project.settings().top_k, project.settings().title) == (25, "Essai")
    with pytest.raises(FormatError, match="encoders"):
        sources.save(*asked, encoders=())


def test_the_report_and_its_rejects_are_read(project):
    release = sources.release(project, "lexicon")
    assert release.report["entries"] == 12
    assert sources.rejects(project, "lexicon")["line"].tolist() == [14]
    assert sources.filled({"1-4": 0, "5-9": 2, "10-19": 0}) == {"1-4": 0, "5-9": 2}
