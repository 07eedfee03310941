"""Every mart against a short pandas calculation of the same thing, on each engine."""

import numpy as np
import pandas as pd
import pytest

from data import snapshots
from data.engines import Tables
from data.marts.build import build_marts
from data.settings import Engine
from data.workspaces import Config

CONFIG = Config(day_starts_at_hour=4, margin=0.4, margins={"web": 0.25})


def _transactions(rng: np.random.Generator, n: int = 1500) -> pd.DataFrame:
    order = np.sort(rng.integers(0, n // 2, n))
    customer = rng.integers(0, 120, n // 2 + 1)
    hours = rng.integers(0, 24 * 500, n // 2 + 1)
    frame = pd.DataFrame(
        {
            "order_id": [f"o{i:05d}" for i in order],
            "customer_id": [None if customer[i] % 5 == 0 else f"0{customer[i]:03d}" for i in order],
            "ordered_at": pd.Timestamp("2024-01-01") + pd.to_timedelta(hours[order], unit="h"),
            "amount": rng.integers(-20, 300, n) / 1.0,
            "category": rng.choice(["tea", "coffee", None], n),
            "quantity": rng.choice([1.0, 2.0, np.nan], n),
            "returned_quantity": rng.choice([0.0, 1.0, np.nan], n, p=[0.6, 0.1, 0.3]),
            "cost": np.where(rng.random(n) < 0.5, rng.integers(1, 50, n), np.nan),
            "channel": np.array(["web", "shop"])[order % 2],
            "store_id": np.array(["s1", "s2", "s3"])[order % 3],
            "status": np.array([None, "completed", "cancelled", "shipped"])[order % 4],
            "payment_method": np.array(["cod", "card", None])[order % 3],
            "platform_fee": rng.choice([0.0, 1.5, np.nan], n),
        }
    )
    frame["status"] = frame["status"].astype("str").where(frame["status"].notna())
    return frame


def _customers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": [f"0{i:03d}" for i in range(130)],
            "kind": ["internal" if i % 17 == 0 else "external" for i in range(130)],
            "member": [i % 3 == 0 for i in range(130)],
            "email": [f"c{i}@example.com" if i % 2 else "****" for i in range(130)],
            "phone": ["60123456789"] * 130,
            "lat": [3.139 if i % 7 else None for i in range(130)],
            "lon": [101.6869 if i % 7 else None for i in range(130)],
            "geo_precision": ["city" if i % 7 else "none" for i in range(130)],
            "region_code": ["MY-14" if i % 7 else None for i in range(130)],
        }
    )


def _consents() -> pd.DataFrame:
    rows = [
        ("0001", "granted", "2024-01-01"),
        ("0001", "withdrawn", "2024-02-01"),
        ("0003", "granted", "2024-01-01"),
    ]
    return pd.DataFrame(
        [(c, "email", "marketing", state, pd.Timestamp(at)) for c, state, at in rows],
        columns=["customer_id", "channel", "purpose", "state", "at"],
    )


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, engine: Engine
) -> tuple[Tables, pd.DataFrame, dict[str, object]]:
    given = _transactions(np.random.default_rng(7))
    with snapshots.draft(tmp_path_factory.mktemp("marts")) as draft:
        for name, frame in [("transactions", given), ("customers", _customers()), ("consents", _consents())]:
            frame.to_parquet(draft.folder(name) / "part-0.parquet", coerce_timestamps="us")
        facts = build_marts(draft, CONFIG, engine)
        snapshot = draft.commit(facts)
    return Tables(snapshot, engine), given, facts


def _oracle_orders(lines: pd.DataFrame) -> pd.DataFrame:
    lines = lines.copy()
    status = lines.status.fillna("completed")
    unpaid_cod = (lines.payment_method == "cod") & ~status.isin(["completed", "delivered"])
    lines["stands"] = ~(status.isin(["cancelled", "failed", "refunded", "pending"]) | unpaid_cod)
    kept = 1 - (lines.returned_quantity.fillna(0) / lines.quantity.fillna(1)).clip(upper=1)
    kept = kept * lines.stands
    lines["revenue"] = lines.amount * kept
    assumed = lines.channel.map({"web": 0.25}).fillna(0.4)
    goods = (lines.cost * kept).fillna(lines.revenue * (1 - assumed))
    lines["profit"] = lines.revenue - goods - lines.platform_fee.fillna(0) * lines.stands
    orders = lines.groupby("order_id").agg(
        customer_id=("customer_id", "first"),
        ordered_at=("ordered_at", "first"), channel=("channel", "first"),
        amount=("revenue", "sum"), margin=("profit", "sum"),
        stands=("stands", "max"), lines=("revenue", "size"),
    )  # fmt: skip
    orders["day"] = (orders.ordered_at - pd.Timedelta(hours=4)).dt.normalize()
    orders["is_purchase"] = orders.stands & (orders.amount > 0)
    orders = orders.reset_index().sort_values(["ordered_at", "order_id"])
    bought = orders[orders.is_purchase & orders.customer_id.notna()]
    orders["nth"] = bought.groupby("customer_id").cumcount() + 1
    orders["days_since_previous"] = bought.groupby("customer_id").day.diff().dt.days
    return orders.set_index("order_id").sort_index()


def _frame(tables: Tables, name: str) -> pd.DataFrame:
    return tables.table(name).execute()


def test_orders_agree_with_pandas(built: tuple[Tables, pd.DataFrame, dict[str, object]]) -> None:
    tables, given, _ = built
    found = _frame(tables, "orders").set_index("order_id").sort_index()
    wanted = _oracle_orders(given)
    assert list(found.index) == list(wanted.index)
    for column in ("amount", "margin"):
        np.testing.assert_allclose(found[column].to_numpy(float), wanted[column], atol=1e-9)
    for column in ("nth", "days_since_previous"):
        np.testing.assert_array_equal(
            found[column].astype("float64").to_numpy(float, na_value=np.nan), wanted[column].to_numpy(float)
        )
    assert (found.is_purchase.astype(bool) == wanted.is_purchase).all()
    assert (pd.to_datetime(found.day) == wanted.day).all()
    assert (found.kind[wanted.customer_id.isna()] == "unidentified").all()
    assert sorted(found.order_key) == list(range(len(found)))


def test_categories_and_days_add_up_to_the_orders(
    built: tuple[Tables, pd.DataFrame, dict[str, object]],
) -> None:
    tables, given, _ = built
    wanted = _oracle_orders(given)
    for name in ("order_categories", "daily_category"):
        column = "amount" if name == "order_categories" else "revenue"
        np.testing.assert_allclose(_frame(tables, name)[column].sum(), wanted.amount.sum())
    daily = _frame(tables, "daily")
    np.testing.assert_allclose(daily.revenue.sum(), wanted.amount.sum())
    assert daily.orders.sum() == wanted.is_purchase.sum()
    assert daily.new_customers.sum() == (wanted.nth == 1).sum()
    np.testing.assert_allclose(daily.existing_revenue.sum(), wanted.amount[wanted.nth > 1].sum())
    np.testing.assert_allclose(
        daily.identified_revenue.sum(), wanted.amount[wanted.customer_id.notna()].sum()
    )


def test_every_customer_is_summed_up_once(built: tuple[Tables, pd.DataFrame, dict[str, object]]) -> None:
    tables, given, _ = built
    wanted = _oracle_orders(given)
    found = _frame(tables, "customer_summary").set_index("customer_id").sort_index()
    bought = wanted[wanted.is_purchase & wanted.customer_id.notna()]
    known = bought.groupby("customer_id").agg(
        orders=("day", "size"), first=("day", "min"), last=("day", "max")
    )
    assert found.index.is_unique
    assert set(found.index) == set(_customers().customer_id) | set(given.customer_id.dropna())
    assert found.orders.reindex(known.index).tolist() == known.orders.tolist()
    assert (pd.to_datetime(found.first_day.reindex(known.index)) == known["first"]).all()
    assert (pd.to_datetime(found.last_day.reindex(known.index)) == known["last"]).all()
    revenue = wanted.groupby("customer_id").amount.sum()
    np.testing.assert_allclose(found.revenue.reindex(revenue.index).to_numpy(float), revenue)
    assert found.orders.loc["0129"] == 0


def test_a_withdrawn_consent_or_a_masked_address_cannot_be_reached(
    built: tuple[Tables, pd.DataFrame, dict[str, object]],
) -> None:
    reach = _frame(built[0], "customer_summary").set_index("customer_id").reachable_email
    assert not reach["0001"]
    assert reach["0003"]
    assert not reach["0002"]


def test_cells_are_those_of_the_slippy_map(built: tuple[Tables, pd.DataFrame, dict[str, object]]) -> None:
    """Kuala Lumpur at zoom 20; formula of the OpenStreetMap wiki, 'Slippy map tilenames'."""
    row = _frame(built[0], "customer_summary").set_index("customer_id").loc["0001"]
    assert (row.x20, row.y20) == (820472, 515140)


def test_months_and_cohorts_agree_with_pandas(built: tuple[Tables, pd.DataFrame, dict[str, object]]) -> None:
    tables, given, _ = built
    orders = _oracle_orders(given)
    bought = orders[orders.is_purchase & orders.customer_id.notna()]
    month = bought.day.dt.to_period("M")
    first = month.groupby(bought.customer_id).transform("min")
    period = (month.dt.year - first.dt.year) * 12 + month.dt.month - first.dt.month
    wanted = bought.groupby([first.astype(str), period]).customer_id.nunique()
    cohorts = _frame(tables, "cohorts")
    label = pd.to_datetime(cohorts.cohort).dt.strftime("%Y-%m")
    found = cohorts.groupby([label, cohorts.period]).customers.sum()
    assert found.to_dict() == wanted.to_dict()


def test_the_facts_name_the_span_and_the_currency(
    built: tuple[Tables, pd.DataFrame, dict[str, object]],
) -> None:
    _, given, facts = built
    wanted = _oracle_orders(given)
    assert facts["as_of"] == wanted.day.max().date().isoformat()
    assert facts["purchases"] == wanted.is_purchase.sum()
    assert facts["currencies"] == ["MYR"]
