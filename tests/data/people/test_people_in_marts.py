"""Marts see one customer a person; an undoing makes a new snapshot; without people all is as before."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import snapshots, workspaces
from data.engines import Tables
from data.marts import build
from data.marts.build import build_marts
from data.people import decisions, rebuild
from data.people.resolve import Found
from data.schema import MARTS
from data.settings import Engine
from data.snapshots import Snapshot
from data.workspaces import Config, Workspace
from tests.conftest import build_workspace, small_tables

SITI = ("C0007", "lazada:900", "shopee_my:siti_88")


def tables(*, merged: bool = True) -> dict[str, pa.Table]:
    """Siti of three systems and Tan, who shares nothing (or, not merged, nobody does)."""
    phones = (
        ("012-345 6789", "123456789", "6012-3456789") if merged else ("012-345 6789", "0198887766", "****")
    )
    people = [
        {
            "customer_id": SITI[0],
            "name": "Siti Aminah",
            "phone": phones[0],
            "member": True,
            "kind": "external",
        },
        {"customer_id": SITI[1], "name": "SITI AMINAH", "phone": phones[1], "email": "siti@kedai.my"},
        {"customer_id": SITI[2], "name": "****", "phone": phones[2], "region_code": "MY-10", "lat": 3.0},
        {"customer_id": "C0008", "name": "Tan Wei Ming", "phone": "0133334444", "member": False},
    ]
    for each in people:
        for column in ("email", "region_code", "kind"):
            each.setdefault(column, None)
        each.setdefault("member", None)
        each["lat"] = each.get("lat")
        each["lon"] = 101.5 if each["lat"] else None
        each["geo_precision"] = "city" if each["lat"] else "none"
        each["joined_at"] = datetime(2025, 1, 1 + people.index(each))
    ids = (*SITI, "C0008", None, SITI[1])
    sold = [
        {
            "order_id": f"S{number}",
            "customer_id": customer,
            "ordered_at": datetime(2026, 1, 1 + number),
            "amount": Decimal(10 * (number + 1)),
            "channel": "shop",
            "currency": "MYR",
            "line_hash": number,
        }
        for number, customer in enumerate(ids)
    ]
    said = [
        {"customer_id": SITI[0], "channel": "whatsapp", "purpose": "marketing", "state": "granted"},
        {"customer_id": SITI[2], "channel": "whatsapp", "purpose": "marketing", "state": "withdrawn"},
    ]
    for number, each in enumerate(said):
        each["at"] = datetime(2026, 1, 1 + number)
    types = {"member": pa.bool_(), "email": pa.string(), "region_code": pa.string(), "kind": pa.string()}
    schema = pa.schema([(c, types.get(c, pa.array([p[c] for p in people]).type)) for c in people[0]])
    return {
        "transactions": pa.Table.from_pylist(sold),
        "customers": pa.Table.from_pylist(people, schema),
        "consents": pa.Table.from_pylist(said),
    }


def frame(snapshot: Snapshot, name: str, engine: Engine = "duckdb") -> pd.DataFrame:
    return Tables(snapshot, engine).table(name).execute()


def marts(snapshot: Snapshot) -> dict[str, bytes]:
    return {
        f"{name}/{file.name}": file.read_bytes()
        for name in MARTS
        for file in sorted(snapshot.folder(name).glob("*.parquet"))
    }


def now(workspace: Workspace) -> Snapshot:
    found = workspace.current()
    assert found is not None
    return found


def test_everything_downstream_sees_one_customer(tmp_path: Path, engine: Engine) -> None:
    workspace = workspaces.create(tmp_path, "kedai")
    with snapshots.draft(workspace.path) as draft:
        for name, rows in tables().items():
            pq.write_table(rows, draft.folder(name) / "part-0.parquet")
        facts = build_marts(draft, workspace.config, engine)
        snapshot = draft.commit(facts)
    summary = frame(snapshot, "customer_summary", engine).set_index("customer_id")
    assert sorted(summary.index) == ["C0007", "C0008"]
    siti = summary.loc["C0007"]
    assert (siti.orders, siti.revenue) == (4, 10 + 20 + 30 + 60)
    assert bool(siti.member)
    assert siti.region_code == "MY-10", "the place of the row that is placed"
    assert siti.joined_at == pd.Timestamp(2025, 1, 1)
    assert not siti.reachable_whatsapp, "the latest word counts, whichever id it was said under"
    orders = frame(snapshot, "orders", engine).sort_values("ordered_at")
    assert orders[orders.customer_id == "C0007"].nth.tolist() == [1, 2, 3, 4]
    assert orders.customer_key.nunique() == 2
    assert orders.amount.sum() == 210
    customers = frame(snapshot, "customers", engine).set_index("customer_id")
    assert customers.loc["C0007", ["name", "email", "phone"]].tolist() == [
        "Siti Aminah",
        "siti@kedai.my",
        "012-345 6789",
    ]
    assert set(frame(snapshot, "consents", engine).customer_id) == {"C0007"}
    assert facts["people"] == {"records": 3, "persons": 1, "shared": {}, "unclear": 0}


def test_a_workspace_without_anybody_to_merge_is_byte_for_byte_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given in (small_tables(customers=40), tables(merged=False)):
        with_people = build_workspace(tmp_path / f"a{len(given)}", "kedai", given)
        with monkeypatch.context() as patched:
            patched.setattr(build.collect, "find", lambda draft, config: Found())
            without = build_workspace(tmp_path / f"b{len(given)}", "kedai", given)
        assert marts(now(with_people)) == marts(now(without))
        assert not now(with_people).has("people")
        assert not now(with_people).has("customers_merged")


def test_undoing_makes_a_new_snapshot_as_if_nobody_had_been_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables())
    before = now(workspace)
    kept = marts(before)
    after = rebuild.undo(workspace, SITI)
    assert after.id != before.id
    assert marts(before) == kept, "a snapshot never changes"
    with monkeypatch.context() as patched:
        patched.setattr(build.collect, "find", lambda draft, config: Found())
        never = build_workspace(tmp_path / "never", "kedai", tables())
    assert marts(after) == marts(now(never))
    again = rebuild.redo(workspace, decisions.read(workspace.path).undone[0].id)
    assert marts(again) == kept


def test_one_can_be_taken_out_and_the_others_stay(tmp_path: Path) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables())
    after = rebuild.undo(workspace, SITI, out=["lazada:900"])
    people = frame(after, "people")
    assert sorted(people.customer_id) == ["C0007", "shopee_my:siti_88"]
    assert "lazada:900" in set(frame(after, "customer_summary").customer_id)


def test_what_is_kept_of_people_holds_no_contact_and_what_was_decided_no_name_either(tmp_path: Path) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables())
    rebuild.undo(workspace, SITI)
    assert rebuild.own(workspace, "03-7728 1234") is not None
    assert rebuild.own(workspace, "not a phone") is None
    decided = (workspace.path / "people" / "decisions.json").read_text()
    identities = frame(now(workspace), "identities").to_csv()
    for personal in ("77281234", "123456789", "Aminah", "aminah", "siti@kedai.my"):
        assert personal not in decided
        assert personal not in identities
    assert not any(customer_id in decided for customer_id in SITI)


def test_an_erased_customer_is_forgotten_and_an_old_number_is_not(tmp_path: Path) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables())
    later = tables()
    rows = later["customers"].to_pylist()
    rows[1]["phone"] = "0198887766"  # a new number
    kept = [row for row in rows if row["customer_id"] != "C0008"]
    later["customers"] = pa.Table.from_pylist(kept, later["customers"].schema)
    later["transactions"] = later["transactions"].filter(
        pa.array([row["customer_id"] != "C0008" for row in later["transactions"].to_pylist()])
    )
    build_workspace(tmp_path, "kedai", later)
    found = now(workspace)
    assert "lazada:900" in set(frame(found, "people").customer_id)
    assert "C0008" not in set(frame(found, "identities").customer_id)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_of_files_does_not_matter(tmp_path: Path, order: tuple[int, int]) -> None:
    """The first file has one number of the customer, the second another: both are remembered."""
    files = []
    for phone in ("0123456789", "0198887766"):
        given = tables(merged=False)
        rows = given["customers"].to_pylist()
        rows[2]["phone"] = phone
        files.append(given | {"customers": pa.Table.from_pylist(rows, given["customers"].schema)})
    for each in order:
        workspace = build_workspace(tmp_path, "kedai", files[each])
    assert sorted(frame(now(workspace), "people").customer_id) == sorted(SITI)


def test_config_without_a_country_of_ours_reads_no_national_numbers(tmp_path: Path) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables(), Config(country="TH"))
    assert not now(workspace).has("people")


def test_usernames_alone_are_enough_where_there_is_no_customer_table(tmp_path: Path) -> None:
    sold = tables()["transactions"].to_pylist()[:2]
    sold[0]["customer_id"], sold[1]["customer_id"] = "shopee_my:Siti", "shopee_my:siti"
    found = now(build_workspace(tmp_path, "kedai", {"transactions": pa.Table.from_pylist(sold)}))
    assert frame(found, "people").reason.tolist() == ["account", "account"]
    assert frame(found, "customer_summary").orders.tolist() == [2]
