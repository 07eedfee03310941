"""One row per customer, and one row per customer and month."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from data import consent

_PROFILE: Final = (
    "member",
    "member_since",
    "joined_at",
    "tier",
    "region_code",
    "region",
    "district",
    "city",
    "postcode",
    "country",
    "lat",
    "lon",
    "geo_precision",
    "acquisition_channel",
    "acquisition_cost",
)


def customer_summary(
    orders: ir.Table,
    order_categories: ir.Table,
    keys: ir.Table,
    customers: ir.Table | None,
    consents: ir.Table | None,
    currency: str,
) -> ir.Table:
    """The mart ``customer_summary``: who each customer is and what they bought, all time.

    Parameters
    ----------
    orders, order_categories, keys : ibis Table
        Marts of this package.
    customers, consents : ibis Table or None
        Complete tables.
    currency : str
        Revenue and margin are of orders in this currency only; two currencies are never added.

    Returns
    -------
    ibis Table, one row per customer, also those without an order
        See docs/DATA.md. Counts are 0 and days empty where nothing was bought.
    """
    summary = _joined(keys, _profile(customers))
    summary = _joined(summary, _purchases(orders, currency))
    for name in ("channel", "store_id"):
        summary = _joined(summary, _favourite(orders.filter(orders.is_purchase), name))
    summary = _joined(summary, _favourite(order_categories.filter("is_purchase"), "category"))
    summary = _joined(summary, _reachable(customers, consents))
    summary = _joined(summary, _in_totals_only(summary, customers, consents))
    return summary.mutate(
        do_not_profile=summary.do_not_profile.fill_null(False),
        kind=summary.kind.fill_null("external"),
        member=summary.member.fill_null(False),
        orders=summary.orders.fill_null(0).cast("int32"),
        revenue=summary.revenue.fill_null(0.0),
        margin=summary.margin.fill_null(0.0),
        x20=_x20(summary.lon, summary.lat),
        y20=_y20(summary.lon, summary.lat),
    ).order_by("customer_key")


def customer_month(orders: ir.Table, summary: ir.Table, currency: str) -> ir.Table:
    """The mart ``customer_month``: each month in which a customer purchased.

    Returns
    -------
    ibis Table, one row per customer and month with a purchase
        ``customer_key``, ``cohort`` (month of the first purchase), ``month``, ``period`` (months since the
        cohort), ``orders``, ``revenue``, ``margin``, ``kind``, ``region_code``, ``first_channel``.
    """
    bought = orders.filter(orders.is_purchase & orders.customer_key.notnull())
    counted = bought.currency == currency
    months = bought.group_by("customer_key", "month").aggregate(
        orders=bought.count().cast("int32"),
        revenue=ibis.ifelse(counted, bought.amount, 0.0).sum(),
        margin=ibis.ifelse(counted, bought.margin, 0.0).sum(),
    )
    facts = summary.select("customer_key", "kind", "region_code", "first_channel", "first_day")
    months = months.inner_join(facts, "customer_key")
    cohort = months.first_day.truncate("M").cast("date")
    period = (months.month.year() - cohort.year()) * 12 + (months.month.month() - cohort.month())
    return (
        months.mutate(cohort=cohort, period=period.cast("int32"))
        .drop("first_day")
        .order_by("month", "customer_key")
    )


def _joined(left: ir.Table, right: ir.Table | None) -> ir.Table:
    if right is None:
        return left
    key = "customer_key" if "customer_key" in right.columns else "customer_id"
    return left.left_join(right, key).drop(f"{key}_right")


def _profile(customers: ir.Table | None) -> ir.Table:
    if customers is None:
        raise ValueError("customer_summary() needs a customers table; an empty one will do.")
    return customers.select("customer_id", "kind", *_PROFILE)


def _purchases(orders: ir.Table, currency: str) -> ir.Table:
    known = orders.filter(orders.customer_key.notnull())
    counted = known.currency == currency
    first = known.nth.fill_null(0) == 1
    return known.group_by("customer_key").aggregate(
        first_day=known.day.min(where=known.is_purchase),
        last_day=known.day.max(where=known.is_purchase),
        orders=known.is_purchase.cast("int32").sum(),
        revenue=ibis.ifelse(counted, known.amount, 0.0).sum(),
        margin=ibis.ifelse(counted, known.margin, 0.0).sum(),
        discount=ibis.ifelse(counted, known.discount, 0.0).sum(),
        first_channel=known.channel.max(where=first),
        first_store_id=known.store_id.max(where=first),
    )


def _favourite(facts: ir.Table, name: str) -> ir.Table:
    """The value of a column each customer bought with most often, and with first (category only)."""
    known = facts.filter(facts.customer_key.notnull() & facts[name].notnull())
    counts = known.group_by("customer_key", name).aggregate(times=known.count(), spent=known.amount.sum())
    rank = ibis.row_number().over(
        group_by=counts.customer_key,
        order_by=[ibis.desc(counts.times), ibis.desc(counts.spent), counts[name]],
    )
    main = counts.mutate(rank=rank).filter(lambda t: t.rank == 0)
    main = main.select("customer_key", **{f"main_{name}": main[name]})
    if name != "category":
        return main
    first = known.filter(known.nth == 1)
    first = first.group_by("customer_key").aggregate(first_category=first.category.argmax(first.amount))
    return _joined(main, first)


def _reachable(customers: ir.Table | None, consents: ir.Table | None) -> ir.Table | None:
    """Whether a customer agreed to marketing by a channel and left a contact that can be used.

    None of it is known without the consents table: then the columns are empty, not False.
    """
    if customers is None:
        return None
    if consents is None:
        unknown = {f"reachable_{channel}": ibis.null("boolean") for channel in consent.CONTACT_OF}
        return customers.select("customer_id", **unknown)
    return consent.reachable(customers, consents)


def _in_totals_only(summary: ir.Table, customers: ir.Table | None, consents: ir.Table | None) -> ir.Table:
    """Who is in totals only (``data.consent.unprofiled``): ``customer_id``, ``do_not_profile``."""
    against = consent.unprofiled(customers, consents)
    if against is None:
        return summary.select("customer_id", do_not_profile=ibis.literal(False))
    return against.mutate(do_not_profile=ibis.literal(True))


def _x20(lon: ir.FloatingValue, lat: ir.FloatingValue) -> ir.IntegerValue:
    """Web-mercator tile column at zoom 20; a coarser zoom is a right shift."""
    side = 1 << 20
    x = ((lon + 180.0) / 360.0 * side).floor().clip(0, side - 1)
    return ibis.ifelse(lat.notnull(), x, ibis.null("float64")).cast("int32")


def _y20(lon: ir.FloatingValue, lat: ir.FloatingValue) -> ir.IntegerValue:
    """Web-mercator tile row at zoom 20, from the north."""
    side = 1 << 20
    phi = lat.clip(-85.05112877980659, 85.05112877980659).radians()
    mercator = (phi.tan() + 1.0 / phi.cos()).ln() / 3.141592653589793
    y = ((1.0 - mercator) / 2.0 * side).floor().clip(0, side - 1)
    return ibis.ifelse(lon.notnull(), y, ibis.null("float64")).cast("int32")
