"""A rule in the reader's words."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from analytics.rules import Condition, Group, field
from analytics.rules.fields import WITHOUT_VALUE, Field
from charts.escaping import plain_text
from data.audiences import Audience
from data.errors import DataError
from i18n.translator import Translator
from ui import errors
from ui.cached import audiences, people
from ui.filters import Filters
from ui.regions import region_name

_CHANNELS: Final = frozenset({"main_channel", "first_channel", "bought_channel", "acquisition_channel"})
_STORES: Final = frozenset({"main_store_id", "first_store_id", "bought_store"})
_SINGLE: Final = {"one_of": "is", "none_of": "is_not"}
_MOST: Final = 6


def field_name(code: str, t: Translator) -> str:
    """What a field is called."""
    return t(f"audiences.field.{code}")


def operator_name(asked: Field, operator: str, t: Translator) -> str:
    """What an operator is called; for a date or a purchase in other words than for a number."""
    special = f"audiences.op.{asked.kind}.{operator}"
    return t(special if t.has(special) else f"audiences.op.{operator}")


def value_name(code: str, value: Any, f: Filters, t: Translator) -> str:
    """One value of a field, as plain text."""
    if code == "region_code":
        return plain_text(region_name(str(value), t), 60)
    if code in _STORES:
        return plain_text(people.store_names(f.workspace, f.whole).get(str(value), str(value)), 60)
    if code in _CHANNELS:
        return plain_text(t.code("channel", value), 60)
    if code in ("lifecycle", "rfm_segment", "kind"):
        return t.code(code, value)
    return plain_text(value, 60)


def in_words(rule: Group, f: Filters, t: Translator) -> str:
    """The whole rule as one sentence; plain text."""
    said = _group(rule, f, t, outermost=True)
    return said or t("audiences.everyone")


def of_audience(audience: Audience, f: Filters, t: Translator) -> str:
    """The rule of a saved audience; for a fixed list, where it came from."""
    try:
        rule = audiences.rule_of(audience)
    except DataError as error:
        return errors.sentence(error, t)
    if rule is not None:
        return in_words(rule, f, t)
    return t("audiences.saved.list", words=audience.words)


def _group(rule: Group, f: Filters, t: Translator, *, outermost: bool = False) -> str:
    parts = [
        _group(child, f, t) if isinstance(child, Group) else condition_in_words(child, f, t)
        for child in rule.children
    ]
    parts = [part for part in parts if part]
    if not parts:
        return "" if rule.join == "all" and not rule.negate else t("audiences.nobody")
    joined = t("audiences.and" if rule.join == "all" else "audiences.or")
    said = f" {joined} ".join(parts) if len(parts) > 1 else parts[0]
    if rule.negate:
        return t("audiences.not", rule=said)
    return said if outermost or len(parts) == 1 else f"({said})"


def condition_in_words(condition: Condition, f: Filters, t: Translator) -> str:
    """One condition, such as "Orders at least 3"."""
    asked = field(condition.field)
    name, how = field_name(asked.code, t), operator_name(asked, condition.operator, t)
    if condition.operator in ("yes", "no"):
        return f"{name}: {how}"
    if condition.operator in WITHOUT_VALUE:
        return f"{name} {how}"
    if condition.operator in _SINGLE and isinstance(condition.value, tuple) and len(condition.value) == 1:
        how = t(f"audiences.op.{_SINGLE[condition.operator]}")
    return f"{name} {how} {_value(asked, condition, f, t)}"


def _value(asked: Field, condition: Condition, f: Filters, t: Translator) -> str:
    value: Any = condition.value
    if condition.operator in ("one_of", "none_of", "ever", "never"):
        named = [value_name(asked.code, each, f, t) for each in value]
        more = len(named) - _MOST
        said = ", ".join(named[:_MOST])
        return t("filters.and_more", first=said, n=t.number(more)) if more > 0 else said
    if condition.operator == "starts_with":
        return plain_text(value, 60)
    if condition.operator == "in_last":
        return t.plural("audiences.days", value)
    if isinstance(value, tuple):
        return t("audiences.range", low=_one(asked, value[0], f, t), high=_one(asked, value[1], f, t))
    return _one(asked, value, f, t)


def _one(asked: Field, value: Any, f: Filters, t: Translator) -> str:
    if isinstance(value, date):
        return t.date(value)
    if asked.kind == "money":
        return t.money(value, f.currency)
    if asked.kind == "share":
        return t.percent(value)
    return t.number(value, 0 if float(value).is_integer() else 2)
