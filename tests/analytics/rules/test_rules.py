"""Rules pick whom a row-by-row reading of the same rule picks, whatever it asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from analytics import lifecycle, rfm, rfm_grid, value
from analytics.lifecycle import Windows
from analytics.results import frame, one_row
from analytics.rules import FIELDS, Condition, Group, Sources, available, counts, members, profiles
from analytics.rules.fields import WITHOUT_VALUE
from analytics.rules.templates import TEMPLATES
from tests.analytics.conftest import AS_OF, Backend, Marts, Merchant

REACH = ("whatsapp", "email", "sms", "phone")
TIERS = ["gold", "silver", "", None, 'it\'s "odd"', "%", "\u200b"]


def _customers(merchant: Merchant) -> pd.DataFrame:
    """The merchant's summary with the columns its fixture lacks, full of holes."""
    rng = np.random.default_rng(5)
    table = merchant.customer_summary.copy()
    n = len(table)
    table["tier"] = rng.choice(np.array(TIERS, dtype=object), n)
    table["postcode"] = [None if k % 7 == 0 else f"{k % 90:05d}" for k in range(n)]
    for name in (
        "district",
        "city",
        "acquisition_channel",
        "first_store_id",
        "first_category",
        "main_category",
    ):
        table[name] = rng.choice(np.array(["a", "b", None], dtype=object), n)
    table["discount"] = [float(k % 50) for k in range(n)]
    table["joined_at"] = [None if k % 4 == 0 else date(2023, 1, 1) + timedelta(days=k * 3) for k in range(n)]
    table["member"] = rng.choice(np.array([True, False, None], dtype=object), n)
    for channel in REACH:
        table[f"reachable_{channel}"] = rng.choice(np.array([True, False, None], dtype=object), n)
    late = pd.DataFrame(
        {
            "customer_key": [1000.0, 1001.0],
            "customer_id": ["C1000", "C1001"],
            "kind": ["external", "internal"],
            "orders": [0, 0],
            "revenue": [0.0, 0.0],
            "margin": [0.0, 0.0],
        }
    )
    table = pd.concat([table, late], ignore_index=True)
    return table.astype(object).where(table.notna(), None).infer_objects()


