"""The editor of rules: groups of conditions, each of ordinary widgets, so that the keyboard is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st

from analytics.rules import Field, field
from analytics.rules.fields import WITHOUT_VALUE
from analytics.rules.rule import MOST_VALUES
from analytics.rules.templates import TEMPLATES, for_grid
from charts.amounts import symbol
from i18n.translator import Translator
from ui.cached import audiences as cached
from ui.components import rule_tree
from ui.components.rule_tree import MODES, Tree
from ui.components.rule_words import field_name, operator_name, value_name
from ui.filters import Filters

_TEMPLATE: Final = "audiences.template"
_LONG: Final = frozenset({"one_of", "none_of", "ever", "never"})


def start(f: Filters, t: Translator) -> None:
    """The choice of a template to start from."""
    known = {each.code for each in cached.offered(f.workspace, f.whole)}
    fitting = [code for code, rule in TEMPLATES.items() if {c.field for c in rule.conditions()} <= known]

    def chosen() -> None:
        code = st.session_state[_TEMPLATE]
        if code in TEMPLATES:
            bins = cached.yardstick(f.workspace, f.whole).scoring.bins
            rule_tree.load(for_grid(TEMPLATES[code], bins))
            st.session_state.pop("audiences.editing", None)

    st.selectbox(
        t("audiences.template.label"),
        fitting,
        index=None,
        format_func=lambda code: t(f"audiences.template.{code}"),
        placeholder=t("audiences.template.placeholder"),
        key=_TEMPLATE,
        on_change=chosen,
    )


def editor(f: Filters, t: Translator) -> None:
    """Draw the tree of this session."""
    offered = cached.offered(f.workspace, f.whole)
    _group(rule_tree.current(), offered, f, t, outermost=True)


def _group(node: Tree, offered: Sequence[Field], f: Filters, t: Translator, *, outermost: bool) -> None:
    number = node["id"]
    with st.container(key=f"setia-rule-{number}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _mode(node, t)
            if not outermost:
                _button("remove", number, t, lambda: rule_tree.remove(number), "close")
        for child in list(node["children"]):
            if "field" in child:
                _condition(child, offered, f, t)
            else:
                _group(child, offered, f, t, outermost=False)
        with st.container(horizontal=True, gap="small"):
            _button("add", number, t, lambda: node["children"].append(rule_tree.condition("orders")), "add")
            if rule_tree.may_nest(number):
                _button("nest", number, t, lambda: node["children"].append(rule_tree.group()), "account_tree")


def _mode(node: Tree, t: Translator) -> None:
    key = _key(node, "mode")
    st.session_state[key] = node["mode"]
    st.selectbox(
        t("audiences.mode.label"),
        MODES,
        format_func=lambda code: t(f"audiences.mode.{code}"),
        key=key,
        on_change=lambda: node.update(mode=st.session_state[key]),
        label_visibility="collapsed",
        width=280,
    )


def _button(what: str, number: int, t: Translator, act: Callable[[], None], icon: str) -> None:
    """A small button with its word: an icon alone says nothing to those who only hear it."""
    st.button(
        t(f"audiences.edit.{what}"),
        icon=f":material/{icon}:",
        type="tertiary",
        on_click=act,
        key=f"audiences.{what}.{number}",
    )


def _condition(node: Tree, offered: Sequence[Field], f: Filters, t: Translator) -> None:
    number = node["id"]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"setia-if-{number}"):
        _field(node, offered, t)
        _operator(node, t)
        if node["op"] not in WITHOUT_VALUE:
            _value(node, f, t)
        _button("remove", number, t, lambda: rule_tree.remove(number), "close")


def _field(node: Tree, offered: Sequence[Field], t: Translator) -> None:
    key, codes = _key(node, "field"), [each.code for each in offered]
    if node["field"] not in codes:  # of a saved rule, about data that are gone
        codes.append(node["field"])
    st.session_state[key] = node["field"]

    def changed() -> None:
        node.update(field=st.session_state[key], op=field(st.session_state[key]).operators[0], value=None)

    st.selectbox(
        t("audiences.edit.field"),
        codes,
        format_func=lambda code: f"{t(f'audiences.section.{field(code).section}')} · {field_name(code, t)}",
        key=key,
        on_change=changed,
        label_visibility="collapsed",
        width=240,
    )


def _operator(node: Tree, t: Translator) -> None:
    key, asked = _key(node, "op"), field(node["field"])
    st.session_state[key] = node["op"]

    def changed() -> None:
        before, after = node["op"], st.session_state[key]
        kept = node["value"] if _shape(asked, before) == _shape(asked, after) else None
        node.update(op=after, value=kept)

    st.selectbox(
        t("audiences.edit.operator"),
        asked.operators,
        format_func=lambda code: operator_name(asked, code, t),
        key=key,
        on_change=changed,
        label_visibility="collapsed",
        width=160,
    )


def _shape(asked: Field, operator: str) -> str:
    """What the value looks like: it is kept where the next operator takes the same."""
    if operator in ("between", "from_to", "in_last", "starts_with"):
        return operator
    return "texts" if operator in _LONG else f"one {asked.kind}"


def _value(node: Tree, f: Filters, t: Translator) -> None:
    asked, operator = field(node["field"]), node["op"]
    if operator in _LONG:
        _texts(node, asked, f, t)
    elif operator == "starts_with":
        _put(node, "text", lambda key, **k: st.text_input(key=key, max_chars=60, width=200, **k), t)
    elif operator == "in_last":
        _put(node, "days", lambda key, **k: _number(key, 1.0, 36_600.0, 0, **k), t, whole=True)
        st.caption(t("audiences.edit.days"), width="content")
    elif operator in ("between", "from_to"):
        _pair(node, asked, f, t)
    else:
        _single(node, asked, "one", f, t)


def _texts(node: Tree, asked: Field, f: Filters, t: Translator) -> None:
    key, chosen = _key(node, "texts"), list(node["value"] or ())
    known = list(cached.values(f.workspace, f.whole, asked.code))
    st.session_state[key] = chosen
    st.multiselect(
        t("audiences.edit.value"),
        known + [each for each in chosen if each not in known],
        format_func=lambda value: value_name(asked.code, value, f, t),
        placeholder=t("filters.search"),
        key=key,
        on_change=lambda: node.update(value=tuple(st.session_state[key]) or None),
        max_selections=MOST_VALUES,
        accept_new_options=not asked.codes,
        select_all=False,
        label_visibility="collapsed",
        width=250,
    )


def _pair(node: Tree, asked: Field, f: Filters, t: Translator) -> None:
    value = list(node["value"] or (None, None))

    def keep(place: int, found: Any) -> None:
        value[place] = found
        node["value"] = tuple(value) if any(each is not None for each in value) else None

    _single(node, asked, "low", f, t, value[0], lambda found: keep(0, found))
    st.caption(t("audiences.edit.and"), width="content")
    _single(node, asked, "high", f, t, value[1], lambda found: keep(1, found))


def _single(
    node: Tree,
    asked: Field,
    name: str,
    f: Filters,
    t: Translator,
    value: Any = None,
    keep: Callable[[Any], None] | None = None,
) -> None:
    """One number or one day."""
    begin = node["value"] if keep is None else value
    keep = keep or (lambda found: node.update(value=found))
    if asked.kind == "date":
        _put(
            node,
            name,
            lambda key, **k: st.date_input(key=key, value=None, format="YYYY-MM-DD", width=150, **k),
            t,
            begin,
            keep,
        )
        return
    share = asked.kind == "share"
    shown = None if begin is None else float(begin) * (100 if share else 1)
    decimals = 0 if asked.kind == "number" and asked.source != "model" else 2
    if f.currency == "IDR" and asked.kind == "money":
        decimals = 0
    _put(
        node,
        name,
        lambda key, **k: _number(
            key, 0.0 if share else None, 100.0 if share else 1e15, 1 if share else decimals, **k
        ),
        t,
        shown,
        lambda found: keep(None if found is None else found / 100 if share else _tidy(found)),
    )
    if share or asked.kind == "money":
        st.caption("%" if share else symbol(f.currency), width="content")


def _put(
    node: Tree,
    name: str,
    draw: Callable[..., Any],
    t: Translator,
    begin: Any = ...,
    keep: Callable[[Any], None] | None = None,
    *,
    whole: bool = False,
) -> None:
    """Set a widget from the tree, draw it, and write back what is typed."""
    key = _key(node, name)
    start_with = node["value"] if begin is ... else begin
    if name == "text":
        start_with = start_with or ""
    st.session_state[key] = float(start_with) if whole and start_with is not None else start_with
    kept = keep or (lambda found: node.update(value=found))

    def changed() -> None:
        found = st.session_state[key]
        kept(int(found) if whole and found is not None else (None if found == "" else found))

    words: dict[str, Any] = {"label": t("audiences.edit.value"), "label_visibility": "collapsed"}
    if field(node["field"]).kind != "date" or whole:
        words["placeholder"] = t("audiences.edit.type")
    draw(key, on_change=changed, **words)


def _number(key: str, low: float | None, high: float, decimals: int, **more: Any) -> None:
    st.number_input(
        key=key,
        value=None,
        min_value=low,
        max_value=high,
        step=1.0,
        format=f"%.{decimals}f",
        width=150,
        **more,
    )


def _tidy(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


def _key(node: Tree, name: str) -> str:
    return f"audiences.{node['id']}.{node.get('field', '') if name != 'field' else ''}.{name}"
