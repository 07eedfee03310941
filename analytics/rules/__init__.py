"""Rules that pick customers: nested AND and OR over what is known of each, as one expression."""

from __future__ import annotations

from analytics.rules.fields import FIELDS, OPERATORS, Field, available, field
from analytics.rules.picking import Sources, counts, members, profiles
from analytics.rules.rule import Condition, Group, Node, Value
from analytics.rules.written import code_of, from_dict, from_json, from_toml, to_dict, to_json, to_toml

__all__ = [
    "FIELDS",
    "OPERATORS",
    "Condition",
    "Field",
    "Group",
    "Node",
    "Sources",
    "Value",
    "available",
    "code_of",
    "counts",
    "field",
    "from_dict",
    "from_json",
    "from_toml",
    "members",
    "profiles",
    "to_dict",
    "to_json",
    "to_toml",
]
