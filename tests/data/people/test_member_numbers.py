"""The number on a card: read from files, joins ids into one person, and is hashed where identities are."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from data import erasure, workspaces
from data.importing import run as importing
from data.importing.headers import recognise
from data.importing.run import Request
from data.settings import Settings
from data.workspaces import Config, Workspace
from tests.data.importing.conftest import NOW, PLACING, words

CUSTOMERS = "Customer ID,Name,Membership No\nC1,Siti Aminah,AH-0012\nC2,Tan Wei,AH-0013\nC3,Raju,\n"
SALES = (
    "Order ID,Order Date,Customer ID,No Ahli,Amount\n"
    "A1,2026-03-01,C1,,10\nA2,2026-03-02,,ah 0012,20\nA3,2026-03-03,POS7,AH0013,30\nA4,2026-03-04,,,40\n"
)


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(home=folder / "home")

    def load(self, **texts: str) -> None:
        files = {}
        for table, text in texts.items():
            files[table] = self.folder / f"{table}.csv"
            files[table].write_text(text, encoding="utf-8")
        request = Request(files=files, mappings={}, words=words, placing=PLACING, now=NOW)
        importing.run(self.settings, "kedai", request, Config())

    @property
    def workspace(self) -> Workspace:
        return workspaces.open_workspace(self.settings.home, "kedai")

    def rows(self, columns: str, table: str, rest: str = "ORDER BY ALL") -> list[tuple[object, ...]]:
        now = self.workspace.current()
        assert now is not None
        return duckdb.sql(f"SELECT {columns} FROM '{now.folder(table)}/*.parquet' {rest}").fetchall()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.mark.parametrize(
    ("header", "table", "want"),
    [
        (
            ["Customer ID", "Member No"],
            "customers",
            {"customer_id": "Customer ID", "member_number": "Member No"},
        ),
        (["No Ahli", "Nama"], "customers", {"customer_id": "No Ahli", "name": "Nama"}),
        (["Nomor Kartu Member", "Nama"], "customers", {"customer_id": "Nomor Kartu Member", "name": "Nama"}),
        (
            ["Tanggal", "Jumlah", "ID Pelanggan", "Nomor Anggota"],
            "transactions",
            {"customer_id": "ID Pelanggan", "member_number": "Nomor Anggota"},
        ),
        (["Tarikh", "Jumlah", "Nombor Keahlian"], "transactions", {"customer_id": "Nombor Keahlian"}),
    ],
)
def test_a_card_beside_an_id_is_a_member_number_and_alone_it_is_the_id(
    header: list[str], table: str, want: dict[str, str]
) -> None:
    assert want.items() <= dict(recognise(header, table).columns).items()


def test_one_number_in_any_spelling_is_one_person(shop: Shop) -> None:
    shop.load(transactions=SALES, customers=CUSTOMERS)
    people = shop.rows("customer_id, person_id, reason", "people")
    assert people == [
        ("C1", "C1", "member_number"),
        ("C2", "C2", "member_number"),
        ("POS7", "C2", "member_number"),
        ("member:AH0012", "C1", "member_number"),
    ]
    orders = shop.rows("order_id, customer_id", "orders")
    assert orders == [("A1", "C1"), ("A2", "C1"), ("A3", "C2"), ("A4", None)]


def test_a_till_that_calls_the_card_the_customer_is_understood(shop: Shop) -> None:
    shop.load(
        transactions="Order ID,Order Date,Member No,Amount\nB1,2026-03-01,AH0012,10\nB2,2026-03-01,C2,5\n",
        customers=CUSTOMERS,
    )
    assert shop.rows("customer_id, reason", "people") == [
        ("AH0012", "member_number"),
        ("C1", "member_number"),
    ]
    assert shop.rows("count(DISTINCT person_id)", "people") == [(1,)]


def test_a_damaged_number_is_left_empty_and_names_nobody(shop: Shop) -> None:
    shop.load(transactions=SALES.replace("ah 0012", "1.2E+15"))
    assert shop.rows("customer_id, member_number", "transactions", "WHERE order_id = 'A2'") == [(None, None)]


def test_identities_hold_no_number_in_the_clear(shop: Shop) -> None:
    shop.load(transactions=SALES, customers=CUSTOMERS)
    kinds = shop.rows("DISTINCT kind, typeof(value)", "identities", "WHERE kind = 'member_number'")
    assert kinds == [("member_number", "BIGINT")]
    now = shop.workspace.current()
    assert now is not None
    assert not any(b"AH0013" in f.read_bytes() for f in now.folder("identities").glob("*.parquet"))


def test_who_was_erased_does_not_come_back_by_the_card(shop: Shop) -> None:
    shop.load(transactions=SALES, customers=CUSTOMERS)
    erasure.erase(shop.workspace, "C1")
    shop.load(
        transactions="Order ID,Order Date,Customer ID,No Ahli,Amount\nZ1,2026-03-09,NEW9,AH-0012,10\n",
        customers="Customer ID,Name,Membership No\nNEW9,Siti Aminah,AH 0012\n",
    )
    assert shop.rows("customer_id, member_number", "transactions", "WHERE order_id = 'Z1'") == [(None, None)]
    assert shop.rows("customer_id", "customers") == [("C2",), ("C3",)]
