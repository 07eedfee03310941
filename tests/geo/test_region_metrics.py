"""Sums by region against pandas, on each engine, and the figures made of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo import region_metrics
from geo.region_metrics import METRICS, answers, change, nps, per_month, per_region

DAY = date(2026, 1, 1)


def tables() -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(8)
    n, people = 3_000, 400
    orders = pd.DataFrame(
        {
            "customer_key": pd.array(rng.integers(0, people, n), dtype="Int32"),
            "day": [DAY + timedelta(days=int(d)) for d in rng.integers(0, 90, n)],
            "amount": rng.gamma(2, 30, n).round(2) * rng.choice([1, 1, 1, -1], n),
            "order_key": np.arange(n),
        }
    ).sort_values(["day", "order_key"])
    orders["is_purchase"] = orders["amount"] > 0
    orders["nth"] = orders[orders["is_purchase"]].groupby("customer_key").cumcount() + 1
    orders["nth"] = orders["nth"].astype("Int32")
    orders["month"] = [d.replace(day=1) for d in orders["day"]]
    orders.loc[orders.index % 11 == 0, ["customer_key", "nth"]] = pd.NA
    homes = pd.DataFrame({"customer_key": np.arange(0, people, 2, dtype="int32")})
    homes["region"] = [f"R{k % 5}" for k in homes["customer_key"]]
    said = pd.DataFrame(
        {
            "customer_id": [f"c{k}" for k in rng.integers(0, people, 500)],
            "given_at": [datetime(2026, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 90, 500)],
            "kind": rng.choice(["nps", "ces"], 500),
            "score": rng.integers(0, 11, 500).astype(float),
        }
    )
    known = pd.DataFrame({"customer_key": np.arange(people, dtype="int32")})
    known["customer_id"] = [f"c{k}" for k in known["customer_key"]]
    return {"orders": orders, "homes": homes, "feedback": said, "known": known}


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return tables()


@pytest.fixture(scope="module")
def engine(backend: Any, frames: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("tables")
    made = {}
    for name, frame in frames.items():
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / f"{name}.parquet")
        made[name] = backend.read_parquet(str(folder / f"{name}.parquet"))
    return made


def oracle(frames: dict[str, pd.DataFrame], by: list[str]) -> pd.DataFrame:
    orders = frames["orders"].dropna(subset=["customer_key"])
    each = orders.groupby(["customer_key", *by]).agg(
        orders=("is_purchase", "sum"), revenue=("amount", "sum"), first=("nth", "min"), last=("nth", "max")
    )
    each = each[each["orders"] > 0].reset_index().merge(frames["homes"], on="customer_key")
    each["new"], each["repeaters"] = each["first"] == 1, each["last"] >= 2
    out = each.groupby(["region", *by]).agg(
        customers=("customer_key", "size"),
        new=("new", "sum"),
        repeaters=("repeaters", "sum"),
        orders=("orders", "sum"),
        revenue=("revenue", "sum"),
    )
    return out.reset_index().astype({"new": int, "repeaters": int, "orders": int})


@pytest.mark.parametrize("by", [[], ["month"]], ids=["whole", "months"])
def test_sums_by_region_agree_with_pandas(
    engine: Any, frames: dict[str, pd.DataFrame], by: list[str]
) -> None:
    make = per_month if by else per_region
    found = make(engine["orders"], engine["homes"]).to_pyarrow().to_pandas(date_as_object=True)
    expected = oracle(frames, by)
    found = found.sort_values(["region", *by], ignore_index=True)[expected.columns.tolist()]
    assert found["customers"].tolist() == expected["customers"].tolist()
    for column in ("new", "repeaters", "orders"):
        assert found[column].astype(int).tolist() == expected[column].tolist()
    assert found["revenue"].tolist() == pytest.approx(expected["revenue"].tolist())


def test_answers_by_region_agree_with_pandas(engine: Any, frames: dict[str, pd.DataFrame]) -> None:
    start, end = date(2026, 1, 10), date(2026, 2, 20)
    told = answers(engine["feedback"], engine["known"], engine["homes"], start, end)
    found = told.to_pyarrow().to_pandas().sort_values("region", ignore_index=True)
    said = frames["feedback"]
    days = said["given_at"].dt.date
    said = said[(said["kind"] == "nps") & (days >= start) & (days <= end)]
    said = said.merge(frames["known"], on="customer_id").merge(frames["homes"], on="customer_key")
    expected = said.groupby("region")["score"].agg(
        answers="size", promoters=lambda s: (s >= 9).sum(), detractors=lambda s: (s <= 6).sum()
    )
    assert found[["answers", "promoters", "detractors"]].astype(int).to_numpy().tolist() == (
        expected.to_numpy().astype(int).tolist()
    )


def test_the_margin_of_a_score_covers_the_truth_19_times_in_20() -> None:
    rng = np.random.default_rng(4)
    up, down, n = 0.5, 0.2, 150
    drawn = rng.multinomial(n, [up, down, 1 - up - down], size=4_000)
    score, margin = nps(np.full(4_000, n), drawn[:, 0], drawn[:, 1])
    assert (np.abs(score - 30) <= margin).mean() == pytest.approx(0.95, abs=0.015)


def test_no_answers_is_no_score() -> None:
    score, margin = nps([0], [0], [0])
    assert np.isnan(score[0])
    assert np.isnan(margin[0])


def test_changes_are_shares_for_money_and_points_for_rates() -> None:
    now, before = np.array([12.0, 5.0, 1.0]), np.array([10.0, 0.0, np.nan])
    found = change(now, before, "money")
    assert found[0] == pytest.approx(0.2)
    assert np.isnan(found[1:]).all()
    assert change(np.array([0.4]), np.array([0.5]), "share")[0] == pytest.approx(-0.1)


def test_every_figure_is_computed_from_its_columns() -> None:
    frame = pd.DataFrame(
        {name: [10.0] for name in {need for metric in METRICS.values() for need in metric.needs}}
    )
    for metric in METRICS.values():
        assert np.isfinite(metric.compute(frame)).all()
    assert set(region_metrics.MONTHLY) <= set(METRICS)
    assert ibis is not None
