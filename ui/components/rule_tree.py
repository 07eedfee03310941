"""The rule somebody is building: a tree in the session, in which a condition may still be open.

Each node has a number that stays, so that its widgets do too. A tree becomes a rule by leaving out the
conditions that are not finished.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import streamlit as st

from analytics.rules import Condition, Group, Node, field
from analytics.rules.fields import WITHOUT_VALUE
from analytics.rules.rule import DEEPEST

STATE: Final = "audiences.tree"
MODES: Final = ("all", "any", "none", "not_all")
"""How the parts of a group are joined: ``none`` is the opposite of any, ``not_all`` of all."""

_MODES: Final = {
    ("all", False): "all",
    ("any", False): "any",
    ("any", True): "none",
    ("all", True): "not_all",
}
_NUMBER: Final = "audiences.next"

Tree = dict[str, Any]


def current() -> Tree:
    """The tree of this session; at first a group with one open condition."""
    if STATE not in st.session_state:
        load(Group("all", ()))
    tree: Tree = st.session_state[STATE]
    return tree


def load(rule: Group) -> None:
    """Start from a rule."""
    tree = _tree(rule)
    if not tree["children"]:
        tree["children"].append(condition("orders"))
    st.session_state[STATE] = tree


def rule(tree: Tree) -> Group:
    """The finished part of a tree, as a rule."""
    found = _node(tree)
    return found if isinstance(found, Group) else Group("all")


def condition(code: str) -> Tree:
    """A new condition about a field, with its first operator and no value."""
    asked = field(code)
    return {"id": _next(), "field": code, "op": asked.operators[0], "value": None}


def group() -> Tree:
    """A new group with one condition."""
    return {"id": _next(), "mode": "any", "children": [condition("orders")]}


def find(number: int, tree: Tree | None = None) -> Tree | None:
    """The node of that number."""
    return next((each for each in walk(tree or current()) if each["id"] == number), None)


def walk(tree: Tree) -> Iterator[Tree]:
    """Every node, from the outermost in."""
    yield tree
    for child in tree.get("children", ()):
        yield from walk(child)


def remove(number: int) -> None:
    """Take a node out, with what is in it."""
    for each in walk(current()):
        if "children" in each:
            each["children"] = [child for child in each["children"] if child["id"] != number]


def depth(number: int, tree: Tree | None = None, level: int = 1) -> int:
    """How deep a group lies; the outermost is 1."""
    here = tree or current()
    if here["id"] == number:
        return level
    return max((depth(number, child, level + 1) for child in here.get("children", ())), default=0)


def may_nest(number: int) -> bool:
    """Whether a group may be put into this one."""
    return depth(number) < DEEPEST


def open_conditions(tree: Tree) -> int:
    """How many conditions are not finished."""
    return sum(1 for each in walk(tree) if "field" in each and _node(each) is None)


def _node(tree: Tree) -> Node | None:
    if "field" in tree:
        value = None if tree["op"] in WITHOUT_VALUE else tree["value"]
        try:
            return Condition(tree["field"], tree["op"], value)
        except ValueError:
            return None
    children = tuple(found for child in tree["children"] if (found := _node(child)) is not None)
    if not children:
        return None
    join, negate = next(pair for pair, mode in _MODES.items() if mode == tree["mode"])
    return Group(join, children, negate)  # type: ignore[arg-type]


def _tree(rule: Node) -> Tree:
    if isinstance(rule, Condition):
        return {"id": _next(), "field": rule.field, "op": rule.operator, "value": rule.value}
    children = [_tree(child) for child in rule.children]
    return {"id": _next(), "mode": _MODES[rule.join, rule.negate], "children": children}


def _next() -> int:
    st.session_state[_NUMBER] = int(st.session_state.get(_NUMBER, 0)) + 1
    return int(st.session_state[_NUMBER])
