"""Rules to start from."""

from __future__ import annotations

from collections.abc import Mapping
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
