"""The tables of a merchant with people in place of customer ids: everything downstream sees one customer.

A person's ``customer_id`` is the ``person_id`` of the table ``people``: the id it had before, else the
merchant's own id before a system's, then the first in order. In one row of ``customers``:

- name, phone and e-mail: the first that is written out and can be used, the person's own row first;
- the place: all of it from the row that is placed best;
- ``member``, ``do_not_profile`` and the like: true where any row says so;
- joined, and member since: the earliest; what winning them cost: added up;
- staff where any row is staff, reseller where any is one; anything else: the first that is known.
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from data import consent
from data.schema import GEO_PRECISIONS

PEOPLE: Final = "people"
MERGED: Final = "customers_merged"
OF_CUSTOMERS: Final = ("transactions", "consents", "feedback")
"""Tables whose customer ids become people."""

_PLACE: Final = (
    *("postcode", "village", "subdistrict", "district", "city", "region", "country"),
    *("lat", "lon", "geo_precision", "region_code"),
)
_EARLIEST: Final = ("joined_at", "member_since")
_WRITTEN_OUT: Final = r"^[^*]+$"
_LAST: Final = 1_000_000


def with_person(table: ir.Table, people: ir.Table) -> ir.Table:
    """A table whose ``customer_id`` is the person's.

    Parameters
    ----------
    table : ibis Table
        With ``customer_id``; empty where no customer is known.
    people : ibis Table
        ``customer_id``, ``person_id``.

    Returns
    -------
    ibis Table
        The same columns and rows.
    """
    known = people.select(merged_id=people.customer_id, person_id=people.person_id)
    joined = table.left_join(known, table.customer_id == known.merged_id)
    return joined.select(
        **{
            column: ibis.coalesce(joined.person_id, joined.customer_id)
            if column == "customer_id"
            else joined[column]
            for column in table.columns
        }
    )


def merged_customers(customers: ir.Table, people: ir.Table) -> ir.Table:
    """The customer table with one row a person.

    Parameters
    ----------
    customers : ibis Table
        As imported; columns may be absent.
    people : ibis Table
        ``customer_id``, ``person_id``.

    Returns
    -------
    ibis Table
        The columns of ``customers``. Nobody who was not merged is changed.
    """
    alone = customers.filter(~customers.customer_id.isin(people.customer_id))
    known = people.select("customer_id", "person_id")
    rows = customers.inner_join(known, "customer_id")
    rank = ibis.row_number().over(
        group_by=rows.person_id,
        order_by=[(rows.customer_id != rows.person_id).cast("int32"), rows.customer_id],
    )
    rows = rows.mutate(rank=rank.cast("int64"))
    place = [column for column in _PLACE if column in customers.columns]
    others = [c for c in customers.columns if c not in place and c != "customer_id"]
    merged = rows.group_by("person_id").aggregate(
        records=rows.count(), **{column: _one(rows, column) for column in others}
    )
    if place:
        merged = merged.inner_join(_best_place(rows, place), "person_id")
    schema = customers.schema()
    together = merged.select(
        **{
            column: merged["person_id" if column == "customer_id" else column].cast(schema[column])
            for column in customers.columns
        }
    )
    return alone.union(together)


def _one(rows: ir.Table, column: str) -> ir.Value:
    value = rows[column]
    if column == "kind":
        weight = ibis.cases((value == "internal", 2), (value == "reseller", 1), else_=0)
        return value.argmax(weight * _LAST - rows.rank, where=value.notnull())
    if value.type().is_boolean():
        return value.cast("int32").max() == 1
    if column in _EARLIEST:
        return value.min()
    if column == "acquisition_cost":
        return value.sum()
    order = rows.rank
    if column in ("email", "phone"):
        order = order + ibis.ifelse(consent.usable(value, column), 0, _LAST)
    if column == "name":
        order = order + ibis.ifelse(value.re_search(_WRITTEN_OUT), 0, _LAST)
    if column == "tier" and "member" in rows.columns:
        order = order + ibis.ifelse(rows.member.fill_null(False), 0, _LAST)
    return value.argmin(order, where=value.notnull())


def _best_place(rows: ir.Table, place: list[str]) -> ir.Table:
    if "geo_precision" in place:
        found = [(rows.geo_precision == code, number) for number, code in enumerate(GEO_PRECISIONS)]
        precision: ir.Value = ibis.cases(*found, else_=len(GEO_PRECISIONS))
    else:
        precision = ibis.literal(0)
    best = ibis.row_number().over(group_by=rows.person_id, order_by=[precision, rows.rank])
    return rows.mutate(best=best).filter(lambda t: t.best == 0).select("person_id", *place)
