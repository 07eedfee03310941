"""Every file goes in without a click, and every field means what the made order says."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from tests.exports import merchants
from tests.exports.conftest import Bench
from tests.exports.merchants import FILES, Made

PREFIX = {"loyverse": "loyverse:", "moka": "moka:", "easystore": "easystore:", "shopify": "shopify:"}
SALES = sorted(code for code in FILES if not code.endswith("settlement"))
SIGNED = {"loyverse.receipts": 3, "loyverse.items": 3, "moka.receipts": 4}


def expected(made: Made) -> dict[str, tuple[Decimal, ...]]:
    """What each order brought, from the made order."""
    system, found = made.code.split(".")[0], {}
    for at, o in enumerate(made.orders):
        sign = -1 if SIGNED.get(made.code) == at else 1
        voucher, discount = o.voucher, o.discount
        if system in ("tiktok", "shopify"):  # no column tells the voucher from a discount
            voucher, discount = Decimal(0), o.discount + o.voucher
        gross = Decimal(0) if system == "easystore" or (system == "moka" and sign < 0) else sign * o.gross
        if system == "easystore" or (system == "moka" and sign < 0):
            discount = Decimal(0)
        found[PREFIX.get(system, "") + o.number] = (
            sign * o.amount,
            gross,
            discount,
            voucher,
            o.platform_discount,
            Decimal(0) if system == "tokopedia" else o.platform_voucher,
            Decimal(0) if system in ("shopee_id", "tiktok") else o.fee,
            o.charged,
            o.shipping + o.reverse,
            sign * o.tax,
            sign * o.service,
            sign * o.rounding,
        )
    return found


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("code", SALES)
def test_money_of_each_order_is_counted_once_in_its_column(bench: Bench, code: str, form: str) -> None:
    made = FILES[code]()
    outcome = bench.load(bench.write(made, form))
    assert outcome.tables["transactions"].rejected == 0
    assert outcome.tables["transactions"].emptied == {}
    names = [
        "amount",
        "gross",
        "discount",
        "seller_voucher",
        "platform_discount",
        "platform_voucher",
        "platform_fee",
        "shipping_charged",
        "shipping_cost",
        "tax",
        "service_charge",
        "rounding",
    ]
    sums = ", ".join(f"coalesce(sum({n}), 0)" for n in names)
    got = {r[0]: r[1:] for r in bench.rows(f"order_id, {sums}", rest="GROUP BY 1")}
    assert got == expected(made)


@pytest.mark.parametrize("code", SALES)
def test_who_when_and_what_became_of_it(bench: Bench, code: str) -> None:
    made = FILES[code]()
    bench.load(bench.write(made, "xlsx"))
    system = code.split(".")[0]
    got = bench.rows("DISTINCT order_id, ordered_at, status, system, customer_id IS NOT NULL")
    known = {"loyverse": 3, "moka": 4, "easystore": 0}.get(system, 99)
    minutes = {"shopee_id", "shopee_my", "lazada", "loyverse"}
    want = {
        (
            PREFIX.get(system, "") + o.number,
            o.at.replace(second=0) if system in minutes else o.at,
            "delivered" if system == "lazada" and o.status == "completed" else o.status,
            system,
            o.buyer < known,
        )
        for o in made.orders
    }
    assert set(got) == want


@pytest.mark.parametrize("mark", [".", ","])
def test_rupiah_is_read_by_the_locale_of_the_file(bench: Bench, mark: str) -> None:
    made = merchants.shopee_id(mark=mark)
    bench.load(bench.write(made))
    assert bench.rows("sum(amount)") == [(sum(o.amount for o in made.orders),)]


def test_the_months_of_an_american_account_are_not_days(bench: Bench) -> None:
    made = merchants.tiktok(us=True)
    bench.load(bench.write(made, "xlsx"))
    assert {r[0].month for r in bench.rows("ordered_at")} == {3}


@pytest.mark.parametrize("style", ["%m/%d/%y %I:%M %p", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"])
def test_loyverse_dates_follow_the_account(bench: Bench, style: str) -> None:
    made = merchants.loyverse(style=style)
    bench.load(bench.write(made))
    assert {r[0] for r in bench.rows("ordered_at")} == {o.at for o in made.orders}


def test_a_wrong_sheet_dimension_hides_no_row(bench: Bench) -> None:
    made = merchants.tiktok()
    outcome = bench.load(bench.write(made, "xlsx", wrong_dimension=True))
    assert outcome.tables["transactions"].read == len(made.rows) - 1


def test_a_date_and_a_time_written_out_are_one_moment(bench: Bench) -> None:
    for spelled in (False, True):
        made = merchants.tokopedia(spelled=spelled)
        bench.load(bench.write(made, name=f"toko-{spelled}.csv"))
        times = {r[0] for r in bench.rows("delivered_at") if r[0]}
        assert {t.hour for t in times} == {o.at.hour for o in made.orders if o.status == "completed"}


def test_tokopedia_keeps_an_order_once_however_its_header_is_written(bench: Bench) -> None:
    bench.load(bench.write(merchants.tokopedia(), name="a.csv"))
    outcome = bench.load(bench.write(merchants.tokopedia(spelled=True), name="b.csv"))
    assert not outcome.changed


def test_lost_zeros_come_back_and_full_width_commas_go(bench: Bench) -> None:
    bench.load(bench.write(merchants.lazada(), "xlsx"))
    people = bench.rows("phone, postcode, city", "customers")
    assert all(phone.startswith("0123456") for phone, _, _ in people)
    assert {(postcode, city) for _, postcode, city in people} == {("01000", "Johor Bahru,Johor")}


def test_masked_values_are_nobody(bench: Bench) -> None:
    made = merchants.tiktok()
    column = made.header.index("Buyer Username")
    for row in made.rows[1:]:
        row[column] = "p***i"
    outcome = bench.load(bench.write(made))
    assert bench.rows("count(customer_id)") == [(0,)]
    assert outcome.tables["transactions"].exports[0]["masked"] == len(made.rows) - 1
    assert "customers" not in outcome.tables


def test_names_and_phones_that_are_masked_are_left_out(bench: Bench) -> None:
    bench.load(bench.write(merchants.shopee_id()))
    assert bench.rows("DISTINCT name, phone", "customers") == [(None, None)]
    assert bench.rows("min(customer_id)", "customers")[0][0].startswith("shopee_id:pembeli_")


def test_one_phone_has_one_identity_in_every_spelling(bench: Bench) -> None:
    made = merchants.moka()
    column = made.header.index("Customer Phone")
    spelled = ("0812-3456 789", "62812-3456789", "+628123456789")
    for at, row in enumerate(made.rows):
        row[column] = spelled[at % 3]
    bench.load(bench.write(made))
    assert bench.rows("count(DISTINCT customer_id)") == [(1,)]


def test_a_failed_parcel_is_told_from_a_cancelled_order(bench: Bench) -> None:
    made = merchants.tiktok()
    bench.load(bench.write(made))
    failed = {r[0] for r in bench.rows("order_id", rest="WHERE status = 'failed'")}
    assert failed == {o.number for o in made.orders if o.status == "failed"}


def test_an_unreadable_amount_is_refused_by_its_record(bench: Bench) -> None:
    made = merchants.shopee_my()
    made.rows[6][made.header.index("Product Subtotal")] = "banyak"
    outcome = bench.load(bench.write(made))
    assert outcome.tables["transactions"].rejected == 1
    assert outcome.rejects is not None
    assert "Product Subtotal" in outcome.rejects.read_text(encoding="utf-8-sig")

    found = duckdb.sql(
        f"SELECT record, value, code FROM '{outcome.rejects.with_suffix('.parquet')}'"
    ).fetchall()
    assert found == [(7, "banyak", "bad_number")]


def test_a_damaged_id_is_refused_and_not_guessed(bench: Bench) -> None:
    made = merchants.tiktok()
    made.rows[3][made.header.index("Order ID")] = "5.81E+17"
    outcome = bench.load(bench.write(made))
    assert outcome.tables["transactions"].reasons == {"damaged_id": 1}
    tills = merchants.loyverse()
    tills.rows[3][tills.header.index("Receipt number")] = "2003-01-01 00:00:00"
    assert bench.load(bench.write(tills)).tables["transactions"].reasons == {"damaged_id": 1}


def test_the_parts_of_an_order_amount_add_up_to_the_last_sen(bench: Bench) -> None:
    made = merchants.shopee_my()
    bench.load(bench.write(made))
    worst = bench.rows("max(abs(amount - gross + discount + seller_voucher))")
    assert worst == [(Decimal("0.0000"),)]
    shares = bench.rows("count(*)", rest="WHERE platform_fee <> round(platform_fee, 2)")
    assert shares == [(0,)]
