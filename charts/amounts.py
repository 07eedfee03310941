"""Round amounts without their empty decimals, for axes and brackets."""

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
