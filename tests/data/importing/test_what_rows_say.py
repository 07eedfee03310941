"""Ids stay as they are, amounts become net, and what cannot be read is refused with its place."""

# ruff: noqa: E501  a file's rows stand on one line

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from data.errors import FileRefused, MappingNeeded

if TYPE_CHECKING:
    from tests.data.importing.conftest import Bench


def test_ids_are_text_with_their_zeros_and_na_is_a_value(bench: Bench) -> None:
    bench.load(
        transactions='Order ID,Customer ID,Date,Amount\n0012,NA,2026-01-05,1\n\'0013,null,2026-01-05,2\n="0014",,2026-01-05,3\n'
    )
    assert bench.rows("order_id, customer_id") == [("0012", "NA"), ("0013", "null"), ("0014", None)]


@pytest.mark.parametrize("damaged", ["5.81E+17", "5,81E+17", "1E+15", "5.81234567890123e+17"])
def test_an_id_a_spreadsheet_damaged_is_refused(bench: Bench, damaged: str) -> None:
    cell = f'"{damaged}"'
    bench.load(transactions=f"Order ID,Date,Amount\n{cell},2026-01-05,1\n581234567890123456,2026-01-05,2\n")
    assert bench.counts() == (2, 1, 1, 0, 0)
    assert bench.refused() == [(1, "Order ID", damaged, "damaged_id")]
    assert bench.rows("order_id") == [("581234567890123456",)]


def test_a_row_needs_an_order_or_a_customer(bench: Bench) -> None:
    bench.load(
        transactions="Order ID,Customer ID,Date,Amount\n,,2026-01-05,1\nA,,2026-01-05,2\n,C1,2026-01-05 10:00:00,3\n"
    )
    assert bench.refused() == [(1, None, None, "no_order_or_customer")]
    assert bench.rows("order_id, customer_id, order_id_derived") == [
        ("A", None, False),
        ("C1|2026-01-05T10:00:00", "C1", True),
    ]


def test_without_order_ids_an_order_is_customer_time_and_store(bench: Bench) -> None:
    bench.load(
        transactions="Customer ID,Date,Amount,Store\nC1,2026-01-05 10:00:00,1,S1\nC1,2026-01-05 10:00:00,2,S1\nC1,2026-01-05 10:00:00,3,S2\n"
    )
    assert bench.rows("count(DISTINCT order_id)") == [(2,)]


def test_a_gross_total_is_brought_to_net_by_the_parts_it_holds(bench: Bench) -> None:
    bench.load(
        transactions="No. Pesanan,Tarikh Pesanan,Jumlah Bayaran,Cukai,Caj Penghantaran\n1,05/01/2026,116.00,6.00,10.00\n2,25/01/2026,20.00,,\n"
    )
    assert bench.rows("amount, tax, shipping_charged") == [
        (Decimal("20.0000"), None, None),
        (Decimal("100.0000"), Decimal("6.0000"), Decimal("10.0000")),
    ]


def test_a_net_total_is_preferred_to_a_gross_one(bench: Bench) -> None:
    bench.load(transactions="Order ID,Date,Grand Total,Net Sales,Tax\n1,2026-01-05,106,100,6\n")
    assert bench.rows("amount") == [(Decimal("100.0000"),)]


def test_the_mapping_says_what_a_total_contains(bench: Bench) -> None:
    mapping = '[transactions]\namount_includes = ["tax"]\n'
    bench.load(mapping, transactions="Order ID,Date,Amount,Tax\n1,2026-01-05,106,6\n")
    assert bench.rows("amount") == [(Decimal("100.0000"),)]


def test_an_amount_can_be_quantity_times_price(bench: Bench) -> None:
    mapping = '[transactions.columns]\namount = "quantity * unit_price - discount"\n'
    bench.load(
        mapping,
        transactions="Order ID,Date,Qty,Price,Discount\n1,2026-01-05,3,2.50,0.50\n2,2026-01-05,,4,\n3,2026-01-05,2,,\n",
    )
    assert bench.rows("order_id, amount") == [("1", Decimal("7.0000")), ("2", Decimal("4.0000"))]
    assert bench.refused()[0][3] == "missing_value"


@pytest.mark.parametrize(
    ("written", "code"),
    [("RM", "MYR"), ("rm", "MYR"), ("Rp", "IDR"), ("Rp.", "IDR"), ("idr", "IDR"), ("MYR", "MYR"), ("", None)],
)
def test_currencies_become_codes(bench: Bench, written: str, code: str | None) -> None:
    bench.load(transactions=f"Order ID,Date,Amount,Currency\n1,2026-01-05,5,{written}\n")
    assert bench.rows("currency") == [(code,)]


