"""The one rule of consent: who may be written to, by which channel, for which purpose, as of when.

Every list, count and file of people to write to asks this module (through the marts' ``reachable_*``
columns or directly), so that a "no" is kept everywhere at the same moment.

- The latest statement of a customer about a channel and a purpose counts; of two at the same
  moment, the "no".
- A "no" without a channel (or with ``all``) is about every channel; a "yes" without a channel is about none,
  since consent has to be specific.
- A statement without a purpose is about marketing; a "no" with the purpose ``all`` is about every purpose.
- Nothing said is no consent.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir

from data.people.normal import FAKE_EMAIL

MARKETING: Final = "marketing"
PROFILING: Final = "profiling"
EVERY: Final = "all"
"""Channel or purpose of a statement about all of them; an empty channel means the same."""

CONTACT_OF: Final = {"email": "email", "whatsapp": "phone", "sms": "phone", "phone": "phone"}
"""Channel -> the column of ``customers`` it is reached by."""

CONTACT_PATTERNS: Final = {
    "email": r"^[^@\s*]+@[^@\s*]+\.[^@\s*]+$",
    "phone": r"^\+?[0-9][0-9 ()-]{6,}$",
}
"""What a contact that can be used looks like: whole and unmasked."""

_MADE_UP: Final = {
    "email": FAKE_EMAIL,
    "phone": "(" + "|".join(f"(?:{digit}[ ()-]*){{7}}" for digit in range(10)) + ")$",
}
"""Typed to fill a field: such a contact merges nobody (``data.people.normal``) and reaches nobody."""


def usable(value: ir.StringValue, contact: str) -> ir.BooleanValue:
    """Whether a contact is whole, unmasked and not made up; an empty one is not.

    Parameters
    ----------
    value : ibis text column
    contact : str
        ``email`` or ``phone``.
    """
    written = value.fill_null("").strip()
    return written.re_search(CONTACT_PATTERNS[contact]) & ~written.lower().re_search(_MADE_UP[contact])


def latest(
    consents: ir.Table,
    purpose: str = MARKETING,
    as_of: date | None = None,
    channels: tuple[str, ...] = tuple(CONTACT_OF),
) -> ir.Table:
    """What each customer last said about each channel, for a purpose.

    Parameters
    ----------
    consents : ibis Table
        The table of that name.
    purpose : str
    as_of : date, optional
        Statements after that day do not count yet. Default: all count.
    channels : tuple of str

    Returns
    -------
    ibis Table, one row per customer and channel that something was said about
        ``customer_id``, ``channel``, ``state`` (granted | withdrawn), ``at``.
    """
    said = _about(consents, purpose, as_of)
    every = (said.channel == "") | (said.channel == EVERY)
    spread = [
        said.filter((said.channel == channel) | (every & (said.state == "withdrawn"))).mutate(
            channel=ibis.literal(channel)
        )
        for channel in channels
    ]
    return _newest(ibis.union(*spread) if len(spread) > 1 else spread[0], "channel")


def reachable(
    customers: ir.Table, consents: ir.Table, purpose: str = MARKETING, as_of: date | None = None
) -> ir.Table:
    """Whether each customer may be written to by each channel, and left a contact that can be used.

    Parameters
    ----------
    customers : ibis Table
        ``customer_id``, ``email``, ``phone``.
    consents, purpose, as_of
        As in :func:`latest`.

    Returns
    -------
    ibis Table, one row per customer
        ``customer_id``, ``reachable_<channel>`` (bool).
    """
    last = latest(consents, purpose, as_of)
    agreed = last.group_by("customer_id").aggregate(
        **{
            f"agreed_{channel}": ((last.channel == channel) & (last.state == "granted")).cast("int32").max()
            for channel in CONTACT_OF
        }
    )
    both = customers.select("customer_id", "email", "phone").left_join(agreed, "customer_id")
    return both.select(
        "customer_id",
        **{
            f"reachable_{channel}": (both[f"agreed_{channel}"].fill_null(0) == 1)
            & usable(both[contact], contact)
            for channel, contact in CONTACT_OF.items()
        },
    )


def with_contact(customers: ir.Table) -> ir.Table:
    """Who left a telephone number or an email address that can be used, whatever was said of consent.

    Parameters
    ----------
    customers : ibis Table
        The table of that name.

    Returns
    -------
    ibis Table
        ``customer_id``.
    """
    contacts = [usable(customers[contact], contact) for contact in CONTACT_PATTERNS]
    return customers.filter(ibis.or_(*contacts)).select("customer_id").distinct()


def stated(consents: ir.Table, purpose: str = MARKETING, as_of: date | None = None) -> ir.Table:
    """Whether each customer said yes by any channel, and no by any.

    Returns
    -------
    ibis Table, one row per customer who said anything
        ``customer_id``, ``agreed``, ``refused`` (bool).
    """
    last = latest(consents, purpose, as_of)
    return last.group_by("customer_id").aggregate(
        agreed=(last.state == "granted").cast("int32").max() == 1,
        refused=(last.state == "withdrawn").cast("int32").max() == 1,
    )


def unprofiled(customers: ir.Table | None, consents: ir.Table | None) -> ir.Table | None:
    """Customers who are in totals only: in no score and in no list.

    They are marked ``do_not_profile``, or the last they said of the purpose ``profiling`` (or ``all``),
    by whatever channel, is no.

    Returns
    -------
    ibis Table or None
        ``customer_id``, each once; None where neither table can say so.
    """
    found = []
    if customers is not None and "do_not_profile" in customers.columns:
        found.append(customers.filter(customers.do_not_profile.fill_null(False)).select("customer_id"))
    if consents is not None:
        last = _newest(_about(consents, PROFILING, None))
        found.append(last.filter(last.state == "withdrawn").select("customer_id"))
    if not found:
        return None
    return (ibis.union(*found) if len(found) > 1 else found[0]).distinct()


def _about(consents: ir.Table, purpose: str, as_of: date | None) -> ir.Table:
    """The statements that touch a purpose, channels in lower case and never null."""
    table = consents.mutate(
        channel=consents.channel.fill_null("").strip().lower(),
        purpose=consents.purpose.fill_null(MARKETING).strip().lower(),
    )
    touches = (table.purpose == purpose) | ((table.purpose == EVERY) & (table.state == "withdrawn"))
    if as_of is not None:
        after = ibis.literal(as_of + timedelta(days=1)).cast("timestamp")
        touches &= table["at"].isnull() | (table["at"] < after)
    return table.filter(touches).select("customer_id", "channel", "state", "at")


def _newest(said: ir.Table, *by: str) -> ir.Table:
    """The last statement of each customer (and channel); a "no" wins over a "yes" of the same moment.

    A statement without a day is older than any other.
    """
    keys = ["customer_id", *by]
    ordered = said.mutate(known=said["at"].notnull().cast("int32"))
    rank = ibis.row_number().over(
        group_by=[ordered[key] for key in keys],
        order_by=[ibis.desc(ordered.known), ibis.desc(ordered["at"]), ibis.desc(ordered.state)],
    )
    found = ordered.mutate(rank=rank).filter(lambda t: t["rank"] == 0)
    return found.select("customer_id", *by, "state", "at")
