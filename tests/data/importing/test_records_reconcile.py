"""read = loaded + rejected + duplicates + updated = the records under CSV quoting, whatever the file."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.importing.reconcile import scan

if TYPE_CHECKING:
    from tests.data.importing.conftest import Bench

HEADER = "Order ID,Order Date,Amount,Customer ID,Product Name\n"

text_cells = st.text(alphabet='ab ,"\n\r;é', max_size=8)
grids = st.lists(st.lists(text_cells, min_size=2, max_size=3), min_size=1, max_size=12)


def oracle(content: str) -> int:
    """Records that are not blank, as Python's csv module sees them."""
    return sum(1 for row in csv.reader(io.StringIO(content, newline="")) if row)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=grids, end=st.sampled_from(["\n", "\r\n"]), last=st.booleans(), blanks=st.integers(0, 2))
@example(rows=[["a\nb", 'say "x"']], end="\r\n", last=False, blanks=1)
def test_records_written_by_a_csv_writer_are_counted(
    tmp_path: Path, rows: list[list[str]], end: str, last: bool, blanks: int
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=end, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow(row)
        buffer.write(end * blanks)
    content = buffer.getvalue()
    if not last:
        content = content.rstrip("\r\n")
    path = tmp_path / "f.csv"
    path.write_bytes(content.encode())
    assert scan(path).records == oracle(content) == len(rows)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.text(alphabet='a,"\n\r ', max_size=60))
def test_where_the_count_may_be_trusted_it_never_exceeds_the_line_count(tmp_path: Path, content: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content.encode())
    seen = scan(path)
    assert seen.records <= content.count("\n") + 1
    if "\r" not in content and '"' not in content:
        assert seen.records == oracle(content)


def test_a_count_does_not_depend_on_where_the_chunks_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = 'a,b\r\n"x\r\ny",2\r\n\r\n3,"q""q"\r\n4,5' * 30
    path = tmp_path / "f.csv"
    path.write_bytes(content.encode())
    whole = scan(path)
    for size in range(1, 40):
        monkeypatch.setattr("data.importing.reconcile._CHUNK", size)
        again = scan(path)
        assert (again.records, again.plain, again.longest_line) == (
            whole.records,
            whole.plain,
            whole.longest_line,
        )


def messy(seed: int, rows: int = 300) -> tuple[str, int]:
    """A file with every trouble that is not an open quote, and how many records it has."""
    chance = random.Random(seed)
    lines = []
    for number in range(rows):
        name = chance.choice(
            ["Kopi", '"Teh, tarik"', '"Roti ""canai"""', '"two\nlines"', '7" plate', "  padded  "]
        )
        amount = chance.choice(["10.00", "12.50", "abc", "", "-3.00"])
        day = chance.choice(["2026-01-05", "2026-02-30", "2026-03-05 10:11:12", ""])
        line = f"{number},{day},{amount},C{number % 7},{name}"
        if chance.random() < 0.05:
            line += ",too,many"
        if chance.random() < 0.05:
            line = f"{number},2026-01-05"
        lines.append(line)
        if chance.random() < 0.05:
            lines.append("")
    content = HEADER + "\n".join(lines) + "\n"
    return content, oracle(content) - 1


@pytest.mark.parametrize("seed", range(6))
def test_a_messy_file_reconciles(bench: Bench, seed: int) -> None:
    content, records = messy(seed)
    bench.load(transactions=content)
    read, loaded, rejected, duplicates, updated = bench.counts()
    assert read == records == loaded + rejected + duplicates + updated
    assert bench.rows("count(*)") == [(loaded,)]
    assert len(bench.refused()) == rejected


def test_rows_with_too_many_or_too_few_fields_are_refused_by_their_record_number(bench: Bench) -> None:
    bench.load(
        transactions=HEADER
        + "1,2026-01-05,1,C1,a\n2,2026-01-05\n\n3,2026-01-05,1,C1,a,b,c\n4,2026-01-05,1,C1,a\n"
    )
    assert bench.counts() == (4, 2, 2, 0, 0)
    assert bench.refused() == [(2, None, "2", "too_few_fields"), (3, None, "7", "too_many_fields")]


def test_empty_cells_past_the_last_column_do_no_harm(bench: Bench) -> None:
    bench.load(transactions=HEADER + "1,2026-01-05,1,C1,a,,\n2,2026-01-05,2,C1,a\n")
    assert bench.counts() == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_fast_and_the_careful_reading_give_equal_tables(bench: Bench, quoted: bool, end: str) -> None:
    chance = random.Random(3)
    lines = [HEADER.strip()]
    for number in range(2_000):
        name = chance.choice(
            ["Kopi", "Teh O", " padded", "NA", "é", ""] + (['"a, b"', '"say ""x"""', '""'] if quoted else [])
        )
        amount = chance.choice(
            ["10.00", "12.5", "1e2", "x", "", "1,5"] if quoted is False else ["10", "-3.25", "n/a"]
        )
        amount = amount.replace(",", "")
        lines.append(f"{number // 2:05d},2026-01-{number % 28 + 1:02d},{amount},C{number % 9},{name}")
    content = end.join(lines) + end
    fast = bench.load(transactions=content)
    fast_counts, fast_rows, fast_refused = bench.counts(), bench.rows("* EXCLUDE line_hash"), bench.refused()
    fast_hashes = bench.rows("line_hash")
    from data import workspaces

    workspaces.delete(bench.workspace())
    careful = bench.load(transactions=content, fast=False)
    assert fast.tables["transactions"].files[0]["records"] == 2_000
    assert bench.counts() == fast_counts
    assert bench.rows("* EXCLUDE line_hash") == fast_rows
    assert bench.rows("line_hash") == fast_hashes
    assert bench.refused() == fast_refused
    assert careful.tables["transactions"].reasons == fast.tables["transactions"].reasons
