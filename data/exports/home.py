"""Which country and currency a merchant's own files speak of: what a new workspace is taken to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from data.exports.looking import Seen
from data.importing.defaults import COUNTRIES

_COUNTRY_OF: Final = {money: country for country, (money, _) in COUNTRIES.items()}


def currency_of(seen: Sequence[Seen]) -> str:
    """The currency in which most orders of some files are; "" where no file says one.

    Parameters
    ----------
    seen : sequence of Seen
        As ``data.exports.looking.look`` gives them. A system of one country says its currency by itself, one
        of several by a column or its headers.

    Returns
    -------
    str
        ISO 4217. Of a file in several currencies each counts by its share of the money; a file counts by its
        orders.
    """
    votes: dict[str, float] = {}
    for one in seen:
        told = {code: abs(amount) for code, amount in one.money.items() if code}
        whole = sum(told.values())
        for code, amount in told.items():
            votes[code] = votes.get(code, 0.0) + (one.orders * amount / whole if whole else 0.0)
    return min(votes, key=lambda code: (-votes[code], code)) if votes else ""


def country_of(currency: str) -> str:
    """The country of a new workspace in a currency; "" where it is none of those that Setia knows.

    Examples
    --------
    >>> country_of("IDR"), country_of("EUR")
    ('ID', '')
    """
    return _COUNTRY_OF.get(currency, "")
