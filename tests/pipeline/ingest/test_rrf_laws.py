"""Laws of the reading of RRF: the quick check of a block agrees with the slow one of its lines."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.lines import _all_rows, reason, sift
from pipeline.ingest.rrf import MRCONSO
from pipeline.ingest.scan import scan

WHOLE = b"C0020538|FRE|P|L1|PF|S1|Y|A1||M1|D1|MSHFRE|MH|D006973|Hypertension|3|N||"
LINE = st.one_of(
    st.just(WHOLE),
    st.builds(
        lambda at, cut, put: WHOLE[:at] + put + WHOLE[at + cut :],
        st.integers(0, len(WHOLE)),
        st.integers(0, 9),
        st.sampled_from([b"", b"|", b"||", b'"', b"\r", b"\0", b"\xe9", "é".encode(), b"\x01", b"7", b"\\"]),
    ),
)


@given(st.lists(LINE, min_size=1, max_size=6))
@settings(max_examples=300)
def test_a_block_passes_the_quick_check_only_where_all_its_lines_are_rows(lines):
    if _all_rows(b"\n".join(lines) + b"\n", MRCONSO):
        assert [reason(line, MRCONSO) for line in lines] == [None] * len(lines)


@given(st.lists(LINE, min_size=1, max_size=6))
@settings(max_examples=60)
def test_the_good_lines_are_the_rows_that_duckdb_reads(lines):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in.RRF").write_bytes(b"\n".join([*lines, WHOLE]) + b"\n")
        found = sift(folder / "in.RRF", MRCONSO, "in.RRF", clean=folder / "clean")
        assert found.lines == len(lines) + 1
        rows = scan(
            folder / "clean",
            MRCONSO,
            [],
            folder / "out.parquet",
            work=folder,
            memory_limit="200MB",
            progress=lambda done, total, label: None,
        )
        assert rows.kept == found.lines - len(found.rejects) - found.blank
