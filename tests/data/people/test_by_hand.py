"""Two ids joined by hand: whatever the guard says, for good, and until somebody takes it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.engines import Tables
from data.people import collect, decisions, keys, rebuild
from data.people.compare import compare
from data.people.decisions import Decisions, Joined
from tests.conftest import build_workspace
from tests.data.people.population import KEY, Record, resolved
from tests.data.people.test_people_in_marts import SITI, frame, now, tables
from tests.data.people.test_resolve import some_records


def joined(one: str, other: str) -> Joined:
    first, second = sorted(keys.number(KEY, "id", each) for each in (one, other))
    return Joined("j", "2026-01-01", (first, second))


@given(data=st.data())
@hypothesis_settings(max_examples=30)
def test_joining_unites_two_people_and_changes_nobody_else(data: st.DataObject) -> None:
    records = data.draw(some_records())
    ids = [each.customer_id for each in records]
    one, other = data.draw(st.permutations(ids))[:2]
    before = resolved(records)
    after = resolved(records, Decisions(joined=(joined(one, other),)))
    mine = {each for each in ids if before.of(each) in (before.of(one), before.of(other))}
    for each in ids:
        theirs = {x for x in ids if after.of(x) == after.of(each)}
        assert theirs == (mine if each in mine else {x for x in ids if before.of(x) == before.of(each)})


def test_a_chain_of_joinings_is_one_person_in_any_order() -> None:
    records = [
        Record(f"C{n}", None, None, name)
        for n, name in enumerate(("Ali Abu", "Siti Aminah", "Tan Wei", None))
    ]
    pairs = [joined("C0", "C1"), joined("C2", "C3"), joined("C1", "C2")]
    for order in (pairs, pairs[::-1], [pairs[2], pairs[0], pairs[1]]):
        assert len(resolved(records, Decisions(joined=tuple(order))).groups) == 1


def test_a_joining_is_kept_by_hashes_survives_imports_and_can_be_taken_back(tmp_path: Path) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables())
    before = now(workspace)
    rebuild.join(workspace, "lazada:900", "C0008")
    people = frame(now(workspace), "people").set_index("customer_id")
    assert sorted(people.index) == sorted((*SITI, "C0008"))
    assert people.reason.unique().tolist() == ["hand,phone"]
    assert frame(now(workspace), "customer_summary").orders.tolist() == [5]
    decided = (workspace.path / "people" / "decisions.json").read_text()
    assert "C0008" not in decided
    assert "lazada" not in decided
    build_workspace(tmp_path, "kedai", tables())
    assert sorted(frame(now(workspace), "people").customer_id) == sorted((*SITI, "C0008"))
    rebuild.part(workspace, list(people.index))
    assert (
        frame(now(workspace), "people").customer_id.tolist() == frame(before, "people").customer_id.tolist()
    )
    assert decisions.read(workspace.path).joined == ()


def test_undoing_takes_a_joining_back_and_a_failure_decides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables(merged=False))
    rebuild.join(workspace, "C0007", "C0008")
    assert sorted(frame(now(workspace), "people").customer_id) == ["C0007", "C0008"]
    with monkeypatch.context() as patched:
        patched.setattr(rebuild, "_rebuilt", lambda workspace, progress: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rebuild.undo(workspace, ["C0007", "C0008"])
    assert len(decisions.read(workspace.path).joined) == 1
    assert not decisions.read(workspace.path).undone
    rebuild.undo(workspace, ["C0007", "C0008"])
    assert not now(workspace).has("people")
    rebuild.join(workspace, "C0007", "C0008")
    assert now(workspace).has("people"), "somebody decided anew"


def test_ids_that_nothing_is_known_of_can_be_joined(tmp_path: Path) -> None:
    sold = tables()["transactions"].select(["order_id", "customer_id", "ordered_at", "amount", "line_hash"])
    rows = [row | {"customer_id": f"K{at % 2}"} for at, row in enumerate(sold.to_pylist())]
    workspace = build_workspace(tmp_path, "kedai", {"transactions": pa.Table.from_pylist(rows)})
    rebuild.join(workspace, "K0", "K1")
    assert frame(now(workspace), "people").reason.tolist() == ["hand", "hand"]
    assert frame(now(workspace), "customer_summary").orders.tolist() == [len(rows)]


def test_the_guard_says_what_speaks_against_it(tmp_path: Path) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables())
    at = Tables(now(workspace))
    found = compare(workspace, at, "lazada:900", "C0008")
    assert (set(found.one), found.other) == (set(SITI), ("C0008",))
    assert (found.against, found.name, found.in_conflict) == (("phone",), -1, True)
    assert compare(workspace, at, SITI[0], SITI[2]).is_one
    assert compare(workspace, at, SITI[0], "nobody").other == ()


def test_only_new_customers_are_hashed_and_the_result_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables())
    first = frame(now(workspace), "identities")
    given: list[int] = []
    remember = collect._remember

    def counted(connection: Any, rows: str, *rest: Any) -> None:
        given.append(
            len(connection.execute(f"SELECT * FROM ({rows}) WHERE customer_id IS NOT NULL").fetchall())
        )
        remember(connection, rows, *rest)

    monkeypatch.setattr(collect, "_remember", counted)
    rebuild.own(workspace, "03-7728 1234")
    later = tables()
    rows = later["customers"].to_pylist()
    rows[3]["phone"] = "0198887766"
    build_workspace(
        tmp_path, "kedai", later | {"customers": pa.Table.from_pylist(rows, later["customers"].schema)}
    )
    assert given == [0, 3], "phone, e-mail and name of the one whose row is new"
    again = frame(now(workspace), "identities")
    assert len(again) == len(first) + 1
    monkeypatch.setattr(collect, "_rules", lambda config: "other rules")
    rebuild.own(workspace, "03-7728 1235")
    assert given[-1] > 3, "other rules make all of them anew"
