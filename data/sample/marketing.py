"""The tables ``consents`` and ``spend``, and the coupons: what the merchant says and pays."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sample.parameters import DAYS, FIRST_DAY, LAST_DAY, Parameters
from data.sample.people import moments
from data.sample.places import Floats, Texts
from data.sample.season import dates_of, offset

# channel: column of the contact, share that agreed, share of those that took it back later
_CONSENTS: Final = {
    "whatsapp": ("phone", 0.62, 0.09),
    "email": ("email", 0.55, 0.07),
    "sms": ("phone", 0.30, 0.05),
}
_SOURCES: Final = ("till", "web form", "membership form", "import")
# Kept customers cost as well: share of the month's sales, by channel.
_RETENTION_SPEND: Final = {"whatsapp": 0.0035, "email": 0.0010, "points": 0.0085}
_OVERHEAD: Final = 1.12


def consents(customers: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """The table ``consents``: who agreed to be written to, and who took it back."""
    parts = [_consent(customers, channel, random) for channel in _CONSENTS]
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["customer_id", "channel", "at"], ignore_index=True)


def _consent(customers: pd.DataFrame, channel: str, random: np.random.Generator) -> pd.DataFrame:
    contact, agreed, withdrawn = _CONSENTS[channel]
    said = (customers[contact] != "").to_numpy() & (random.random(len(customers)) < agreed)
    ids = customers["customer_id"].to_numpy(object)[said]
    since = customers["joined_at"][said].reset_index(drop=True)
    source = np.array(_SOURCES, dtype=object)[random.integers(0, len(_SOURCES), len(ids))]
    given = pd.DataFrame(
        {
            "customer_id": ids,
            "channel": channel,
            "purpose": "marketing",
            "state": "granted",
            "at": since,
            "source": source,
        }
    )
    days = ((since - pd.Timestamp(FIRST_DAY)).dt.total_seconds() / 86_400.0).to_numpy(float)
    later = days + random.exponential(240.0, len(ids))
    back = (random.random(len(ids)) < withdrawn) & (later < DAYS)
    taken = given[back].assign(state="withdrawn", at=moments(later[back]).to_numpy(), source="link")
    return pd.concat([given, taken], ignore_index=True)


def spend(
    parameters: Parameters,
    joined: Floats,
    source: Texts,
    cost: Floats,
    day: NDArray[np.int64],
    value: Floats,
    random: np.random.Generator,
) -> pd.DataFrame:
    """The table ``spend``: what winning and keeping customers cost, by month.

    Parameters
    ----------
    joined, source, cost : arrays, one entry per customer of the process
        The month's cost of a channel is what its customers cost, plus an overhead.
    day, value : arrays, one entry per order
        Keeping customers costs a share of the month's sales.
    """
    won = pd.DataFrame({"month": _months(joined), "channel": source, "amount": cost})
    won = won[won["amount"] > 0].groupby(["month", "channel"])["amount"].sum().reset_index()
    won["amount"] *= _OVERHEAD * random.uniform(0.94, 1.06, len(won))
    sales = pd.Series(value).groupby(_months(day.astype(float))).sum()
    kept = [
        pd.DataFrame({"month": sales.index, "channel": channel, "amount": sales.to_numpy() * share})
        for channel, share in _RETENTION_SPEND.items()
    ]
    table = pd.concat(
        [won.assign(kind="acquisition"), pd.concat(kept, ignore_index=True).assign(kind="retention")],
        ignore_index=True,
    )
    table["amount"] = table["amount"].round(2 if parameters.currency == "MYR" else -3)
    table["month"] = table["month"].dt.date
    ordered = table.sort_values(["month", "kind", "channel"], ignore_index=True)
    return ordered[["month", "channel", "kind", "amount"]]


def coupons(
    parameters: Parameters,
    day: NDArray[np.int64],
    member: NDArray[np.bool_],
    random: np.random.Generator,
) -> Texts:
    """The coupon of each order ('' = none): before the feasts, on 11.11, and the members' own."""
    code = np.full(DAYS, "", dtype=object)
    names = {"RAYA": "Eid al-Fitr", "CNY": "Chinese New Year", "DEEPA": "Diwali"}
    if parameters.country == "ID":
        names = {"LEBARAN": "Eid al-Fitr", "IMLEK": "Lunar New Year"}
    for prefix, feast in names.items():
        for when in dates_of(parameters.country, [feast]):
            start = offset(when)
            code[max(start - 15, 0) : max(start, 0)] = f"{prefix}{when.year % 100:02d}"
    for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
        eleven = offset(LAST_DAY.replace(year=year, day=11))
        if eleven >= 0:
            code[eleven] = "1111"
    n = len(day)
    festive = np.where(random.random(n) < 0.22, code[day], "")
    own = np.where(member & (random.random(n) < 0.06), "AHLI10", "")
    return np.asarray(np.where(festive != "", festive, own), dtype=object)


def _months(days: Floats) -> pd.Series[pd.Timestamp]:
    return pd.Series(moments(days).to_numpy().astype("datetime64[M]").astype("datetime64[s]"))
