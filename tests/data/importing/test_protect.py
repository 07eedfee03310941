"""Identity numbers never get past an import: not into a table, a list of refused rows, or a report."""

from __future__ import annotations

import duckdb

from data.importing.protect import covered

MYKAD, DASHED = "900101145678", "900101-14-5678"
NIK = "3273015506900001"


def held(bench) -> str:
    """All that stands in the workspace's files."""
    found = []
    for path in sorted(p for p in bench.workspace().path.rglob("*") if p.is_file()):
        if path.suffix == ".parquet":
            found.append(str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()))
        found.append(path.read_bytes().decode("utf-8", errors="replace"))
    return "\n".join(found)


ORDERS = f"""Order ID,Order Date,Amount,Customer ID
1,2026-01-02 10:00:00,100,{DASHED}
,2026-01-03 10:00:00,100,{MYKAD}
3273015506900002,2026-01-04 10:00:00,100,C2
4,{NIK},100,C2
"""
PEOPLE = f"""Customer ID,Name,Phone,Email,Birthday
{MYKAD},Ali ({NIK}),{DASHED},ali@example.com,{DASHED}
C2,Siti,601112345678,siti@example.com,1990-01-01
"""
FEEDBACK = f"""Customer ID,Given At,Kind,Score,Comment
C2,2026-01-02,nps,9,my ic is {DASHED}
"""


def test_identity_numbers_are_replaced_in_every_text_and_still_join(bench):
    outcome = bench.load(transactions=ORDERS, customers=PEOPLE, feedback=FEEDBACK)
    text = held(bench)
    assert [number for number in (MYKAD, DASHED, NIK) if number in text] == []
    [known] = bench.rows("DISTINCT customer_id", order="1")[1:]
    assert known in bench.rows("customer_id", "customers")
    assert known[0].startswith("idn-")
    assert ("3273015506900002",) in bench.rows("order_id")  # an order of a marketplace is no person
    found = {table: report.identity_numbers for table, report in outcome.tables.items()}
    assert found == {"transactions": 2, "customers": 3, "feedback": 1}
    assert ("601112345678",) in bench.rows("phone", "customers")


def test_the_same_file_again_changes_nothing(bench):
    first = bench.load(transactions=ORDERS, customers=PEOPLE)
    again = bench.load(transactions=ORDERS, customers=PEOPLE)
    assert again.snapshot == first.snapshot
    assert bench.counts() == (4, 0, 1, 3, 0)


def test_a_refusals_value_is_hashed_too(bench):
    bench.load(transactions=ORDERS)
    [(_, _, value, _)] = bench.refused()
    assert value.startswith("idn-")


def test_the_preview_covers_them():
    row = covered(("order_id", "customer_id", "phone", "amount"), (NIK, DASHED, "601112345678", 3))
    assert row == (NIK, "idn-…", "601112345678", 3)
