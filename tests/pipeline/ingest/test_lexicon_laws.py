"""Whatever rows are written, in any dialect, are read back; every row is accounted for."""

import csv
import io
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.cells import decode, lines_of, records
from pipeline.ingest.lexicon import identified, ingest_lexicon
from pipeline.ingest.lexicon_file import FRENCH
from pipeline.workspace import Workspace

LETTERS = st.characters(codec="cp1252", exclude_characters="\x00", exclude_categories=("Cc", "Cs"))
# A cell with line breaks and delimiters may read as rows of an unquoted file, and is then taken so: see cells.py.
PLAIN = st.text(st.one_of(LETTERS, st.sampled_from('";,')), max_size=12)
BROKEN = st.lists(st.text(LETTERS.filter(lambda c: c not in ";,"), max_size=6), min_size=1, max_size=3).map(
    "\n".join
)
TERM = st.text(LETTERS, min_size=1, max_size=12).filter(str.strip)
ROW = st.tuples(TERM, *[st.one_of(PLAIN, BROKEN)] * 5)


@given(
    rows=st.lists(ROW, min_size=1, max_size=8),
    delimiter=st.sampled_from("\t;,"),
    encoding=st.sampled_from(["utf8", "utf-8-sig", "cp1252", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@settings(max_examples=150)
def test_rows_written_in_any_dialect_come_back(rows, delimiter, encoding, end, quoting):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([FRENCH, *rows])
    text, _ = decode(out.getvalue().encode(encoding), "lex")
    if encoding == "cp1252":
        # One-byte text that happens to be UTF-8 as well cannot be told apart.
        text = out.getvalue().encode(encoding).decode(encoding)
    found = [record.cells for record in records(lines_of(text), delimiter, 6, 1)]
    assert found == [tuple(row) for row in rows]


@given(st.lists(st.tuples(TERM, PLAIN), min_size=1, max_size=12), st.randoms())
def test_identifiers_do_not_depend_on_the_order_of_rows(pairs, chance):
    def ids(pairs):
        rows = [_row(term, explanation) for term, explanation in pairs]
        return {entry["entry_id"] for entry in identified(rows)[0]}

    shuffled = list(pairs)
    chance.shuffle(shuffled)
    assert ids(pairs) == ids(shuffled)


@given(st.text(st.sampled_from('ab\t"\n\r;é'), max_size=60))
@settings(max_examples=60)
def test_every_row_is_an_entry_a_reject_or_a_duplicate(body):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "lex.txt"
        path.write_bytes(("Terme\tSources\nasthme\tQ\n" + body).encode())
        folder = ingest_lexicon([path], Workspace(Path(name) / "w"), allow_rejects=True)
        counts = [pq.read_metadata(folder / f"{t}.parquet").num_rows for t in ("entries", "rejects", "duplicates")]
        text, _ = decode(path.read_bytes(), "lex")
        read = list(records(lines_of(text), "\t", 2, 1))
        assert sum(counts) == len(read)
        assert "".join(record.text for record in read).replace("\n", "").replace("\r", "") == (
            "asthme\tQ" + body
        ).replace("\n", "").replace("\r", "")


def _row(term, explanation):
    texts = dict.fromkeys(("complexity_rate", "comparison_index", "simplification_rate", "sources"), "")
    return {"term": term, "explanation": explanation, **texts, "file": "lex", "line": 1}
