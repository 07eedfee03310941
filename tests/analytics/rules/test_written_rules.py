"""A rule survives being written down, and what is no rule is refused in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rules import Condition, Group, code_of, from_dict, from_json, from_toml, to_json, to_toml
from analytics.rules.templates import TEMPLATES

RULE = Group(
    "any",
    (
        Condition("tier", "one_of", ("gold", 'it\'s "odd"\n=1+1')),
        Group("all", (Condition("last_day", "from_to", (date(2025, 1, 1), date(2025, 2, 1))),), negate=True),
        Condition("discount_share", "between", (0.1, 0.5)),
        Condition("member", "yes"),
    ),
)


@pytest.mark.parametrize("rule", [RULE, Group("all"), *TEMPLATES.values()])
def test_a_rule_comes_back_from_json_and_toml_as_it_was(rule):
    assert from_json(to_json(rule)) == rule
    assert from_toml(to_toml(rule)) == rule


@given(texts=st.lists(st.text(max_size=50), min_size=1, max_size=4))
def test_any_text_survives_in_json(texts):
    rule = Group("all", (Condition("city", "one_of", tuple(texts)),))
    assert from_json(to_json(rule)) == rule


def test_the_code_follows_the_rule_and_not_the_order_of_its_values():
    one = Group("all", (Condition("city", "one_of", ("a", "b", "a")),))
    same = Group("all", (Condition("city", "one_of", ("b", "a")),))
    assert code_of(one) == code_of(same)
    assert code_of(one) != code_of(Group("all", one.children, negate=True))
    assert code_of(one, 90) != code_of(one, 91)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"all": [{"field": "shoe_size", "is": "at_least", "value": 3}]}, "shoe_size"),
        ({"all": [{"field": "orders", "is": "one_of", "value": ["3"]}]}, "one_of"),
        ({"all": [{"field": "orders", "is": "at_least", "value": "3"}]}, "a number"),
        ({"all": [{"field": "orders", "is": "at_least", "value": True}]}, "a number"),
        ({"all": [{"field": "orders", "is": "at_least", "value": float("nan")}]}, "a number"),
        ({"all": [{"field": "orders", "is": "at_least", "value": 10**400}]}, "a number"),
        ({"all": [{"field": "orders", "is": "at_least"}]}, "a number"),
        ({"all": [{"field": "orders", "is": "between", "value": [5, 1]}]}, "smaller first"),
        ({"all": [{"field": "orders", "is": "between", "value": [1, 2, 3]}]}, "two numbers"),
        ({"all": [{"field": "tier", "is": "one_of", "value": []}]}, "1 to 1000 texts"),
        ({"all": [{"field": "lifecycle", "is": "one_of", "value": ["best"]}]}, "lapsed"),
        ({"all": [{"field": "last_day", "is": "since", "value": "22/11/2026"}]}, "2026-11-22"),
        ({"all": [{"field": "last_day", "is": "in_last", "value": 0}]}, "days"),
        ({"all": [{"field": "member", "is": "yes", "value": 1}]}, "no value"),
        ({"all": [{"field": "tier", "is": "empty", "extra": 1}]}, "extra"),
        ({"all": [], "any": []}, "'all' or 'any'"),
        ({"all": [], "not": "yes"}, "true or false"),
        ({"all": {}}, "list"),
        ({}, "'all' or 'any'"),
        ([], "tables"),
        ("orders > 3", "tables"),
        ({"all": [{"field": ["orders"], "is": "empty"}]}, "condition"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(written, said):
    with pytest.raises(ValueError, match=said):
        from_dict(written)


def test_a_rule_too_deep_or_too_long_is_refused():
    deep: dict = {"all": []}
    for _ in range(6):
        deep = {"all": [deep]}
    with pytest.raises(ValueError, match="deep"):
        from_dict(deep)
    with pytest.raises(ValueError, match="deep"):
        from_json("[" * 100_000)
    with pytest.raises(ValueError, match="60 conditions"):
        Group("all", tuple(Condition("orders", "at_least", n) for n in range(61)))
    with pytest.raises(ValueError, match="joins"):
        Group("none")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="conditions and groups"):
        Group("all", ("orders",))  # type: ignore[arg-type]