def _sources(merchant: Merchant, backend: Backend, marts: Marts) -> tuple[Sources, pd.DataFrame]:
    customers = _customers(merchant)
    summary = backend.table(customers)
    bought = value.summary_value(summary)

    def scores() -> Any:
        recency = ibis.literal(AS_OF).delta(bought.last_day, unit="day").cast("int32")
        measured = bought.select(
            "customer_key", recency_days=recency, frequency=bought.orders, monetary_value=bought.revenue
        )
        cuts = rfm.quantile_cutoffs(measured, 5)
        assert cuts is not None
        return rfm_grid.name(rfm.score(measured, cuts), rfm_grid.default_grid(5))

    model = customers[["customer_key"]].assign(
        p_alive=[None if i % 9 == 0 else (i % 100) / 100 for i in range(len(customers))],
        expected_purchases=[float(i % 6) for i in range(len(customers))],
        expected_revenue=[float(i % 300) for i in range(len(customers))],
        value=0.0,
        at_stake=[float(i) for i in range(len(customers))],
    )
    modelled = backend.table(model.iloc[: len(model) // 2])
    sources = Sources(
        summary,
        marts.orders,
        marts.order_categories,
        AS_OF,
        lambda: lifecycle.assign(marts.orders, AS_OF, Windows()),
        scores,
        lambda: modelled,
    )
    return sources, _oracle_frame(customers, merchant, sources, model.iloc[: len(model) // 2])


def _oracle_frame(
    customers: pd.DataFrame, merchant: Merchant, sources: Sources, model: pd.DataFrame
) -> pd.DataFrame:
    """Every field of every customer, worked out by pandas (scores and lifecycle have tests of their own)."""
    known = customers.set_index("customer_key")
    orders = merchant.orders[merchant.orders["customer_key"].notna()]
    out = known.copy()
    out["average_order"] = [
        r / o if o else None for r, o in zip(known["revenue"], known["orders"], strict=True)
    ]
    out["discount_share"] = [
        None if d is None or pd.isna(d) or r + d <= 1e-6 else d / (r + d)
        for d, r in zip(known["discount"], known["revenue"], strict=True)
    ]
    for code, day in (("days_since_last", "last_day"), ("days_since_first", "first_day")):
        out[code] = [None if pd.isna(d) else (AS_OF - d).days for d in known[day]]
    for days in (90, 365):
        late = orders[[d > AS_OF - timedelta(days=days) for d in orders["day"]]]
        out[f"orders_{days}"] = late.groupby("customer_key")["is_purchase"].sum().reindex(out.index).fillna(0)
        out[f"revenue_{days}"] = late.groupby("customer_key")["amount"].sum().reindex(out.index).fillna(0.0)
    flags = known[[f"reachable_{channel}" for channel in REACH]]
    out["reachable"] = [
        None if all(pd.isna(v) for v in row) else any(v is True for v in row) for row in flags.to_numpy()
    ]
    for made in (sources.lifecycle(), sources.rfm()):
        scored = frame(made).set_index("customer_key")
        for column in set(scored.columns) & set(FIELDS) - set(out.columns):
            out[column] = scored[column].reindex(out.index)
    renamed = {"value": "expected_value", "at_stake": "value_at_risk"}
    model = model.rename(columns=renamed)
    for column in model.columns.drop("customer_key"):
        out[column] = model.set_index("customer_key")[column].reindex(out.index)
    for code, table, column in (
        ("bought_category", merchant.order_categories, "category"),
        ("bought_store", merchant.orders, "store_id"),
        ("bought_channel", merchant.orders, "channel"),
    ):
        sold = table[table["is_purchase"] & table["customer_key"].notna()]
        out[code] = sold.groupby("customer_key")[column].agg(set).reindex(out.index)
    return out


def _missing(found: Any) -> bool:
    return not isinstance(found, set) and (found is None or bool(pd.isna(found)))


def _holds(rule: Any, row: Any) -> bool:
    if isinstance(rule, Group):
        each = [_holds(child, row) for child in rule.children]
        return (all(each) if rule.join == "all" else any(each)) is not rule.negate
    found, op, asked = row[rule.field], rule.operator, rule.value
    if FIELDS[rule.field].kind == "bought":
        ever = isinstance(found, set) and bool(found & set(asked))
        return ever if op == "ever" else not ever
    if FIELDS[rule.field].kind == "text" and found == "":
        found = None
    if op == "empty":
        return _missing(found)
    if _missing(found):
        return False
    eps = 1e-6
    return {
        "not_empty": lambda: True,
        "yes": lambda: bool(found),
        "no": lambda: not found,
        "one_of": lambda: found in asked,
        "none_of": lambda: found not in asked,
        "starts_with": lambda: found.startswith(asked),
        "at_least": lambda: found >= asked - eps,
        "at_most": lambda: found <= asked + eps,
        "equals": lambda: abs(found - asked) <= eps,
        "between": lambda: asked[0] - eps <= found <= asked[1] + eps,
        "in_last": lambda: AS_OF - timedelta(days=asked) < found <= AS_OF,
        "since": lambda: found >= asked,
        "until": lambda: found <= asked,
        "from_to": lambda: asked[0] <= found <= asked[1],
    }[op]()


def _expected(rule: Any, table: pd.DataFrame) -> set[int]:
    about_kind = any(c.field == "kind" for c in rule.conditions())
    return {
        int(key)
        for key, row in table.iterrows()
        if (about_kind or row["kind"] != "internal") and _holds(rule, row)
    }


@st.composite
def conditions(draw: Any) -> Condition:
    asked = FIELDS[draw(st.sampled_from(sorted(FIELDS)))]
    operator = draw(st.sampled_from(asked.operators))
    numbers = st.one_of(st.integers(-2, 6), st.floats(-10, 900, allow_nan=False), st.floats(0, 1))
    days = st.dates(date(2022, 12, 1), date(2025, 8, 1))
    texts = list(asked.codes) or [
        "a",
        "b",
        "tea",
        "gifts",
        "S1",
        "web",
        "MY-10",
        "gold",
        'it\'s "odd"',
        "%",
        "zz",
    ]
    if operator in WITHOUT_VALUE:
        return Condition(asked.code, operator)
    if operator in ("one_of", "none_of", "ever", "never"):
        found: Any = tuple(draw(st.lists(st.sampled_from(texts), min_size=1, max_size=3)))
    elif operator == "starts_with":
        found = draw(st.sampled_from(["0", "000", "g", "%", "_", "MY-"]))
    elif operator == "in_last":
        found = draw(st.integers(1, 900))
    elif operator in ("between", "from_to"):
        found = tuple(sorted([draw(numbers if operator == "between" else days) for _ in range(2)]))
    else:
        found = draw(days if operator in ("since", "until") else numbers)
    return Condition(asked.code, operator, found)


rules = st.builds(
    Group,
    st.sampled_from(["all", "any"]),
    st.lists(
        st.recursive(
            conditions(),
            lambda inner: st.builds(
                Group,
                st.sampled_from(["all", "any"]),
                st.lists(inner, max_size=3).map(tuple),
                st.booleans(),
            ),
            max_leaves=5,
        ),
        max_size=3,
    ).map(tuple),
    st.booleans(),
)


@pytest.fixture(scope="module")
def on_duckdb(merchant: Merchant, duckdb: Backend) -> tuple[Sources, pd.DataFrame]:
    return _sources(merchant, duckdb, Marts(merchant, duckdb))


def _picked(rule: Group, sources: Sources) -> set[int]:
    return {int(key) for key in frame(members(rule, sources))["customer_key"]}


@given(rule=rules)
@hypothesis_settings(max_examples=80)
def test_a_rule_picks_whom_reading_it_row_by_row_picks(rule, on_duckdb):
    sources, table = on_duckdb
    assert _picked(rule, sources) == _expected(rule, table)


@pytest.mark.parametrize("code", FIELDS)
def test_every_field_can_be_asked_by_each_of_its_operators(code, on_duckdb):
    sources, table = on_duckdb
    asked = FIELDS[code]
    for operator in asked.operators:
        found: Any = {
            "one_of": asked.codes[:1] or ("a",),
            "none_of": asked.codes[:1] or ("gold",),
            "ever": ("tea", "S1", "web"),
            "never": ("tea", "S1", "web"),
            "starts_with": "0",
            "between": (0.1, 50),
            "from_to": (date(2024, 1, 1), date(2024, 12, 31)),
            "in_last": 200,
            "since": date(2024, 6, 1),
            "until": date(2024, 6, 1),
        }.get(operator, None if operator in WITHOUT_VALUE else 2)
        rule = Group("all", (Condition(code, operator, found),))
        assert _picked(rule, sources) == _expected(rule, table), operator


def test_spark_and_duckdb_pick_the_same(merchant, marts, backend):
    sources, table = _sources(merchant, backend, marts)
    rule = Group(
        "any",
        (
            Group(
                "all",
                (
                    Condition("lifecycle", "one_of", ("lapsed", "loyal")),
                    Condition("m", "at_least", 3),
                    Condition("discount_share", "at_most", 0.4),
                    Condition("bought_category", "never", ("gifts",)),
                    Condition("p_alive", "at_least", 0.1),
                ),
            ),
            Group(
                "all", (Condition("tier", "none_of", ("gold",)), Condition("reachable", "yes")), negate=True
            ),
            Condition("postcode", "starts_with", "0001"),
            Condition("revenue_365", "between", (100, 400)),
            Condition("joined_at", "in_last", 300),
        ),
    )
    assert _picked(rule, sources) == _expected(rule, table)
    row = one_row(counts(rule, sources))
    assert row["customers"] == len(_expected(rule, table))


def test_the_counts_are_those_of_the_customers_picked(on_duckdb):
    sources, table = on_duckdb
    rule = Group("all", (Condition("orders", "at_least", 2),))
    picked = table.loc[sorted(_expected(rule, table))]
    row = one_row(counts(rule, sources))
    assert row["customers"] == len(picked)
    assert row["buyers"] == len(picked)
    everybody = one_row(counts(Group("all"), sources))
    shown = table[table["kind"] != "internal"]
    assert (everybody["customers"], everybody["buyers"]) == (len(shown), int((shown["orders"] > 0).sum()))
    assert row["revenue"] == pytest.approx(picked["revenue"].astype(float).sum())
    assert row["everyone"] == (table["kind"] != "internal").sum()
    for column in ("reachable", "reachable_email"):
        assert row[column] == sum(v is True for v in picked[column])


def test_unknown_consents_are_not_counted_as_nobody(merchant, duckdb):
    sources, _ = _sources(merchant, duckdb, Marts(merchant, duckdb))
    customers = _customers(merchant)
    for channel in REACH:
        customers[f"reachable_{channel}"] = pd.array([None] * len(customers), dtype="boolean")
    unknown = duckdb.table(customers)
    rule = Group("all", (Condition("orders", "at_least", 1),))
    row = one_row(counts(rule, Sources(**{**vars(sources), "customer_summary": unknown})))
    assert row["reachable"] is None
    assert row["reachable_email"] is None
    assert row["customers"] > 0


def test_a_missing_value_meets_no_condition_but_empty(on_duckdb):
    sources, table = on_duckdb
    holes = {int(k) for k, row in table.iterrows() if _missing(row["postcode"]) and row["kind"] != "internal"}
    for condition in (
        Condition("postcode", "none_of", ("00001",)),
        Condition("postcode", "one_of", ("00001",)),
        Condition("postcode", "not_empty"),
    ):
        assert not holes & _picked(Group("all", (condition,)), sources)
    assert holes <= _picked(Group("all", (Condition("postcode", "empty"),)), sources)
    assert holes <= _picked(Group("all", (Condition("postcode", "one_of", ("x",)),), negate=True), sources)


def test_staff_is_picked_only_where_the_rule_is_about_the_kind(on_duckdb):
    sources, table = on_duckdb
    staff = {int(k) for k, kind in table["kind"].items() if kind == "internal"}
    assert staff
    assert not staff & _picked(Group("all"), sources)
    assert _picked(Group("all", (Condition("kind", "one_of", ("internal",)),)), sources) == staff


def test_a_customer_who_never_bought_can_be_picked(on_duckdb):
    sources, _ = on_duckdb
    assert 1000 in _picked(Group("all", (Condition("orders", "equals", 0),)), sources)
    assert 1000 in _picked(Group("all", (Condition("last_day", "empty"),)), sources)


def test_profiles_hold_the_columns_that_were_asked_for(on_duckdb):
    sources, table = on_duckdb
    rule = TEMPLATES["buys_on_discount"]
    found = frame(profiles(rule, sources, ["customer_id", "lifecycle", "average_order"]))
    assert list(found.columns) == ["customer_key", "customer_id", "lifecycle", "average_order"]
    assert {int(k) for k in found["customer_key"]} == _expected(rule, table)


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_runs(code, on_duckdb):
    sources, table = on_duckdb
    assert _picked(TEMPLATES[code], sources) == _expected(TEMPLATES[code], table)


def test_a_field_is_offered_only_where_its_columns_are(on_duckdb):
    offered = {each.code for each in available(["orders", "revenue"])}
    assert {"orders", "average_order", "lifecycle", "bought_store"} <= offered
    assert not offered & {"tier", "discount_share", "p_alive"}
    assert "p_alive" in {each.code for each in available([], ["p_alive"])}
    sources, _ = on_duckdb
    small = Sources(**{**vars(sources), "customer_summary": sources.customer_summary.drop("tier")})
    with pytest.raises(ValueError, match="tier"):
        members(Group("all", (Condition("tier", "empty"),)), small)
    alone = Sources(**{**vars(sources), "model": lambda: None})
    with pytest.raises(ValueError, match="no forecast"):
        members(Group("all", (Condition("p_alive", "at_least", 0.5),)), alone)
