"""Two engines, and one small merchant whose marts are worked out by pandas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import need_java

FIRST_DAY = date(2023, 1, 5)
AS_OF = date(2025, 6, 20)

ORDERS = pa.schema(
    [
        ("order_id", pa.string()),
        ("order_key", pa.int64()),
        ("customer_id", pa.string()),
        ("customer_key", pa.int32()),
        ("day", pa.date32()),
        ("month", pa.date32()),
        ("store_id", pa.string()),
        ("channel", pa.string()),
        ("region_code", pa.string()),
        ("kind", pa.string()),
        ("currency", pa.string()),
        ("amount", pa.float64()),
        ("margin", pa.float64()),
        ("quantity", pa.float64()),
        ("is_purchase", pa.bool_()),
        ("nth", pa.int32()),
    ]
)
TYPES = {field.name: field.type for field in ORDERS} | {
    "category": pa.string(),
    "cohort": pa.date32(),
    "period": pa.int32(),
    "customers": pa.int64(),
    "orders": pa.int64(),
    "revenue": pa.float64(),
    "first_channel": pa.string(),
    "main_channel": pa.string(),
    "main_store_id": pa.string(),
    "first_day": pa.date32(),
    "last_day": pa.date32(),
    "member": pa.bool_(),
    "member_since": pa.date32(),
    "acquisition_cost": pa.float64(),
    "new_customers": pa.int64(),
    "identified_orders": pa.int64(),
    "identified_revenue": pa.float64(),
    "existing_revenue": pa.float64(),
}
DIMENSIONS = ["day", "region_code", "store_id", "channel", "kind", "currency"]


class Backend:
    """Tables on one engine; frames travel as Parquet, so that nulls stay nulls."""

    def __init__(self, name: str, connection: Any, folder: Path) -> None:
        self.name, self.connection, self.folder = name, connection, folder
        self._written = 0

    def table(self, frame: pd.DataFrame) -> ir.Table:
        """Put a frame into the engine with the types of the marts."""
        schema = pa.schema([(c, TYPES.get(c, pa.array(frame[c]).type)) for c in frame.columns])
        self._written += 1
        path = self.folder / f"table_{self._written}.parquet"
        pq.write_table(pa.Table.from_pandas(frame, schema=schema, preserve_index=False), path)
        return self.connection.read_parquet(str(path), table_name=f"{path.stem}_{id(self)}")


@pytest.fixture(scope="session")
def spark_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start one local Spark for all tests: two cores, UTC, few shuffle partitions, no web page."""
    need_java()
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .appName("setia-tests")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="session", params=["duckdb", pytest.param("pyspark", marks=pytest.mark.spark)])
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """Each engine in turn."""
    if request.param == "duckdb":
        connection = ibis.duckdb.connect()
    else:
        connection = ibis.pyspark.connect(request.getfixturevalue("spark_session"))
    return Backend(request.param, connection, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """DuckDB alone, for properties that run many times."""
    return Backend("duckdb", ibis.duckdb.connect(), tmp_path_factory.mktemp("properties"))


@dataclass
class Merchant:
    """Frames of the marts; ``on(backend)`` gives the same as ibis tables."""

    frames: dict[str, pd.DataFrame]

    def __getattr__(self, name: str) -> pd.DataFrame:
        return self.frames[name]


class Marts:
    """The marts of the merchant on one engine."""

    def __init__(self, merchant: Merchant, backend: Backend) -> None:
        self.tables = {name: backend.table(frame) for name, frame in merchant.frames.items()}

    def __getattr__(self, name: str) -> ir.Table:
        return self.tables[name]


@pytest.fixture(scope="session")
def merchant() -> Merchant:
    """Make 260 customers, two and a half years, with refunds, staff and sales without a customer."""
    parts = _order_categories()
    orders = _orders(parts)
    parts = parts.drop(columns=["amount_sign"]).merge(
        orders[["order_key", "is_purchase", "nth"]], on="order_key"
    )
    summary = _summary(orders)
    months = _customer_month(orders, summary)
    return Merchant(
        {
            "orders": orders,
            "order_categories": parts,
            "customer_summary": summary,
            "customer_month": months,
            "daily": _daily(orders),
            "cohorts": months.groupby(
                ["cohort", "period", "kind", "region_code", "first_channel"], dropna=False
            )
            .agg(
                customers=("customer_key", "count"),
                orders=("orders", "sum"),
                revenue=("revenue", "sum"),
                margin=("margin", "sum"),
            )
            .reset_index(),
        }
    )


@pytest.fixture(scope="session")
def marts(merchant: Merchant, backend: Backend) -> Marts:
    """The merchant on each engine."""
    return Marts(merchant, backend)


def _order_categories() -> pd.DataFrame:
    rng = np.random.default_rng(20260101)
    span = (AS_OF - FIRST_DAY).days
    rows = []
    order_key = 0
    for customer in range(-1, 260):
        joined = int(rng.integers(0, span))
        kind = "unidentified" if customer < 0 else ("internal", "reseller", *["external"] * 8)[customer % 10]
        region = [None, "MY-10", "MY-14", "MY-07"][customer % 4] if customer >= 0 else None
        count = 300 if customer < 0 else int(rng.geometric(0.25))
        days = (
            rng.integers(0, span + 1, count) if customer < 0 else joined + rng.exponential(60, count).cumsum()
        )
        for order_number, offset in enumerate(days):
            if offset > span:
                break
            day = FIRST_DAY + timedelta(days=int(offset if order_number or customer < 0 else joined))
            refund_only = customer >= 0 and order_number > 0 and rng.random() < 0.03
            cancelled = rng.random() < 0.04
            for category in rng.choice(["tea", "cakes", "gifts"], int(rng.integers(1, 4)), replace=False):
                amount = round(float(rng.gamma(2.0, 30.0)), 2)
                amount = -amount if refund_only else 0.0 if cancelled else amount
                rows.append(
                    {
                        "order_key": order_key,
                        "customer_key": customer if customer >= 0 else None,
                        "day": day,
                        "month": day.replace(day=1),
                        "store_id": [None, "S1", "S2"][order_key % 3],
                        "channel": ["shop", "web", "shopee", None][(order_key * 7 + customer) % 4],
                        "region_code": region,
                        "kind": kind,
                        "currency": "MYR",
                        "category": str(category),
                        "amount": amount,
                        "margin": None if order_key % 11 == 0 else round(amount * 0.4, 2),
                        "quantity": float(rng.integers(1, 4)),
                        "amount_sign": -1 if refund_only else 0 if cancelled else 1,
                    }
                )
            order_key += 1
    return pd.DataFrame(rows)


def _orders(parts: pd.DataFrame) -> pd.DataFrame:
    constant = [
        c
        for c in parts.columns
        if c not in ("order_key", "category", "amount", "margin", "quantity", "amount_sign")
    ]
    orders = (
        parts.groupby("order_key")
        .agg(
            **{c: (c, lambda values: values.iloc[0]) for c in constant},
            amount=("amount", "sum"),
            margin=("margin", lambda values: values.sum(min_count=1)),
            quantity=("quantity", "sum"),
        )
        .reset_index()
    )
    orders["is_purchase"] = orders["amount"] > 0
    orders["order_id"] = "O" + orders["order_key"].astype(str)
    orders["customer_id"] = [f"C{int(key):04d}" if pd.notna(key) else None for key in orders["customer_key"]]
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna()]
    nth = bought.sort_values(["day", "order_key"]).groupby("customer_key").cumcount() + 1
    orders["nth"] = nth.reindex(orders.index)
    return orders[ORDERS.names]


