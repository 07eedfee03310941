"""Amounts as figures write them: round ones without empty decimals, differences with their sign."""

from __future__ import annotations

from i18n.numbers import SYMBOLS
from i18n.translator import Translator


def round_money(value: float, currency: str, t: Translator) -> str:
    """An amount that is meant to be round: RM100 rather than RM100.00; RM2.50 stays.

    Examples
    --------
    >>> from i18n.translator import translator
    >>> [round_money(v, "MYR", translator("en")) for v in (100, 2.5, 1000)]
    ['RM100', 'RM2.50', 'RM1K']
    """
    empty = t.number(0, 2)[1:]
    return t.money_short(value, currency).removesuffix(empty)


def symbol(currency: str) -> str:
    """The currency as it stands in a label: RM, Rp, else its ISO code."""
    return SYMBOLS.get(currency, currency)


def whole_money(value: float, currency: str, t: Translator, *, sign: bool = False) -> str:
    """An amount to the whole unit, for totals that are read aloud; ``sign`` puts a plus before gains.

    Examples
    --------
    >>> from i18n.translator import translator
    >>> en, id_ = translator("en"), translator("id")
    >>> whole_money(46_933.33, "MYR", en, sign=True), whole_money(-6000, "SGD", id_)
    ('+RM46,933', '-SGD 6.000')
    """
    found = t.number(abs(value))
    written = f"{SYMBOLS[currency]}{found}" if currency in SYMBOLS else f"{currency} {found}"
    if found == t.number(0):
        return written
    return f"-{written}" if value < 0 else f"+{written}" if sign else written


def signed_money(value: float | None, currency: str, t: Translator) -> str:
    """A difference of money with its sign, short; a dash for none.

    Examples
    --------
    >>> from i18n.translator import translator
    >>> signed_money(46933.3, "MYR", translator("en")), signed_money(-38400, "MYR", translator("id"))
    ('+RM46.9K', '-RM38,4 rb')
    """
    written = t.money_short(value, currency)
    return f"+{written}" if value is not None and round(value, 2) > 0 else written
