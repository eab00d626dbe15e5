import csv
from collections import Counter

import openpyxl
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InputError, WorkspaceError
from pipeline.interchange import FORMATS, Curation, export, find
from pipeline.interchange import writers as writers_module
from pipeline.interchange.tables import REFERENCE

from .conftest import E5, MINILM, SAID, TERMS, judgements


def exported(curation, format, path, **options):
    done = export(curation, format, path, **options)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return done, list(csv.DictReader(file, delimiter="\t" if "tsv" in format else ","))


def test_the_main_table_starts_as_the_reference_work_s_and_keeps_three_and_above(curation, tmp_path):
    done, rows = exported(curation, "main-csv", tmp_path / "main.csv")
    assert list(rows[0])[:5] == list(REFERENCE)
    assert [(row["entry_id"], row["CUI"], row["rating"]) for row in rows] == [
        ("e1", "C0027051", "4"),
        ("e2", "C0020538", "5"),
        ("e3", "C0018681", "3"),
        ("e5", "C0015967", "5"),
    ]
    assert done.rows == 4


def test_a_row_leads_back_to_people_encoders_run_and_releases(curation, tmp_path):
    row = exported(curation, "main-tsv", tmp_path / "main.tsv")[1][0]
    assert (row["people"], row["ratings"], row["raters"]) == ("Anne|Bruno", "5|4", "2")
    assert (row["encoders"], row["ranks"], row["cosines"]) == (f"{E5}|{MINILM}", "1|1", "0.93|0.81")
    assert (row["cosine"], row["score"], row["rated_at"]) == ("0.93", "0.9", "2026-11-03T09:30:00Z")
    assert (row["run"], row["lexicon_release"], row["umls_release"]) == ("r1", "lexicon-1", "umls-2025AB")
    assert row["encoder_fingerprints"] == f"{E5}=f1|{MINILM}=f2"
    assert row["settings_hash"] == curation.settings_hash


def test_a_rank_missing_for_one_encoder_keeps_its_place(curation, tmp_path):
    row = exported(curation, "main-csv", tmp_path / "main.csv")[1][2]
    assert (row["encoders"], row["ranks"], row["cosine"]) == (f"{E5}|{MINILM}", "|1", "0.88")


def test_names_and_definitions_of_restricted_sources_are_withheld_and_codes_stay(curation, tmp_path):
    row = exported(curation, "final-csv", tmp_path / "safe.csv")[1][0]
    assert (row["STR"], row["withheld"], row["CODE"], row["CUI"]) == ("", "true", "KA1", "C0027051")
    assert (row["DEF_SAB"], row["DEF"]) == ("HPO|MSHFRE", r"Necrosis \| of the heart.|")


def test_a_licensee_can_have_the_names_and_definitions(curation, tmp_path):
    row = exported(curation, "final-csv", tmp_path / "all.csv", withhold_restricted=False)[1][0]
    assert (row["STR"], row["withheld"]) == ("Infarctus du myocarde", "false")
    assert row["DEF"] == r"Necrosis \| of the heart.|Nécrose."
    assert (row["TUI"], row["STY"]) == ("T046|T047", "Pathologic Function|Disease or Syndrome")


def test_a_concept_with_many_types_and_definitions_stays_one_row(curation, tmp_path):
    counts = {
        name: export(curation, f"{name}-csv", tmp_path / name).rows for name in ("main", "extensive", "final")
    }
    assert counts == {"main": 4, "extensive": 4, "final": 4}


def test_files_count_what_people_judged(curation, tmp_path):
    export(curation, "main-parquet", tmp_path / "all.parquet", minimum_rating=0)
    pairs = pq.read_table(tmp_path / "all.parquet")
    assert Counter(pairs["rating"].to_pylist()) == Counter(curation.curated["rating"].to_pylist())
    assert pc.sum(pairs["raters"]).as_py() == sum(rating is not None for _, _, _, rating, _ in SAID)
    assert export(curation, "ratings-csv", tmp_path / "ratings.csv").rows == len(SAID)
    assert export(curation, "verdicts-csv", tmp_path / "verdicts.csv").rows == 1


def test_proposals_come_without_a_rating_when_asked_for(curation, tmp_path):
    rows = exported(curation, "main-csv", tmp_path / "m.csv", include_proposals=True)[1]
    assert [(row["entry_id"], row["CUI"]) for row in rows if not row["rating"]] == [("e4", "C0029434")]