def test_an_unknown_currency_is_refused(bench: Bench) -> None:
    bench.load(transactions="Order ID,Date,Amount,Currency\n1,2026-01-05,5,shells\n2,2026-01-05,5,MYR\n")
    assert bench.refused() == [(1, "Currency", "shells", "unknown_currency")]


def test_symbols_in_amounts_give_each_row_its_currency(bench: Bench) -> None:
    bench.load(
        transactions='Order ID,Date,Amount\n1,2026-01-05,RM 12.50\n2,2026-01-05,"Rp 1,250.00"\n3,2026-01-05,7.25\n'
    )
    assert bench.rows("order_id, amount, currency") == [
        ("1", Decimal("12.5000"), "MYR"),
        ("2", Decimal("1250.0000"), "IDR"),
        ("3", Decimal("7.2500"), None),
    ]


def test_words_of_three_languages_become_codes(bench: Bench) -> None:
    bench.load(
        transactions="Order ID,Date,Amount,Status,Payment Method\n1,2026-01-05,5,Selesai,COD (Bayar di Tempat)\n2,2026-01-05,5,DIBATALKAN,Touch n Go\n3,2026-01-05,5,Cancelled,Tunai\n4,2026-01-05,5,,\n"
    )
    assert bench.rows("order_id, status, payment_method") == [
        ("1", "completed", "cod"),
        ("2", "cancelled", "Touch n Go"),
        ("3", "cancelled", "Tunai"),
        ("4", None, None),
    ]


def test_an_unknown_status_is_refused_until_the_mapping_says_what_it_means(bench: Bench) -> None:
    content = "Order ID,Date,Amount,Status\n1,2026-01-05,5,Selesai\n2,2026-01-05,5,Zonk\n"
    bench.load(transactions=content)
    assert bench.refused() == [(2, "Status", "Zonk", "unknown_code")]
    bench.load('[transactions.codes.status]\nZonk = "cancelled"\n', transactions=content)
    assert bench.rows("order_id, status") == [("1", "completed"), ("2", "cancelled")]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("1899-01-05", "date_too_early"),
        ("2206-01-05", "date_too_far"),
        ("soon", "bad_date"),
        ("", "missing_value"),
    ],
)
def test_dates_that_cannot_be_true_are_refused(bench: Bench, day: str, code: str) -> None:
    bench.load(transactions=f"Order ID,Date,Amount\n1,{day},5\n2,2026-01-05,5\n")
    assert bench.refused() == [(1, "Date", day or None, code)]


def test_a_date_a_little_ahead_is_kept_and_reported(bench: Bench) -> None:
    outcome = bench.load(transactions="Order ID,Date,Amount\n1,2027-01-05,5\n2,2026-01-05,5\n")
    assert bench.counts() == (2, 2, 0, 0, 0)
    assert outcome.tables["transactions"].future == 1


def test_an_absurd_amount_is_refused(bench: Bench) -> None:
    bench.load(
        transactions="Order ID,Date,Amount\n1,2026-01-05,99999999999999\n2,2026-01-05,99999999999999999999\n3,2026-01-05,5\n"
    )
    assert [row[0] for row in bench.refused()] == [1, 2]


def test_an_unreadable_optional_cell_is_left_empty_and_listed(bench: Bench) -> None:
    outcome = bench.load(
        transactions="Order ID,Date,Amount,Cost,Delivered At\n1,2026-01-05,5,cheap,2026-01-06\n2,2026-01-05,5,2,later\n"
    )
    assert bench.counts() == (2, 2, 0, 0, 0)
    assert outcome.tables["transactions"].emptied == {"cost: bad_number": 1, "delivered_at: bad_date": 1}
    assert outcome.emptied is not None
    with outcome.emptied.open(encoding="utf-8-sig") as file:
        assert len(list(csv.reader(file))) == 3


def test_the_money_in_refused_rows_is_reported_by_currency(bench: Bench) -> None:
    outcome = bench.load(
        transactions="Order ID,Date,Amount,Currency\n1,soon,5,MYR\n2,later,7.50,RM\n3,never,1000,IDR\n4,2026-01-05,1,MYR\n"
    )
    assert outcome.tables["transactions"].refused_money == {"MYR": 12.5, "IDR": 1000.0}


