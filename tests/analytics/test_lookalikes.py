"""Look-alike customers: features against pandas, known truths found again, noise called noise."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics import lookalikes, lookalikes_features
from analytics.lookalikes_features import FEATURES, early, left_out
from analytics.results import frame
from data import consent
from tests.analytics.conftest import Backend

AS_OF = date(2025, 6, 20)
STORES = ((3.14, 101.69), (5.41, 100.33))


def sales(n: int = 120, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders and a customer summary with gaps: no discount known, no place, other currencies."""
    rng = np.random.default_rng(seed)
    orders, people = [], []
    for key in range(n):
        day = AS_OF - timedelta(days=int(rng.integers(0, 500)))
        for nth in range(1, int(rng.integers(2, 5))):
            if day > AS_OF:
                break
            orders.append(
                {
                    "customer_key": key,
                    "day": day,
                    "amount": float(np.round(rng.gamma(2, 40), 2)),
                    "discount": None if key % 7 == 0 else float(np.round(rng.random() * 20, 2)),
                    "quantity": None if key % 9 == 0 else float(rng.integers(1, 5)),
                    "channel": [None, "shop", "web"][key % 3],
                    "currency": "SGD" if key % 10 == 0 else "MYR",
                    "is_purchase": True,
                    "nth": nth,
                }
            )
            day += timedelta(days=int(rng.integers(1, 150)))
        people.append(
            {
                "customer_key": key,
                "first_category": [None, "tea", "gifts"][key % 3],
                "region_code": ["MY-10", "MY-14"][key % 2],
                "lat": None if key % 11 == 0 else 3.0 + key % 5,
                "lon": None if key % 11 == 0 else 101.0 + key % 2,
                "geo_precision": ["exact", "region", "postcode"][key % 3],
            }
        )
    orders.append({**orders[0], "customer_key": None, "nth": None})
    return pd.DataFrame(orders), pd.DataFrame(people)


def haversine(lat: float, lon: float, store: tuple[float, float]) -> float:
    a, b = math.radians(lat), math.radians(store[0])
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(store[1] - lon) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


