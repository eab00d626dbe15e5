import pandas as pd
import pytest

from pipeline.encoders.ratings_file import read
from pipeline.errors import FormatError

ROWS = pd.DataFrame(
    {
        "term": ["fièvre", "fièvre", "toux", "toux"],
        "entry_id": ["0001", "0001", "0002", "0002"],
        "CUI": ["C0015967", "C0015967", "C0010200", "C0239134"],
        "person": ["Aude", "Bruno", "Aude", "Aude"],
        "rating": [5, 2, 4, None],
    }
)
WRITERS = {
    "csv": lambda rows, path: rows.to_csv(path, index=False, encoding="utf-8-sig"),
    "tsv": lambda rows, path: rows.to_csv(path, index=False, sep="\t"),
    "parquet": lambda rows, path: rows.to_parquet(path),
    "xlsx": lambda rows, path: rows.to_excel(path, index=False),
}


@pytest.mark.parametrize("form", WRITERS)
def test_a_pair_has_the_lower_median_of_its_people(form, tmp_path):
    path = tmp_path / f"ratings.{form}"
    WRITERS[form](ROWS, path)
    assert read(path) == {("0001", "C0015967"): 2, ("0002", "C0010200"): 4}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("ratings.docx", "", "expected .csv"),
        ("ratings.csv", "term,rating\ntoux,4\n", "no column entry_id"),
        ("ratings.csv", "entry_id,CUI,person,rating\n1,C0010200,Aude,7\n", "rating 7"),
        ("ratings.csv", "", "export the ratings again"),
    ],
)
def test_another_file_is_refused(name, text, told, tmp_path):
    path = tmp_path / name
    path.write_text(text, encoding="utf8")
    with pytest.raises(FormatError, match=told):
        read(path)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FormatError, match=r"ratings\.csv"):
        read(tmp_path / "ratings.csv")
