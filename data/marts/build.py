"""Builds every mart of a snapshot, in order, from its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from data import engines
from data.engines import Tables
from data.marts import cubes, customers, lines, orders
from data.people import apply, collect
from data.schema import MARTS
from data.settings import Engine
from data.snapshots import Draft
from data.workspaces import Config

Progress = Callable[[str], None]


def build_marts(
    draft: Draft,
    config: Config,
    engine: Engine | None = None,
    progress: Progress = lambda mart: None,
) -> dict[str, Any]:
    """Write the marts of a draft snapshot.

    Parameters
    ----------
    draft : Draft
        Holds at least the table ``transactions``.
    config : Config
        Margins, currency, hour at which the business day begins.
    engine : {"duckdb", "spark"}, optional
    progress : callable
        Called with the name of each mart before it is built.

    Returns
    -------
    dict
        Facts for the manifest: ``first_day``, ``as_of`` (ISO dates or None), ``currency``, ``currencies``,
        ``orders``, ``purchases``, ``customers``, ``people`` (see ``data.people.resolve.Found``).
    """
    who = collect.find(draft, config)
    tables = Tables(draft.as_snapshot(), engine)
    build = _Builder(draft, tables, progress)
    build.merge_people()
    sold = lines.net_lines(tables.table("transactions"), config.margin, config.margins)
    people = build.optional("customers")
    totals = build.staged(
        "totals",
        orders.order_totals(sold, config.day_starts_at_hour, config.currency, build.optional("settlements")),
    )
    keys = build.staged("keys", orders.customer_keys(totals, people))
    orders_mart = build.mart("orders", orders.orders(totals, keys, people, build.optional("stores")))
    facts = _facts(orders_mart, config.currency)
    categories = build.mart("order_categories", orders.order_categories(sold, orders_mart))
    summary = build.mart(
        "customer_summary",
        customers.customer_summary(
            orders_mart,
            categories,
            keys,
            people if people is not None else _nobody(keys),
            build.optional("consents"),
            facts["currency"],
        ),
    )
    months = build.mart("customer_month", customers.customer_month(orders_mart, summary, facts["currency"]))
    build.mart("daily", cubes.daily(orders_mart))
    build.mart("daily_category", cubes.daily_category(categories))
    build.mart("cohorts", cubes.cohorts(months))
    build.clean()
    return {**facts, "customers": int(summary.count().execute()), "people": who.as_json()}


class _Builder:
    """Writes an expression into the draft and reads it back, so that each is computed once."""

    def __init__(self, draft: Draft, tables: Tables, progress: Progress) -> None:
        self._draft = draft
        self._tables = tables
        self._progress = progress
        self._stages: list[str] = []

    def optional(self, name: str) -> ir.Table | None:
        if not self._tables.has(name):
            return None
        return lines.complete(self._tables.table(name), name)

    def merge_people(self) -> None:
        """One row a person beside the customer table, where anybody was merged."""
        if self._tables.has(apply.PEOPLE) and self._tables.has("customers"):
            people, customers = self._tables.raw(apply.PEOPLE), self._tables.raw("customers")
            self._written(apply.MERGED, apply.merged_customers(customers, people))

    def mart(self, name: str, expression: ir.Table) -> ir.Table:
        assert name in MARTS, name
        self._progress(name)
        return self._written(name, expression)

    def staged(self, name: str, expression: ir.Table) -> ir.Table:
        self._stages.append(f".stage-{name}")
        return self._written(self._stages[-1], expression)

    def clean(self) -> None:
        for stage in self._stages:
            folder = self._draft.folder(stage)
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()

    def _written(self, name: str, expression: ir.Table) -> ir.Table:
        folder = self._draft.folder(name)
        self._tables.write(expression, folder)
        return engines.read(folder, self._tables.engine)


def _nobody(keys: ir.Table) -> ir.Table:
    """The customer table of a merchant who has none: nobody known beyond the id."""
    return lines.complete(keys.select("customer_id").limit(0), "customers")


def _facts(orders_mart: ir.Table, currency: str) -> dict[str, Any]:
    by_currency = list(_currencies(orders_mart))
    main = currency if currency in by_currency or not by_currency else by_currency[0]
    span = (
        orders_mart.aggregate(
            first=orders_mart.day.min(),
            last=orders_mart.day.max(),
            orders=orders_mart.count(),
            purchases=orders_mart.is_purchase.cast("int64").sum(),
        )
        .to_pyarrow()
        .to_pylist()[0]
    )
    return {
        "first_day": _iso(span["first"]),
        "as_of": _iso(span["last"]),
        "currency": main,
        "currencies": by_currency,
        "orders": span["orders"],
        "purchases": span["purchases"] or 0,
    }


def _currencies(orders_mart: ir.Table) -> Iterator[str]:
    counts = orders_mart.group_by("currency").aggregate(n=orders_mart.count())
    for row in counts.order_by(ibis.desc("n"), "currency").to_pyarrow().to_pylist():
        yield row["currency"]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
