"""Files, folders and ZIPs of several systems end in one snapshot; an unknown file is asked about."""

from __future__ import annotations

import zipfile
from pathlib import Path

import duckdb
import pytest

from data.errors import MappingNeeded
from data.exports import own
from data.exports.looking import look
from data.exports.opening import Answers
from data.exports.recognise import recognise
from data.importing.mapping import TableMapping, suggest
from data.workspaces import Config
from tests.exports import merchants
from tests.exports.conftest import Bench
from tests.exports.merchants import FILES

MIXED = ("shopee_my.orders", "tiktok.orders", "tiktok.settlement", "loyverse.receipts", "shopify.orders")


def mixed(bench: Bench) -> Path:
    path = bench.folder / "semua.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for at, code in enumerate(MIXED):
            form = ("csv", "xlsx")[at % 2]
            file = bench.write(FILES[code](), form)
            archive.write(file, f"bulan/{file.name}")
            file.unlink()
    return path


def test_a_zip_of_several_systems_is_one_snapshot(bench: Bench) -> None:
    outcome = bench.load(mixed(bench))
    snapshots = list((bench.settings.home / "workspaces" / "kedai" / "snapshots").iterdir())
    assert len(snapshots) == 1
    orders = sum(len(FILES[code]().orders) for code in MIXED if not code.endswith("settlement"))
    assert bench.rows("count(DISTINCT order_id)") == [(orders,)]
    assert {r[0] for r in bench.rows("DISTINCT system")} == {"shopee_my", "tiktok", "loyverse", "shopify"}
    assert bench.rows("count(*)", "settlements")[0][0] == len(FILES["tiktok.settlement"]().rows)
    kinds = [e["kind"] for e in outcome.tables["transactions"].exports]
    assert kinds == ["orders", "orders", "orders", "receipts"]


def test_progress_is_told_by_file(bench: Bench) -> None:
    bench.load(mixed(bench))
    subjects = [subject for step, subject, _ in bench.told if step == "deciding"]
    assert len(subjects) == len(MIXED)
    assert subjects[0].endswith("(1/5)")
    shares = [share for step, _, share in bench.told if step in ("deciding", "checking")]
    assert shares == sorted(shares)


def test_the_same_files_again_change_nothing(bench: Bench) -> None:
    path = mixed(bench)
    bench.load(path)
    again = bench.load(path)
    assert not again.changed
    counts = again.tables["transactions"].counts
    assert counts["read"] == counts["duplicates"]


def test_months_come_together_and_a_later_file_replaces_its_orders(bench: Bench) -> None:
    march, april = merchants.orders("A", seed=1), merchants.orders("B", seed=2, month=4)
    bench.load(
        bench.write(merchants.shopee_my(march), name="03.csv"),
        bench.write(merchants.shopee_my(april), name="04.csv"),
    )
    assert bench.rows("count(DISTINCT order_id)") == [(60,)]
    changed = merchants.shopee_my(march)
    column = changed.header.index("Order Status")
    for row in changed.rows:
        row[column] = "Cancelled"
    outcome = bench.load(bench.write(changed, name="03.csv"))
    assert outcome.changed
    assert bench.rows("count(DISTINCT order_id)") == [(60,)]
    assert bench.rows("DISTINCT status", rest="WHERE order_id LIKE 'A%'") == [("cancelled",)]


def test_what_a_month_masks_does_not_take_away_what_another_showed(bench: Bench) -> None:
    first = merchants.shopee_my()
    first.rows[0][first.header.index("Phone Number")] = "60123456789"
    buyer = first.rows[0][first.header.index("Username (Buyer)")]
    bench.load(bench.write(first))
    bench.load(bench.write(merchants.shopee_my(merchants.orders("X", seed=12, month=4)), name="b.csv"))
    assert bench.rows("phone", "customers", f"WHERE customer_id = 'shopee_my:{buyer}'") == [("60123456789",)]


def test_an_export_named_for_its_table_is_known_too(bench: Bench) -> None:
    made = merchants.shopee_my()
    outcome = bench.load(transactions=bench.write(made))
    assert outcome.tables["transactions"].known_as == "Shopee Malaysia"
    assert bench.rows("count(*)", "customers")[0][0] > 0


