"""What is counted in space is the same on every engine: each expression against pandas alone."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pytest

from geo import hexagons, lookalike_areas_features, region_metrics
from geo.cells import Bounds, to_x20, to_y20
from geo.place_cells import counted, window

SHOWN = window(Bounds(2.5, 101.0, 4.0, 103.0), 9)
SEED = 11


def people() -> pd.DataFrame:
    chance = np.random.default_rng(SEED)
    lat, lon = chance.uniform(2.0, 4.5, 900), chance.uniform(100.5, 103.5, 900)
    codes = np.array(["new", "active", "loyal", "lapsed"])
    return pd.DataFrame(
        {
            "customer_key": np.arange(900, dtype="int32"),
            "customer_id": [f"C{i}" for i in range(900)],
            "lat": lat,
            "lon": lon,
            "x20": to_x20(lon).astype("int32"),
            "y20": to_y20(lat).astype("int32"),
            "is_new": chance.random(900) < 0.3,
            "orders": chance.integers(1, 6, 900).astype("int32"),
            "revenue": chance.gamma(2, 60, 900).round(2),
            "lifecycle": codes[chance.integers(0, 4, 900)],
            "region": [f"R{i % 7}" for i in range(900)],
            "area": [f"A{i % 9}" for i in range(900)],
            "value": chance.gamma(2, 20, 900).round(2),
        }
    )


def orders() -> pd.DataFrame:
    chance = np.random.default_rng(SEED + 1)
    keys = chance.integers(0, 900, 4_000).astype("int32")
    days = pd.to_datetime("2026-01-01") + pd.to_timedelta(chance.integers(0, 200, 4_000), unit="D")
    found = pd.DataFrame({"customer_key": keys, "day": days}).sort_values(["customer_key", "day"])
    found["nth"] = (found.groupby("customer_key").cumcount() + 1).astype("int32")
    return found.assign(
        is_purchase=True,
        amount=chance.gamma(2, 40, 4_000).round(2),
        month=found["day"].dt.to_period("M").dt.start_time.dt.date,
        day=found["day"].dt.date,
        channel=np.array(["store", "web"])[chance.integers(0, 2, 4_000)],
    )


def answers() -> pd.DataFrame:
    chance = np.random.default_rng(SEED + 2)
    return pd.DataFrame(
        {
            "customer_id": [f"C{i}" for i in chance.integers(0, 950, 600)],
            "given_at": [datetime(2026, 1 + i % 8, 5, 23, 30) for i in range(600)],
            "kind": np.array(["nps", "csat"])[chance.integers(0, 2, 600)],
            "score": chance.integers(0, 11, 600).astype(float),
        }
    )


@pytest.fixture
def put(backend: Any, tmp_path: Path) -> Any:
    """``put(frame)``: a frame as a table of the engine."""

    def made(frame: pd.DataFrame) -> ir.Table:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.parquet"
        frame.to_parquet(path, index=False, coerce_timestamps="us")
        return backend.read_parquet(str(path), table_name=f"t{path.stem}_{abs(hash(str(tmp_path)))}")

    return made


def same(found: ir.Table, expected: pd.DataFrame, keys: list[str]) -> None:
    got = found.to_pyarrow().to_pandas().sort_values(keys, ignore_index=True)[list(expected.columns)]
    want = expected.sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(got, want, check_dtype=False, rtol=1e-9)


def test_customers_by_cell(put: Any) -> None:
    frame = people()
    shift = 20 - SHOWN.level
    placed = frame.assign(x=frame["x20"] // 2**shift, y=frame["y20"] // 2**shift)
    placed = placed[
        placed["x"].between(SHOWN.west, SHOWN.east) & placed["y"].between(SHOWN.north, SHOWN.south)
    ]
    placed = placed.assign(group_loyal=placed["lifecycle"] == "loyal")
    expected = placed.groupby(["x", "y"], as_index=False).agg(
        customers=("customer_key", "count"),
        new=("is_new", "sum"),
        revenue=("revenue", "sum"),
        lat=("lat", "sum"),
        group_loyal=("group_loyal", "sum"),
    )
    same(counted(put(frame), SHOWN, ("loyal",)), expected, ["x", "y"])


def test_customers_by_hexagon(put: Any) -> None:
    frame = people()
    size = (1 << (20 - SHOWN.level)) / 2
    x, y = frame["x20"].to_numpy(float), frame["y20"].to_numpy(float)
    near = np.stack(
        [
            np.round((np.sqrt(3) / 3 * x - y / 3) / size).astype(int),
            np.round((2 / 3 * y) / size).astype(int),
        ]
    )
    offsets = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]  # the nearest middle is among the neighbours
    away = [np.hypot(*(m - c for m, c in zip(_middle(near, o, size), (x, y), strict=True))) for o in offsets]
    best = np.array(offsets)[np.argmin(away, axis=0)].T
    frame = frame.assign(q=near[0] + best[0], r=near[1] + best[1])
    same(
        hexagons.located(put(frame.drop(columns=["q", "r"])), SHOWN.level).select("customer_key", "q", "r"),
        frame[["customer_key", "q", "r"]],
        ["customer_key"],
    )


def _middle(near: np.ndarray, offset: tuple[int, int], size: float) -> tuple[np.ndarray, np.ndarray]:
    q, r = near[0] + offset[0], near[1] + offset[1]
    return size * np.sqrt(3) * (q + r / 2), size * 1.5 * r


def test_figures_by_region_and_by_month(put: Any) -> None:
    sold, homes = orders(), people()[["customer_key", "region"]]
    for by, found in (
        (["region"], region_metrics.per_region(put(sold), put(homes))),
        (["region", "month"], region_metrics.per_month(put(sold), put(homes))),
    ):
        each = sold.groupby(["customer_key", *by[1:]], as_index=False).agg(
            orders=("is_purchase", "sum"),
            revenue=("amount", "sum"),
            first=("nth", "min"),
            last=("nth", "max"),
        )
        each = each.merge(homes, on="customer_key")
        each = each.assign(new=each["first"] == 1, repeaters=each["last"] >= 2)
        expected = each.groupby(by, as_index=False).agg(
            customers=("customer_key", "count"),
            new=("new", "sum"),
            repeaters=("repeaters", "sum"),
            orders=("orders", "sum"),
            revenue=("revenue", "sum"),
        )
        same(found, expected, by)


def test_answers_by_region(put: Any) -> None:
    said, who = answers(), people()[["customer_key", "customer_id", "region"]]
    first, last = date(2026, 2, 1), date(2026, 6, 30)
    found = region_metrics.answers(
        put(said),
        put(who[["customer_key", "customer_id"]]),
        put(who[["customer_key", "region"]]),
        first,
        last,
    )
    day = said["given_at"].dt.date
    asked = said[(said["kind"] == "nps") & (day >= first) & (day <= last)].merge(who, on="customer_id")
    asked = asked.assign(up=asked["score"] >= 9, down=asked["score"] <= 6)
    expected = asked.groupby("region", as_index=False).agg(
        answers=("score", "count"), promoters=("up", "sum"), detractors=("down", "sum")
    )
    same(found, expected, ["region"])


def test_features_of_areas(put: Any) -> None:
    frame = people()
    frame.loc[:50, "value"] = np.nan
    found = lookalike_areas_features.summed(put(frame))
    frame = frame.assign(repeat=(frame["orders"] >= 2).astype(float), loyal=frame["lifecycle"] == "loyal")
    expected = frame.groupby("area", as_index=False).agg(
        customers=("customer_key", "count"),
        orders=("orders", "sum"),
        lat=("lat", "mean"),
        new=("is_new", "sum"),
        loyal=("loyal", "sum"),
        revenue=("revenue", "sum"),
        repeat=("repeat", "sum"),
        value=("value", "sum"),
    )
    same(found, expected, ["area"])
    sold, homes = orders(), frame[["customer_key", "area"]]
    mixed = sold.merge(homes, on="customer_key").groupby(["area", "channel"], as_index=False)
    expected = mixed.agg(orders=("amount", "count")).rename(columns={"channel": "value"})
    same(lookalike_areas_features.mixed(put(sold), put(homes), "channel"), expected, ["area", "value"])
