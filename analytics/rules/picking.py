"""From a rule to the customers it picks: one expression over the marts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from analytics.reach import CHANNELS
from analytics.rules.fields import Field, field
from analytics.rules.rule import Condition, Group, Node

TOLERANCE: Final = 1e-6
"""Amounts closer than this are equal: sums in floating point differ in their last digits."""

REACHABLE: Final = tuple(f"reachable_{channel}" for channel in CHANNELS)

_RECENT_DAYS: Final = {"orders_90": 90, "orders_365": 365, "revenue_365": 365}


@dataclass(frozen=True)
class Sources:
    """The tables a rule is asked of; those that cost something are asked for only when needed.

    Parameters
    ----------
    customer_summary, orders, order_categories : ibis Table
        The marts of those names.
    as_of : date
        "Today": the last day of the data.
    lifecycle : callable
        -> ``lifecycle.assign`` as of that day.
    rfm : callable
        -> ``customer_key``, ``r``, ``f``, ``m``, ``rfm_segment``; None without customers.
    model : callable
        -> ``customer_key`` and the outputs of a forecast; None without one.
    currency : str, optional
        Of recent revenue; None where there is only one.
    """

    customer_summary: ir.Table
    orders: ir.Table
    order_categories: ir.Table
    as_of: date
    lifecycle: Callable[[], ir.Table]
    rfm: Callable[[], ir.Table | None]
    model: Callable[[], ir.Table | None] = lambda: None
    currency: str | None = None


def members(rule: Node, sources: Sources) -> ir.Table:
    """Return the customers a rule picks.

    Staff is left out unless a condition of the rule is about ``kind``; a customer who never bought
    is not.

    Returns
    -------
    ibis Table: ``customer_key``, one row per customer.

    Raises
    ------
    ValueError : the tables lack what a condition asks about.
    """
    asked = _asked(rule, sources, ())
    return asked.filter(_holds(rule, asked, _lines_of(rule), sources.as_of)).select("customer_key")


def profiles(rule: Node, sources: Sources, columns: Sequence[str]) -> ir.Table:
    """Return the customers a rule picks with fields of the catalogue (and ``customer_id``) as columns."""
    known = [column for column in columns if column != "customer_id"]
    asked = _asked(rule, sources, tuple(field(column) for column in known))
    picked = asked.filter(_holds(rule, asked, _lines_of(rule), sources.as_of))
    return picked.select("customer_key", *dict.fromkeys(["customer_id", *columns]))


def counts(rule: Node, sources: Sources) -> ir.Table:
    """Count in one pass whom a rule picks, among how many, and how many of them can be written to.

    Returns
    -------
    ibis Table, one row
        ``customers``, ``buyers`` (those with a purchase), ``revenue``, ``margin`` (all time),
        ``everyone``, ``all_revenue`` (staff left out unless the rule is about ``kind``), ``reachable``
        (by any channel) and ``reachable_<channel>``: null where no consents are known.
    """
    more = [field(code) for code in ("orders", "revenue", "margin")]
    has_reach = set(REACHABLE) <= set(sources.customer_summary.columns)
    if has_reach:
        more += [field(code) for code in ("reachable", *REACHABLE)]
    asked = _asked(rule, sources, tuple(more))
    asked = asked.mutate(picked=_holds(rule, asked, _lines_of(rule), sources.as_of))
    zero = ibis.literal(0.0)
    found = {
        "customers": asked.picked.cast("int64").sum().coalesce(0),
        "buyers": (asked.picked & (asked.orders > 0)).cast("int64").sum().coalesce(0),
        "revenue": ibis.ifelse(asked.picked, asked.revenue, zero).sum().coalesce(0.0),
        "margin": ibis.ifelse(asked.picked, asked.margin, zero).sum().coalesce(0.0),
        "everyone": asked.count(),
        "all_revenue": asked.revenue.sum().coalesce(0.0),
    }
    for column in ("reachable", *REACHABLE):
        known = (
            ibis.ifelse(
                asked[column].isnull(), ibis.null("int64"), (asked[column] & asked.picked).cast("int64")
            )
            if has_reach
            else ibis.null("int64")
        )
        found[column] = known.sum() if has_reach else known
    return asked.aggregate(**found)


def _asked(rule: Node, sources: Sources, more: tuple[Field, ...]) -> ir.Table:
    """One row per customer with a column for every field the rule (and the caller) asks about."""
    conditions = _conditions(rule)
    wanted = {each.code: each for each in (*(field(c.field) for c in conditions), *more)}
    table = sources.customer_summary
    if "kind" not in {condition.field for condition in conditions}:
        table = table.filter(table.kind != "internal")
    own = [each for each in wanted.values() if each.source == "summary"]
    _require(own, table.columns, "customer_summary")
    selected = {each.code: _from_summary(each.code, table, sources.as_of) for each in own}
    table = table.select("customer_key", "customer_id", **selected)
    for source in ("recent", "lifecycle", "rfm", "model"):
        theirs = [each for each in wanted.values() if each.source == source]
        if theirs:
            table = _joined(table, _other(source, theirs, sources))
    recent = {code: table[code].coalesce(0) for code in _RECENT_DAYS if code in table.columns}
    table = table.mutate(**recent) if recent else table
    for condition, name in _lines_of(rule).items():
        table = _joined(table, _bought(condition, name, sources))
    return table


def _from_summary(code: str, table: ir.Table, as_of: date) -> ir.Value:
    today = ibis.literal(as_of)
    if code == "average_order":
        return table.revenue / table.orders.nullif(0)
    if code == "discount_share":
        before = table.revenue + table.discount
        return ibis.ifelse(before > TOLERANCE, table.discount / before, ibis.null("float64"))
    if code in ("days_since_last", "days_since_first"):
        day = table.last_day if code == "days_since_last" else table.first_day
        return today.delta(day, unit="day").cast("int32")
    if code == "reachable":
        known = [table[column] for column in REACHABLE]
        anyone = ibis.or_(*(column.fill_null(False) for column in known))
        return ibis.ifelse(ibis.and_(*(c.isnull() for c in known)), ibis.null("boolean"), anyone)
    if field(code).kind == "date":
        return table[code].cast("date")
    if field(code).kind == "text":
        return table[code].cast("string").nullif("")
    return table[code]


def _other(source: str, fields: list[Field], sources: Sources) -> ir.Table:
    if source == "recent":
        return _recent(sources).select("customer_key", *(each.code for each in fields))
    table = {"lifecycle": sources.lifecycle, "rfm": sources.rfm, "model": sources.model}[source]()
    if table is None:
        if source == "model":
            raise ValueError(
                f"The rule asks about {[each.code for each in fields]}, and there is no forecast."
            )
        nothing = {each.code: ibis.null("string" if each.kind == "text" else "int32") for each in fields}
        return sources.customer_summary.select("customer_key", **nothing)
    _require(fields, table.columns, source)
    return table.select("customer_key", **{each.code: table[each.needs[0]] for each in fields})


def _recent(sources: Sources) -> ir.Table:
    def since(days: int) -> ir.DateScalar:
        return ibis.literal(sources.as_of - timedelta(days=days))

    orders = sources.orders
    late = orders.filter(
        orders.customer_key.notnull()
        & (orders.day > since(365))
        & (orders.day <= ibis.literal(sources.as_of))
    )
    bought = late.is_purchase.cast("int32")
    counted = late.amount
    if sources.currency is not None:
        counted = ibis.ifelse(late.currency == sources.currency, late.amount, 0.0)
    return late.group_by("customer_key").aggregate(
        orders_90=ibis.ifelse(late.day > since(90), bought, 0).sum(),
        orders_365=bought.sum(),
        revenue_365=counted.sum(),
    )


def _bought(condition: Condition, name: str, sources: Sources) -> ir.Table:
    column = field(condition.field).needs[0]
    table = sources.order_categories if column == "category" else sources.orders
    inside = table.is_purchase & table[column].isin(_texts(condition))
    found = table.filter(inside & table.customer_key.notnull()).select("customer_key").distinct()
    return found.mutate(**{name: ibis.literal(True)})


def _lines_of(rule: Node) -> dict[Condition, str]:
    """The name of the column that says whether a customer bought what a condition asks for."""
    asked = dict.fromkeys(c for c in _conditions(rule) if field(c.field).source == "lines")
    return {condition: f"bought_{number}" for number, condition in enumerate(asked)}


def _joined(left: ir.Table, right: ir.Table) -> ir.Table:
    return left.left_join(right, "customer_key").drop("customer_key_right")


def _conditions(rule: Node) -> list[Condition]:
    return list(rule.conditions()) if isinstance(rule, Group) else [rule]


def _holds(rule: Node, table: ir.Table, lines: dict[Condition, str], as_of: date) -> ir.BooleanValue:
    """True or False for every customer, never null."""
    if isinstance(rule, Condition):
        if rule in lines:
            ever = table[lines[rule]].fill_null(False)
            return ever if rule.operator == "ever" else ~ever
        return _asks(rule, table[rule.field], as_of).fill_null(False)
    parts = [_holds(child, table, lines, as_of) for child in rule.children]
    if not parts:
        found = ibis.literal(rule.join == "all")
    else:
        found = ibis.and_(*parts) if rule.join == "all" else ibis.or_(*parts)
    return ~found if rule.negate else found


def _asks(condition: Condition, column: ir.Column, as_of: date) -> ir.BooleanValue:
    operator, value = condition.operator, condition.value
    if operator in ("empty", "not_empty"):
        return column.isnull() if operator == "empty" else column.notnull()
    if operator in ("yes", "no"):
        return column if operator == "yes" else ~column
    if operator in ("one_of", "none_of"):
        among = column.isin(_texts(condition))
        return among if operator == "one_of" else ~among
    if operator == "starts_with":
        return column.startswith(ibis.literal(value))
    if operator == "in_last":
        return (column > ibis.literal(as_of - timedelta(days=_days(value)))) & (column <= ibis.literal(as_of))
    low, high = _ends(operator, value)
    slack = 0 if isinstance(low, date) or isinstance(high, date) else TOLERANCE
    found = ibis.literal(True)
    if low is not None:
        found = found & (column >= (low - slack if slack else ibis.literal(low)))
    if high is not None:
        found = found & (column <= (high + slack if slack else ibis.literal(high)))
    return found


def _ends(operator: str, value: Any) -> tuple[Any, Any]:
    if operator in ("between", "from_to"):
        return value[0], value[1]
    if operator == "equals":
        return value, value
    return (value, None) if operator in ("at_least", "since") else (None, value)


def _texts(condition: Condition) -> list[str]:
    return [str(each) for each in condition.value] if isinstance(condition.value, tuple) else []


def _days(value: Any) -> int:
    return int(value)


def _require(fields: list[Field], columns: Sequence[str], table: str) -> None:
    missing = sorted({need for each in fields for need in each.needs} - set(columns))
    if missing:
        raise ValueError(f"The rule needs {missing}, which {table} lacks; it has {list(columns)}.")