def test_an_unknown_file_among_exports_is_asked_about_and_nothing_is_written(bench: Bench) -> None:
    strange = bench.folder / "lain.csv"
    strange.write_text("Tarikh,Jumlah\n2026-01-01,5\n", encoding="utf-8")
    with pytest.raises(MappingNeeded, match=r"lain\.csv"):
        bench.load(bench.write(merchants.shopee_my()), strange)
    assert not (bench.settings.home / "workspaces" / "kedai").exists()


def test_dates_that_can_be_read_in_two_ways_are_asked_about(bench: Bench) -> None:
    made = merchants.tiktok()
    for row in made.rows[1:]:
        for name in ("Created Time", "Delivered Time"):
            row[made.header.index(name)] = "03/04/2026 10:00:00"
    path = bench.write(made)
    with pytest.raises(MappingNeeded):
        bench.load(path)
    bench.load(path, answers=Answers(dates="mdy"))
    assert {r[0].month for r in bench.rows("ordered_at")} == {3}


def test_what_files_hold_is_seen_before_anything_is_written(bench: Bench, tmp_path: Path) -> None:
    strange = bench.folder / "lain.csv"
    strange.write_text("Tarikh,Jumlah\n2026-01-01,5\n", encoding="utf-8")
    seen = look(bench.settings, [mixed(bench), strange], tmp_path / "look", Config())
    by_kind = {(s.title, s.kind): s for s in seen}
    shopee, made = by_kind[("Shopee Malaysia", "orders")], FILES["shopee_my.orders"]()
    assert (shopee.orders, shopee.customers) == (30, len({o.buyer for o in made.orders}))
    assert (str(shopee.first), str(shopee.last)) == ("2026-03-01", "2026-03-27")
    standing = float(sum(o.amount for o in made.orders if o.status == "completed"))
    assert shopee.money == {"MYR": pytest.approx(standing)}
    assert shopee.odd == {"failed": 3, "cancelled": 3}
    assert shopee.path.name == "shopee_my.orders.csv", "its own name, also where it lies alone"
    tiktok = by_kind[("TikTok Shop / Tokopedia", "orders")]
    assert tiktok.odd["passed_over"] == 1
    assert list(tiktok.money) == ["IDR"]
    assert by_kind[("", "")].path == strange
    assert not (bench.settings.home / "workspaces").exists()


def test_a_mapping_is_kept_as_a_recogniser_of_the_workspace(bench: Bench) -> None:
    text = "Nota,Waktu,Pembeli,Bil,Harga,Pajak,Tahap\nN1,2026-03-01,siti,2,5.00,0.60,ok\n"
    path = bench.folder / "kasir.csv"
    path.write_text(text, encoding="utf-8")
    header = ["Nota", "Waktu", "Pembeli", "Bil", "Harga", "Pajak", "Tahap"]
    columns = {
        "order_id": "Nota",
        "ordered_at": "Waktu",
        "customer_id": "Pembeli",
        "quantity": "Bil",
        "unit_price": "Harga",
        "amount": "quantity * unit_price",
        "tax": "Pajak",
        "status": "Tahap",
    }
    given = suggest(header, "transactions")
    mapping = type(given)("transactions", columns, codes={"status": {"ok": "completed"}})
    bench.load(bench.write(merchants.shopee_my()))
    workspace = bench.settings.home / "workspaces" / "kedai"
    own.save(workspace, "Kasir Kita", mapping, header)
    kinds = own.recognisers(workspace)
    found = recognise(header, kinds)
    assert found is not None
    assert recognise(header[:-1], kinds) is None
    bench.load(path)
    got = bench.rows("order_id, customer_id, amount, tax, status, system", rest="WHERE order_id = 'N1'")
    assert [(r[0], r[1], float(r[2]), float(r[3]), r[4], r[5]) for r in got] == [
        ("N1", "own_kasir_kita:siti", 10.0, 0.6, "completed", "own_kasir_kita")
    ]