def test_the_file_of_refused_rows_is_worded_and_cannot_run_in_a_spreadsheet(bench: Bench) -> None:
    outcome = bench.load(
        transactions="Order ID,Date,Amount\n1,=HYPERLINK(1),5\n2,2026-01-05,5\n3,\uff1dcmd,5\n"
    )
    assert outcome.rejects is not None
    with outcome.rejects.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head[0] == "reject.head.table"
    assert rows[0][2:5] == ["1", "Date", "'=HYPERLINK(1)"]
    assert rows[1][4] == "'\uff1dcmd"
    assert "reject.bad_date" in rows[0][5]


def test_a_file_of_which_every_row_is_refused_is_refused(bench: Bench) -> None:
    with pytest.raises(FileRefused, match="Every row of") as refusal:
        bench.load(transactions="Order ID,Date,Amount\n1,soon,5\n2,later,5\n")
    assert refusal.value.fields["count"] == 2
    assert bench.workspace().current() is None


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        ((["03/04/2026", "25/04/2026"]), dt.datetime(2026, 4, 3)),
        ((["03/04/2026", "04/25/2026"]), dt.datetime(2026, 3, 4)),
    ],
)
def test_one_clear_date_decides_the_column(bench: Bench, dates: list[str], order: dt.datetime) -> None:
    rows = "".join(f"{i},{day},5\n" for i, day in enumerate(dates))
    bench.load(transactions=f"Order ID,Date,Amount\n{rows}")
    assert bench.rows("ordered_at", order="order_id")[0] == (order,)


def test_dates_that_stay_ambiguous_are_asked_about(bench: Bench) -> None:
    content = "Order ID,Order Date,Amount\n1,03/04/2026,5\n2,05/06/2026,5\n"
    with pytest.raises(MappingNeeded, match='dates = "dmy"') as question:
        bench.load(transactions=content)
    assert question.value.code == "mapping_dates"
    bench.load('[transactions]\ndates = "mdy"\n', transactions=content)
    assert bench.rows("ordered_at", order="order_id") == [
        (dt.datetime(2026, 3, 4),),
        (dt.datetime(2026, 5, 6),),
    ]


def test_dates_that_contradict_each_other_are_asked_about(bench: Bench) -> None:
    with pytest.raises(MappingNeeded) as question:
        bench.load(transactions="Order ID,Date,Amount\n1,25/04/2026,5\n2,04/25/2026,5\n")
    assert question.value.code == "mapping_dates_mixed"


def test_numbers_that_stay_ambiguous_are_asked_about(bench: Bench) -> None:
    content = "Order ID,Date,Amount\n1,2026-01-05,1.500\n2,2026-01-05,25.000\n"
    with pytest.raises(MappingNeeded, match="decimal") as question:
        bench.load(transactions=content)
    assert question.value.code == "mapping_decimal"
    bench.load('[transactions]\ndecimal = ","\n', transactions=content)
    assert bench.rows("sum(amount)") == [(Decimal("26500.0000"),)]


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        (["1.500", "25.000", "12.500,50"], "39000.5"),
        (["1.500", "1.250.000"], "1251500"),
        (["Rp1.500", "Rp 25.000"], "26500"),
        (["1,500", "RM 2,500.50"], "4000.5"),
        (["1.500", "0.25"], "1.75"),
        (["1,5", "12"], "13.5"),
        (["(5.00)", "7.50-", "10.00"], "-2.5"),
    ],
)
def test_one_clear_number_decides_the_file(bench: Bench, amounts: list[str], total: str) -> None:
    rows = "".join(f'{i},2026-01-05,"{amount}"\n' for i, amount in enumerate(amounts))
    bench.load(transactions=f"Order ID,Date,Amount\n{rows}")
    assert bench.counts()[1] == len(amounts)
    assert bench.rows("sum(amount)") == [(Decimal(total),)]


def test_rupiah_in_the_files_own_currency_column_has_no_decimals(bench: Bench) -> None:
    bench.load(
        transactions="Order ID,Date,Amount,Currency\n1,2026-01-05,1.500,IDR\n2,2026-01-05,25.000,IDR\n"
    )
    assert bench.rows("sum(amount)") == [(Decimal("26500.0000"),)]


def test_a_price_column_settles_the_mark_for_the_amounts(bench: Bench) -> None:
    bench.load(transactions='Order ID,Date,Amount,Price\n1,2026-01-05,1.500,"2,50"\n')
    assert bench.rows("amount, unit_price") == [(Decimal("1500.0000"), Decimal("2.5000"))]


def test_a_time_with_an_offset_is_brought_to_the_workspaces_time(bench: Bench) -> None:
    bench.load(transactions="Order ID,Created at,Amount\n1,2026-01-05 20:00:00 +0000,5\n")
    assert bench.rows("ordered_at") == [(dt.datetime(2026, 1, 6, 4, 0),)]
