"""Contribution of each order, and what the platform paid out for it: equal to the last sen and rupiah."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import ibis
import pandas as pd
import pytest

from analytics.reconciliation import reconcile, totals
from data import workspaces
from i18n.translator import translator
from tests.exports import merchants
from tests.exports.conftest import Bench
from tests.exports.merchants import Made
from ui.cached import settling
from ui.components.settling import file_of


def table(bench: Bench, name: str) -> ibis.expr.types.Table:
    snapshot = workspaces.open_workspace(bench.settings.home, "kedai").current()
    assert snapshot is not None
    return ibis.read_parquet(f"{snapshot.folder(name)}/*.parquet")


def files(bench: Bench, *made: Made) -> list[Path]:
    return [bench.write(m) for m in made]


SHOPEE = (
    merchants.shopee_id,
    lambda: merchants.shopee_id("failed"),
    lambda: merchants.shopee_id("cancelled"),
    merchants.shopee_id_settlement,
)
TIKTOK = (merchants.tiktok, merchants.tiktok_settlement)


@pytest.mark.parametrize("makers", [SHOPEE, TIKTOK], ids=["shopee_id", "tiktok"])
def test_contribution_adds_up_to_the_settlement_to_the_last_rupiah(
    whole: Bench, makers: tuple[Callable[[], Made], ...]
) -> None:
    made = [make() for make in makers]
    whole.load(*files(whole, *made))
    paid = sum((o.payout for o in made[-1].orders), Decimal(0))
    found = table(whole, "orders").aggregate(c=lambda t: t.contribution.sum()).execute()["c"][0]
    settled = whole.rows("sum(amount)", "settlements")[0][0]
    assert settled == paid
    assert whole.rows("DISTINCT currency", "settlements") == [("IDR",)]
    assert Decimal(str(round(found, 4))) == paid


def test_contribution_adds_up_to_the_last_sen(whole: Bench) -> None:
    made = merchants.shopee_my()
    whole.load(*files(whole, made))
    got = table(whole, "orders").select("order_id", "contribution", "is_purchase").execute()
    want = {o.number: o.payout for o in made.orders}
    assert {r.order_id: Decimal(str(round(r.contribution, 4))) for r in got.itertuples()} == want
    assert round(got["contribution"].sum(), 2) == float(sum(want.values()))


def test_a_failed_parcel_is_no_purchase_and_its_cost_counts(whole: Bench) -> None:
    made = merchants.shopee_my()
    whole.load(*files(whole, made))
    rows = table(whole, "orders").execute().set_index("order_id")
    for o in made.orders:
        row = rows.loc[o.number]
        assert row["is_purchase"] == (o.status == "completed")
        if o.status == "failed":
            assert row["contribution"] == pytest.approx(-float(o.shipping + o.reverse))


def test_the_assumed_margin_counts_where_no_cost_is_known_and_says_so(whole: Bench) -> None:
    whole.config = replace(whole.config, margin=0.4)
    made = merchants.shopee_my()
    whole.load(*files(whole, made))
    rows = table(whole, "orders").execute()
    sold = rows[rows["is_purchase"]]
    assert sold["margin_assumed"].all()
    left = 0.4 * sold["amount"] - sold["platform_fee"] - sold["shipping"]
    pd.testing.assert_series_equal(sold["contribution"], left, check_names=False)


def test_known_costs_of_goods_count_as_they_are(whole: Bench) -> None:
    made = merchants.loyverse()
    whole.load(*files(whole, made))
    rows = table(whole, "orders").execute().set_index("order_id")
    first = made.orders[0]
    cost = (first.gross * Decimal("0.5")).quantize(Decimal("0.01"))
    assert rows.loc[f"loyverse:{first.number}", "contribution"] == pytest.approx(float(first.amount - cost))


def _spoiled() -> tuple[list[Made], dict[str, str]]:
    """Files in which one order is settled short, one is not settled, and one settlement is of nobody."""
    every = merchants.orders("2603SHP", unit=Decimal(1), scale=1000, seed=11)
    orders_file, failed = merchants.shopee_id(made=every), merchants.shopee_id("failed", every)
    paid = merchants.shopee_id_settlement(every)
    column = paid.header.index("Total Penghasilan")
    standing = [r for r in paid.rows if str(r[0]).endswith(("0000", "0001", "0002"))]
    short, gone, strange = standing
    short[column] = merchants.rupiah(next(o for o in every if o.number == short[0]).payout - 5000)
    paid.rows.remove(gone)
    strange_row = [*strange]
    strange_row[0] = "2603XXX9999"
    paid.rows.append(strange_row)
    states = {str(short[0]): "different", str(gone[0]): "missing", "2603XXX9999": "unknown"}
    return [orders_file, failed, paid], states


def test_every_order_is_matched_missing_different_or_unknown(whole: Bench) -> None:
    made, states = _spoiled()
    whole.load(*files(whole, *made))
    orders, settlements = table(whole, "orders"), table(whole, "settlements")
    got = reconcile(orders, settlements).execute().set_index("order_id")
    assert {i: got.loc[i, "state"] for i in states} == states
    assert (got["state"] == "matched").sum() == len(got) - 3
    different = next(i for i, s in states.items() if s == "different")
    assert got.loc[different, "difference"] == -5000
    pd.testing.assert_frame_equal(_oracle(orders.execute(), settlements.execute()), _plain(got))
    summed = totals(reconcile(orders, settlements)).execute()
    assert summed["difference"].sum() == pytest.approx(got["difference"].sum())
    assert summed["orders"].sum() == len(got)


def _oracle(orders: pd.DataFrame, settlements: pd.DataFrame) -> pd.DataFrame:
    """The same in pandas, a row at a time."""
    paid = settlements.groupby("order_id")["amount"].sum().astype(float).to_dict()
    last = pd.Timestamp(settlements["settled_at"].max()).normalize()
    rows = {}
    for o in orders.itertuples():
        expected, got = o.amount - o.platform_fee - o.shipping, paid.pop(o.order_id, None)
        if got is None and abs(expected) < 0.005:
            continue
        gap = (got or 0.0) - expected
        young = pd.Timestamp(o.day) > last - pd.Timedelta(days=14)
        state = "matched" if abs(gap) < 0.005 else "different"
        rows[o.order_id] = (
            gap if abs(gap) >= 0.005 else 0.0,
            (state, ("missing", "waiting")[young])[got is None],
        )
    rows |= {order: (money, "unknown") for order, money in paid.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["difference", "state"])
    return frame.rename_axis("order_id").sort_index().astype({"state": object})


def _plain(got: pd.DataFrame) -> pd.DataFrame:
    return got[["difference", "state"]].sort_index().astype({"state": object})


def test_the_file_of_a_state_holds_every_order_under_the_readers_words(
    whole: Bench, use_home: Callable[[Path, pytest.MonkeyPatch], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole.load(*files(whole, *(make() for make in SHOPEE)))
    use_home(whole.settings.home, monkeypatch)
    snapshot = workspaces.open_workspace(whole.settings.home, "kedai").current()
    assert snapshot is not None
    summed = settling.totals("kedai", snapshot.id)
    assert summed is not None
    for row in summed.groupby("state", as_index=False).sum(numeric_only=True).itertuples():
        every = settling.all_orders("kedai", snapshot.id, row.state)
        assert len(every) == row.orders
        assert every["difference"].sum() == pytest.approx(row.difference)
        told = file_of(every, translator("ms"))
        assert list(told[told.columns[0]]) == list(every["order_id"])
        assert not {*told.columns} & {*every.columns}
        monkeypatch.setattr(settling, "SHOWN", 1)
        assert settling.first_orders("kedai", snapshot.id, row.state).equals(every.head(1))


def test_an_order_that_was_placed_lately_is_waited_for() -> None:
    orders = ibis.memtable(
        pd.DataFrame(
            {
                "order_id": ["a", "b", "c"],
                "system": "s",
                "day": pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-30"]).date,
                "currency": "MYR",
                "contribution": [1.0, 2.0, 3.0],
                "goods": 1.0,
            }
        )
    )
    paid = ibis.memtable(
        pd.DataFrame(
            {
                "order_id": ["a"],
                "system": ["s"],
                "settled_at": pd.to_datetime(["2026-03-31"]),
                "amount": [2.0],
                "currency": ["MYR"],
            }
        )
    )
    got = reconcile(orders, paid).execute().set_index("order_id")["state"].to_dict()
    assert got == {"a": "matched", "b": "missing", "c": "waiting"}


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="settled_at"):
        reconcile(
            ibis.memtable(
                pd.DataFrame(columns=["order_id", "system", "day", "currency", "contribution", "goods"])
            ),
            ibis.memtable({"order_id": ["a"]}),
        )