def test_csv_opens_with_its_accents_and_runs_nothing(curation, tmp_path):
    rows = exported(curation, "main-csv", tmp_path / "main.csv")[1]
    assert (tmp_path / "main.csv").read_bytes().startswith(b"\xef\xbb\xbfterm,")
    assert rows[3]["term"] == "'= fièvre"
    assert rows[2]["explanation"] == TERMS["e3"][1]


def test_tsv_is_one_line_a_row_and_alters_no_sign(curation, tmp_path):
    rows = exported(curation, "main-tsv", tmp_path / "main.tsv")[1]
    assert len((tmp_path / "main.tsv").read_text(encoding="utf8").splitlines()) == 1 + len(rows)
    assert (rows[3]["term"], rows[2]["explanation"]) == ("= fièvre", "douleur à la tête, souvent passagère")


def test_xlsx_holds_text_as_text(curation, tmp_path):
    export(curation, "main", tmp_path / "main.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "main.xlsx").active
    assert (sheet["A5"].value, sheet["A5"].data_type) == ("= fièvre", "s")
    assert sheet["E2"].value == pytest.approx(0.93)


@pytest.mark.parametrize(
    ("explanation", "found"), [("é" * 32_768, "32,768 characters"), ("bip\x07", r"control character U\+0007")]
)
def test_xlsx_says_which_cell_it_cannot_hold(curation, tmp_path, explanation, found):
    path = curation.lexicon / "entries.parquet"
    entries = pq.read_table(path)
    column = [explanation] * len(entries)
    pq.write_table(entries.set_column(entries.column_names.index("explanation"), "explanation", [column]), path)
    with pytest.raises(InputError, match=f"row 2, explanation: {found}"):
        export(curation, "main-xlsx", tmp_path / "main.xlsx")
    assert list(tmp_path.glob("*main.xlsx*")) == []


def test_xlsx_says_when_there_are_too_many_rows(curation, tmp_path, monkeypatch):
    monkeypatch.setattr(writers_module, "XLSX_ROWS", 4)
    with pytest.raises(InputError, match="4 rows: an XLSX sheet holds 3"):
        export(curation, "main-xlsx", tmp_path / "main.xlsx")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_an_unrated_project_is_a_whole_file_with_a_header(unrated, tmp_path, name):
    done = export(unrated, name, tmp_path / f"empty{FORMATS[name].suffix}")
    assert done.rows == (3 + 1 if name.startswith("table4") else 0)
    assert done.path.stat().st_size > 0


@pytest.mark.parametrize("name", [name for name in FORMATS if "xlsx" not in name])
def test_the_same_curation_gives_the_same_file(curation, tmp_path, name):
    shuffled = curation.judgements.take(list(reversed(range(len(SAID)))))
    again = Curation(**{**vars_of(curation), "judgements": shuffled})
    files = [export(c, name, tmp_path / f"{i}").path.read_bytes() for i, c in enumerate((curation, again))]
    assert files[0] == files[1]


def vars_of(curation):
    return {name: getattr(curation, name) for name in ("judgements", "verdicts", "lexicon", "umls", "run")}


def test_a_concept_that_no_encoder_proposed_has_its_preferred_name(curation, tmp_path):
    row = exported(curation, "main-tsv", tmp_path / "main.tsv")[1][3]
    assert (row["STR"], row["origin"], row["encoders"], row["cosine"]) == ("Fièvre", "search", "", "")


def test_an_entry_gone_from_the_lexicon_is_kept_in_tables_and_counted_in_sssom(folders, unrated, tmp_path):
    gone = judgements([("e9", "C0015967", "Anne", 5, "search")])
    curation = Curation(judgements=gone, verdicts=unrated.verdicts, **folders)
    assert export(curation, "main-csv", tmp_path / "main.csv").rows == 1
    done = export(curation, "sssom", tmp_path / "m.sssom.tsv")
    assert (done.rows, done.left_out) == (0, 1)


def test_an_unknown_format_lists_those_there_are(curation, tmp_path):
    with pytest.raises(InputError, match=r"'main-ods'.*main-csv.*sssom"):
        export(curation, "main-ods", tmp_path / "main.ods")
    assert find("final", tmp_path / "x.TSV").name == "final-tsv"


def test_a_run_cut_short_is_named(curation, tmp_path):
    (curation.run / "merged.parquet").unlink()
    with pytest.raises(WorkspaceError, match="merged"):
        export(curation, "main-csv", tmp_path / "main.csv")