def test_a_recogniser_of_a_list_of_orders_knows_buyers_by_any_contact_and_where_they_live(
    bench: Bench,
) -> None:
    header = [
        "No Pesanan",
        "Tanggal",
        "Nama Pelanggan",
        "No HP",
        "Email",
        "Kota",
        "Kode Pos",
        "Total",
        "Status",
    ]
    rows = [
        ("W1", "17/05/2026", "Siti", "0812-3300-1111", "", "Klang", "41000", "65000", "Selesai"),
        ("W2", "18/05/2026", "Siti", "+62 812 3300 1111", "", "Klang", "41000", "75000", "Batal"),
        ("W3", "19/05/2026", "Budi", "081233002222", "budi@contoh.id", "Klang", "41000", "50000", "Selesai"),
        ("W4", "20/05/2026", "Budi", "", "Budi@contoh.id", "Klang", "41000", "40000", "Selesai"),
        ("W5", "21/05/2026", "S***", "******11", "", "Klang", "41000", "30000", "Selesai"),
    ]
    path = bench.folder / "pesanan.csv"
    path.write_text("\n".join(";".join(r) for r in [header, *rows]) + "\n", encoding="utf-8")
    given = suggest(header, "transactions")
    assert given.columns["customer_id"] == "Email"
    assert own.unused(given.columns, header) == ("Nama Pelanggan", "No HP", "Kode Pos", "Kota")
    bench.load(bench.write(merchants.tiktok()))
    workspace = bench.settings.home / "workspaces" / "kedai"
    own.save(workspace, "Daftar", given, header, "ID")
    outcome = bench.load(path)
    assert outcome.tables["transactions"].rejected == outcome.tables["customers"].rejected == 0
    got = dict(bench.rows("order_id, customer_id", rest="WHERE order_id LIKE 'W_'"))
    status = dict(bench.rows("order_id, status", rest="WHERE order_id LIKE 'W_'"))
    assert got["W1"] == got["W2"], "one telephone in two spellings"
    assert got["W3"] == got["W4"], "one address, with and without a telephone"
    assert len({got["W1"], got["W3"]}) == 2
    assert got["W5"] is None, "masked"
    assert [status[f"W{n}"] for n in range(1, 6)] == ["completed", "cancelled", *["completed"] * 3]
    assert bench.rows("DISTINCT channel", rest="WHERE order_id LIKE 'W_'") == [("Daftar",)]
    people = bench.rows(
        "name, phone, city", "customers", "WHERE customer_id LIKE 'own_daftar:%' ORDER BY name"
    )
    assert [(p[0], p[2]) for p in people] == [("Budi", "Klang"), ("Siti", "Klang")]
    assert all(p[1] for p in people)


def test_a_recogniser_that_names_no_channel_leaves_it_empty(bench: Bench) -> None:
    header = ["Nota", "Waktu", "Jumlah Bayar"]
    path = bench.folder / "kasir.csv"
    path.write_text("Nota,Waktu,Jumlah Bayar\nN1,2026-03-01,5.00\n", encoding="utf-8")
    bench.load(bench.write(merchants.shopee_my()))
    workspace = bench.settings.home / "workspaces" / "kedai"
    columns = {"order_id": "Nota", "ordered_at": "Waktu", "amount": "Jumlah Bayar"}
    kept = own.save(
        workspace, "Kasir", suggest(header, "transactions", TableMapping("transactions", columns)), header
    )
    older = "".join(f"{line}\n" for line in kept.read_text().splitlines() if not line.startswith("channel"))
    kept.write_text(older, encoding="utf-8")
    bench.load(path)
    assert bench.rows("channel", rest="WHERE order_id = 'N1'") == [(None,)]


def test_a_mere_name_is_the_last_that_tells_who_bought() -> None:
    header = ["No Pesanan", "Tanggal", "Nama Pelanggan", "No HP", "Total"]
    given = suggest(header, "transactions")
    assert given.columns["customer_id"] == "Nama Pelanggan"
    person = own._person(given.columns, header)
    assert own._identity(given.columns["customer_id"], person, header) == [
        ["phone", "No HP"],
        ["username", "Nama Pelanggan"],
    ]


def test_a_workspace_of_an_older_version_takes_new_files(bench: Bench) -> None:
    """Tables that were written before a column existed are completed when they are merged."""
    bench.load(bench.write(merchants.shopee_my()))
    folder = next((bench.settings.home / "workspaces" / "kedai" / "snapshots").iterdir()) / "transactions"
    for file in folder.glob("*.parquet"):
        older = file.with_suffix(".old")
        rows = f"SELECT * EXCLUDE (gross, platform_discount, system) FROM '{file}'"
        duckdb.sql(f"COPY ({rows}) TO '{older}' (FORMAT parquet)")
        older.replace(file)
    bench.load(bench.write(merchants.tiktok()))
    assert bench.rows("count(*)", rest="WHERE system IS NULL")[0][0] == len(merchants.shopee_my().rows)
