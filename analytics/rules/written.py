"""A rule as plain data: JSON, TOML, and a short code that changes when the rule does.

A group is ``{"all": [...]}`` or ``{"any": [...]}``, with ``"not": true`` where it is negated; a
condition is ``{"field": "orders", "is": "at_least", "value": 3}``. Dates are ISO texts.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import Any, Final, cast

import tomli_w

from analytics.rules.rule import DEEPEST, Condition, Group, Node, Value

_DAYS: Final = frozenset({"since", "until", "from_to"})
_GROUP: Final = frozenset({"all", "any", "not"})
_CONDITION: Final = frozenset({"field", "is", "value"})


def to_dict(rule: Node) -> dict[str, Any]:
    """Return a rule as dictionaries, lists, texts and numbers.

    Examples
    --------
    >>> to_dict(Group("all", (Condition("orders", "at_least", 3),)))
    {'all': [{'field': 'orders', 'is': 'at_least', 'value': 3}]}
    """
    if isinstance(rule, Group):
        written: dict[str, Any] = {rule.join: [to_dict(child) for child in rule.children]}
        return {**written, "not": True} if rule.negate else written
    written = {"field": rule.field, "is": rule.operator}
    return written if rule.value is None else {**written, "value": _plain(rule.value)}


def from_dict(written: Any) -> Group:
    """Read a rule back.

    Raises
    ------
    ValueError : it is not a rule; the message says where it goes wrong.
    """
    found = _node(written, 1)
    return found if isinstance(found, Group) else Group("all", (found,))


def to_json(rule: Node) -> str:
    """Return a rule as one line of JSON, the same for equal rules."""
    return json.dumps(to_dict(rule), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Group:
    """Read a rule from JSON.

    Raises
    ------
    ValueError : it is not JSON, or not a rule.
    """
    try:
        return from_dict(json.loads(text))
    except RecursionError as error:
        raise ValueError(f"A rule can be {DEEPEST} groups deep; this text is far deeper.") from error


def to_toml(rule: Node) -> str:
    """Return a rule as TOML."""
    return tomli_w.dumps(to_dict(rule))


def from_toml(text: str) -> Group:
    """Read a rule from TOML.

    Raises
    ------
    ValueError : it is not TOML, or not a rule.
    """
    try:
        return from_dict(tomllib.loads(text))
    except RecursionError as error:
        raise ValueError(f"A rule can be {DEEPEST} groups deep; this text is far deeper.") from error


def code_of(rule: Node, *more: object) -> str:
    """Return twelve letters that stand for a rule (and what else decides whom it picks)."""
    text = "\x1f".join([to_json(rule), *(repr(each) for each in more)])
    return blake2b(text.encode("utf-8", errors="surrogatepass"), digest_size=6).hexdigest()


def _node(written: Any, depth: int) -> Node:
    if not isinstance(written, Mapping):
        raise ValueError(f"A rule is made of tables; got {str(written)[:80]!r}.")
    if depth > DEEPEST + 1:
        raise ValueError(f"A rule can be {DEEPEST} groups deep.")
    if "field" in written:
        return _condition(written)
    joins = [join for join in ("all", "any") if join in written]
    if len(joins) != 1 or not set(written) <= _GROUP:
        raise ValueError(f"A group has 'all' or 'any', and perhaps 'not'; got {sorted(map(str, written))}.")
    children, negate = written[joins[0]], written.get("not", False)
    if not isinstance(children, list | tuple) or not isinstance(negate, bool):
        raise ValueError(f"'{joins[0]}' needs a list, and 'not' true or false.")
    nodes = tuple(_node(child, depth + 1) for child in children)
    return Group(cast(Any, joins[0]), nodes, negate)


def _condition(written: Mapping[str, Any]) -> Condition:
    if not set(written) <= _CONDITION or not isinstance(written["field"], str):
        raise ValueError(f"A condition has 'field', 'is' and 'value'; got {sorted(map(str, written))}.")
    operator = str(written.get("is", ""))
    value = written.get("value")
    if operator in _DAYS:
        value = [_day(each) for each in value] if isinstance(value, list | tuple) else _day(value)
    return Condition(written["field"], operator, tuple(value) if isinstance(value, list) else value)


def _day(written: Any) -> Any:
    try:
        return date.fromisoformat(written) if isinstance(written, str) else written
    except ValueError as error:
        raise ValueError(f"A date is written like 2026-11-22; got {written[:40]!r}.") from error


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_plain(cast(Value, each)) for each in value]
    return value.isoformat() if isinstance(value, date) else value