def by_hand(orders: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for key, mine in orders.dropna(subset=["customer_key"]).groupby("customer_key"):
        first, who = mine[mine["nth"] == 1].iloc[0], people.set_index("customer_key").loc[key]
        again = mine[mine["nth"] == 2]["day"]
        waited = (again.iloc[0] - first["day"]).days if len(again) else 999
        discount = 0.0 if pd.isna(first["discount"]) else first["discount"]
        exact = who["geo_precision"] != "region" and pd.notna(who["lat"])
        km = min((haversine(who["lat"], who["lon"], s) for s in STORES), default=0) if exact else None
        items = 1.0 if pd.isna(first["quantity"]) else first["quantity"]
        rows.append(
            {
                "customer_key": key,
                "first_value": math.log1p(first["amount"]) if first["currency"] == "MYR" else None,
                "first_discount": discount / (first["amount"] + discount),
                "first_items": math.log1p(items),
                "distance_km": None if km is None else math.log1p(km),
                "second": "month" if waited <= 30 else "quarter" if waited <= 90 else "later",
                "first_category": who["first_category"],
                "first_channel": first["channel"],
                "region_code": who["region_code"],
                "weekday": str(first["day"].weekday()),
                "tenure_days": (AS_OF - first["day"]).days,
            }
        )
    return pd.DataFrame(rows)


def test_early_features_are_those_of_pandas(backend: Backend) -> None:
    orders, people = sales()
    placed = people[people["lat"].notna()]
    near = [min(haversine(a, b, s) for s in STORES) for a, b in placed[["lat", "lon"]].to_numpy()]
    distances = backend.table(placed[["customer_key"]].assign(km=near))
    found = frame(early(backend.table(orders), backend.table(people), AS_OF, distances, "MYR"))
    found = found.sort_values("customer_key").reset_index(drop=True)
    wanted = by_hand(orders, people)
    for name in ("first_value", "first_discount", "first_items", "distance_km"):
        np.testing.assert_allclose(found[name].astype(float), wanted[name].astype(float), atol=1e-6)
    for name in ("second", "first_category", "first_channel", "region_code", "weekday", "tenure_days"):
        assert found[name].where(found[name].notna(), None).tolist() == (
            wanted[name].where(wanted[name].notna(), None).tolist()
        )


def test_nothing_after_the_day_is_read(duckdb: Backend) -> None:
    orders, people = sales()
    later = orders.assign(
        day=[d + timedelta(days=400) if n == 2 else d for d, n in orders[["day", "nth"]].values]
    )
    found = frame(early(duckdb.table(later), duckdb.table(people), AS_OF))
    assert set(found["second"]) == {"later"}
    assert found["distance_km"].isna().all()


def test_what_defines_a_segment_is_no_feature_of_it() -> None:
    assert "second" in left_out(["lifecycle"])
    assert set(left_out(["rfm_segment"])) == {"first_value", "first_items", "second"}
    assert left_out(["member", "reachable_email"]) == ()
    assert set(left_out(["bought_store"])) >= {"distance_km", "region_code"}


def test_the_latest_word_on_profiling_counts(backend: Backend) -> None:
    rows = [
        ("a", "profiling", "granted", "2025-01-01"),
        ("a", "profiling", "withdrawn", "2025-02-01"),
        ("b", "profiling", "withdrawn", "2025-01-01"),
        ("b", "profiling", "granted", "2025-02-01"),
        ("c", "marketing", "withdrawn", "2025-02-01"),
    ]
    table = pd.DataFrame(rows, columns=["customer_id", "purpose", "state", "at"])
    table["at"] = pd.to_datetime(table["at"])
    table["channel"] = "email"
    against = consent.unprofiled(None, backend.table(table))
    assert against is not None
    assert frame(against)["customer_id"].tolist() == ["a"]


def population(n: int, seed: int, strength: float) -> pd.DataFrame:
    """Customers whose odds of being in the segment follow known rules (none where strength is 0)."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "customer_key": np.arange(n),
            "first_value": rng.normal(4.0, 0.8, n),
            "first_discount": rng.random(n) * 0.4,
            "first_items": np.log1p(rng.integers(1, 5, n)),
            "distance_km": np.where(rng.random(n) < 0.1, np.nan, rng.normal(2.5, 1.0, n)),
            "second": rng.choice(["month", "quarter", "later"], n),
            "first_category": rng.choice(["tea", "gifts", "cakes"], n, p=[0.5, 0.3, 0.2]),
            "first_channel": rng.choice(["shop", "web", "shopee"], n, p=[0.5, 0.3, 0.2]),
            "region_code": rng.choice(["MY-10", "MY-14"], n),
            "weekday": rng.integers(0, 7, n).astype(str),
            "tenure_days": rng.integers(90, 900, n),
        }
    )
    line = -1.5 + strength * (
        1.2 * (rows["first_value"] - 4.0)
        + 1.0 * (rows["first_channel"] == "web")
        - 1.0 * (rows["first_category"] == "gifts")
    )
    rows["chosen"] = rng.random(n) < 1 / (1 + np.exp(-line))
    return rows


def test_planted_features_are_found_with_their_odds() -> None:
    found = lookalikes.learn(population(12_000, 1, 1.0))
    odds = {(e.feature, e.level): e.odds for e in found.effects}
    truth = {
        ("first_value", None): 2**1.2,
        ("first_channel", "web"): math.e,
        ("first_category", "gifts"): 1 / math.e,
    }
    for name, value in truth.items():
        assert odds[name].low * 0.97 <= value <= odds[name].high * 1.03
    assert {(e.feature, e.level) for e in found.effects[:3]} == set(truth)
    assert found.word == "reliable"
    assert found.auc is not None
    assert found.auc.low > 0.7
    assert all(b.found.low - 0.03 <= b.forecast <= b.found.high + 0.03 for b in found.calibration)


def test_a_merchant_of_pure_noise_is_told_not_to_use_it() -> None:
    runs = [lookalikes.learn(population(1500, seed, 0.0), seed=seed) for seed in range(20)]
    held = [run.auc.low <= 0.5 <= run.auc.high for run in runs if run.auc]
    assert sum(held) >= 17
    assert sum(run.word == "do_not_use" for run in runs) >= 18
    assert all(run.reason == "chance" for run in runs if run.word == "do_not_use")


def test_shuffled_labels_lose_what_the_true_ones_have() -> None:
    rows = population(4000, 2, 1.0)
    true = lookalikes.learn(rows)
    shuffled = rows.assign(chosen=np.random.default_rng(0).permutation(rows["chosen"]))
    found = lookalikes.learn(shuffled)
    assert true.auc is not None
    assert found.auc is not None
    assert true.auc.low > found.auc.high
    assert found.word == "do_not_use"


def test_the_same_seed_gives_the_same_answer() -> None:
    rows = population(1500, 3, 1.0)
    assert lookalikes.learn(rows, seed=5) == lookalikes.learn(rows, seed=5)


def test_how_long_somebody_has_been_a_customer_is_held_constant() -> None:
    """The segment follows tenure alone, and one channel is only new: it must not look bad."""
    rows = population(8000, 4, 0.0)
    rng = np.random.default_rng(1)
    rows["tenure_days"] = np.where(rows["first_channel"] == "shopee", 90, 600) + rng.integers(
        0, 300, len(rows)
    )
    chance = 1 / (1 + np.exp(-3 * (np.log1p(rows["tenure_days"]) - 6.0)))
    rows["chosen"] = rng.random(len(rows)) < chance
    found = lookalikes.learn(rows)
    shopee = next(e.odds for e in found.effects if e.level == "shopee")
    share = rows.groupby(rows["first_channel"] == "shopee")["chosen"].mean()
    raw = share[True] / (1 - share[True]) / (share[False] / (1 - share[False]))
    assert raw < 0.05  # what a look at the shares alone would say
    assert 0.4 < shopee.value < 2.0  # the penalty leaves a little of it


@pytest.mark.parametrize(("keep", "reason"), [(99, "few_segment"), (1450, "few_others")])
def test_too_few_customers_give_no_model_but_a_reason(keep: int, reason: str) -> None:
    rows = population(1500, 5, 0.0)
    found = lookalikes.learn(rows.assign(chosen=np.arange(1500) < keep))
    assert (found.word, found.reason, found.model) == ("do_not_use", reason, None)


def test_customers_without_any_difference_give_no_features() -> None:
    rows = population(600, 6, 0.0)
    same: dict[str, Any] = dict.fromkeys(FEATURES, "x") | dict.fromkeys(lookalikes_features.NUMBERS, 1.0)
    found = lookalikes.learn(rows.assign(**same, chosen=np.arange(600) < 200))
    assert found.reason == "no_features"


def test_the_engine_scores_as_the_model_does(backend: Backend) -> None:
    rows = population(2000, 7, 1.0)
    found = lookalikes.learn(rows)
    assert found.model is not None
    given = rows.drop(columns="chosen")
    given.loc[:40, ["first_category", "first_channel"]] = None
    given.loc[50:60, "first_category"] = "never seen before"
    scores = frame(lookalikes.scored(backend.table(given), found.model)).sort_values("customer_key")
    columns = lookalikes._columns(given, found.model.terms, dict(found.model.usual))
    np.testing.assert_allclose(scores["score"], columns @ np.array(found.model.weights), atol=1e-9)


def test_the_best_are_outside_the_segment_and_within_those_asked(duckdb: Backend) -> None:
    rows = population(2000, 8, 1.0)
    found = lookalikes.learn(rows)
    assert found.model is not None
    table = duckdb.table(rows)
    segment = table.filter(table.chosen)
    among = table.filter(table.region_code == "MY-10")
    scores = lookalikes.scored(table, found.model)
    best = frame(lookalikes.best(scores, segment, among, 50))
    every = frame(scores).merge(rows[["customer_key", "chosen", "region_code"]], on="customer_key")
    left = every[~every["chosen"] & (every["region_code"] == "MY-10")]
    wanted = left.sort_values(["score", "customer_key"], ascending=[False, True]).head(50)
    assert best["customer_key"].tolist() == wanted["customer_key"].tolist()


def test_rows_to_learn_from_are_old_enough_and_marked(duckdb: Backend) -> None:
    rows = population(500, 9, 0.0).drop(columns="chosen")
    rows.loc[:99, "tenure_days"] = 30
    table = duckdb.table(rows)
    found = frame(
        lookalikes.sampled(
            table, table.filter(table.customer_key < 400), table.filter(table.customer_key < 150), 500
        )
    )
    assert found["customer_key"].tolist() == list(range(100, 400))
    assert found["chosen"].sum() == 50


def test_of_many_customers_every_kth_is_taken(duckdb: Backend) -> None:
    rows = population(300, 10, 0.0).drop(columns="chosen")
    table = duckdb.table(rows)
    found = frame(lookalikes.sampled(table, table, table, 3 * lookalikes.MOST))
    assert found["customer_key"].tolist() == list(range(0, 300, 3))
