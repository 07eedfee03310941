"""The best of several groups in one sentence, or that they cannot be told apart."""

from __future__ import annotations

from typing import Final

from analytics.best_group import CONTEND, SURE, Best
from charts.escaping import plain_text
from i18n.translator import Translator

DIMENSIONS: Final = {"marketing": ("acquisition_channel", "first_channel"), "product": ("main_category",)}
"""What a question picks a group of; the first that two large groups have."""

_ALMOST: Final = 0.99
"""No probability is written as higher: it comes from a simulation under a model."""


def sentence(
    key: str, who: str, found: Best, currency: str, t: Translator, *, common: float = 0.0, **more: str
) -> str:
    """Say which group is the best, what it is worth, and how surely; or that none can be named.

    Parameters
    ----------
    key : str
        Of the words where a group is named.
    who : {"marketing", "product"}
    common : float
        A standard error of the mean that all groups share.
    more : str
        Other words of ``key``.
    """
    words = {"groups": t.number(len(found.compared)), "sure": t.percent(min(found.sure, _ALMOST), 0)}
    if found.verdict != "named":
        among = found.contenders if found.verdict == "several" else found.compared
        means = [each.mean for each in among]
        return t(
            f"whatif.{who}.{found.verdict}",
            names=", ".join(_name(each.name, who, t) for each in among),
            contend=t.percent(CONTEND, 0),
            lowest=t.money(min(means), currency),
            highest=t.money(max(means), currency),
            **words,
        )
    low, high = found.interval(common)
    return t(
        key,
        name=_name(found.group.name, who, t),
        n=t.number(found.group.customers),
        raw=t.money(found.group.mean, currency),
        value=t.money(found.mean, currency),
        low=t.money(low, currency),
        high=t.money(high, currency),
        times=t.number(found.times, 1),
        **words,
        **more,
    )


def note(t: Translator) -> str:
    """Why the value of a best group differs from what its customers come to."""
    return t("whatif.questions.luck", needed=t.percent(SURE, 0))


def _name(code: str, who: str, t: Translator) -> str:
    return plain_text(t.code("channel", code) if who == "marketing" else code, 60)
