"""Rules to start from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from analytics.rules.rule import Condition, Group

TEMPLATES: Final[Mapping[str, Group]] = MappingProxyType(
    {
        "lapsed_valuable": Group(
            "all",
            (Condition("lifecycle", "one_of", ("lapsed",)), Condition("m", "at_least", 4)),
        ),
        "bought_once_lately": Group(
            "all", (Condition("orders", "equals", 1), Condition("last_day", "in_last", 90))
        ),
        "slipping_away": Group("all", (Condition("rfm_segment", "one_of", ("at_risk", "cannot_lose")),)),
        "best_not_members": Group(
            "all",
            (
                Condition("rfm_segment", "one_of", ("champions", "regulars")),
                Group("any", (Condition("member", "no"), Condition("member", "empty"))),
            ),
        ),
        "members_never_bought": Group("all", (Condition("member", "yes"), Condition("orders", "equals", 0))),
        "buys_on_discount": Group(
            "all", (Condition("discount_share", "at_least", 0.2), Condition("orders", "at_least", 2))
        ),
    }
)
"""By code; ``lapsed_valuable``: of the best two fifths by money."""


def for_grid(rule: Group, bins: int) -> Group:
    """Return a template as it is meant on a grid of 3 to 5 scores: at most the best two fifths stay so.

    Examples
    --------
    >>> [for_grid(TEMPLATES["lapsed_valuable"], bins).children[1].value for bins in (3, 4, 5)]
    [3, 4, 4]
    """
    best = math.ceil(0.6 * bins) + 1
    children = tuple(
        for_grid(each, bins)
        if isinstance(each, Group)
        else replace(each, value=best)
        if each.field in ("r", "f", "m") and each.operator == "at_least"
        else each
        for each in rule.children
    )
    return replace(rule, children=children)