def _summary(orders: pd.DataFrame) -> pd.DataFrame:
    known = orders[orders["customer_key"].notna()]
    bought = known[known["is_purchase"]].sort_values("nth")
    by_customer = bought.groupby("customer_key")
    first = by_customer.first()
    summary = known.groupby("customer_key").agg(
        customer_id=("customer_id", "first"),
        kind=("kind", "first"),
        region_code=("region_code", "first"),
        revenue=("amount", "sum"),
        margin=("margin", "sum"),
    )
    summary["orders"] = by_customer.size().reindex(summary.index).fillna(0).astype(int)
    summary["first_day"] = by_customer["day"].min().reindex(summary.index)
    summary["last_day"] = by_customer["day"].max().reindex(summary.index)
    summary["first_channel"] = first["channel"].reindex(summary.index)
    summary["main_channel"] = summary["first_channel"]
    summary["main_store_id"] = first["store_id"].reindex(summary.index)
    summary = summary.reset_index()
    key = summary["customer_key"].astype(int)
    summary["member"] = key % 3 == 0
    summary["member_since"] = [date(2025, 6, 1) if k % 9 == 0 else None for k in key]
    summary["acquisition_cost"] = [float(k % 20) if k % 5 else None for k in key]
    return summary.replace({np.nan: None})


def _customer_month(orders: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna()]
    months = (
        bought.groupby(["customer_key", "month"])
        .agg(orders=("order_key", "count"), revenue=("amount", "sum"), margin=("margin", "sum"))
        .reset_index()
    )
    facts = summary[["customer_key", "kind", "region_code", "first_channel", "first_day"]]
    months = months.merge(facts.astype({"customer_key": float}), on="customer_key")
    months["cohort"] = [day.replace(day=1) for day in months["first_day"]]
    months["period"] = [
        (m.year - c.year) * 12 + m.month - c.month
        for m, c in zip(months["month"], months["cohort"], strict=True)
    ]
    return months.drop(columns="first_day")


def _daily(orders: pd.DataFrame) -> pd.DataFrame:
    known = orders["customer_key"].notna()
    return (
        orders.assign(
            orders=orders["is_purchase"].astype(int),
            revenue=orders["amount"],
            new_customers=(orders["nth"] == 1).astype(int),
            identified_orders=(orders["is_purchase"] & known).astype(int),
            identified_revenue=orders["amount"].where(known, 0.0),
            existing_revenue=orders["amount"].where(orders["nth"] > 1, 0.0),
        )
        .groupby(DIMENSIONS, dropna=False)[
            [
                "orders",
                "revenue",
                "new_customers",
                "identified_orders",
                "identified_revenue",
                "existing_revenue",
            ]
        ]
        .sum()
        .reset_index()
    )
