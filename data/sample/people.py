"""The table ``customers``: the process's customers, those who never bought, staff and resellers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sample import names
from data.sample.addresses import addresses
from data.sample.parameters import DAYS, FIRST_DAY, Parameters
from data.sample.places import Floats, Texts, Towns

Integers = NDArray[np.int64]

_TIERS: Final = {"MY": ("Biru", "Perak", "Emas"), "ID": ("Biru", "Perak", "Emas")}
_TIER_STEPS: Final = (6.0, 14.0)  # spend of the last year, in mean orders
_FIRST_NUMBER: Final = 1_001
_REGION_ONLY: Final = 0.012
_NO_PLACE: Final = 0.006


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody, as arrays with one entry per person: first the process's customers.

    ``joined`` is in days since the first day; ``orders`` and ``spent_last_year`` are what they bought.
    """

    kind: Texts
    joined: Floats
    place: Integers
    lat: Floats
    lon: Floats
    orders: Integers
    spent_last_year: Floats


def customer_ids(joined: Floats) -> Texts:
    """Card numbers in order of joining: seven digits with leading zeros."""
    rank = np.empty(len(joined), dtype=np.int64)
    rank[np.argsort(joined, kind="stable")] = np.arange(len(joined))
    return np.array([f"{number:07d}" for number in rank + _FIRST_NUMBER], dtype=object)


def customers(
    parameters: Parameters,
    roster: Roster,
    ids: Texts,
    places: Towns,
    source: Texts,
    cost: Floats,
    random: np.random.Generator,
) -> pd.DataFrame:
    """The table ``customers``.

    Parameters
    ----------
    source, cost : arrays
        Acquisition channel ('' = not known) and cost (nan = not known).

    Returns
    -------
    DataFrame
        ``exact_place_share`` of the external customers carry coordinates, the others a place
        by name; a few carry only a state, and fewer nothing.
    """
    n = len(ids)
    address = addresses(parameters.country, places, roster.place, random)
    people = names.people(parameters.country, places.region_code[roster.place], random)
    member, since = _membership(roster, random)
    coarse = random.random(n)
    named = coarse >= _REGION_ONLY + _NO_PLACE
    exact = named & (random.random(n) < parameters.exact_place_share)
    external = roster.kind == "external"
    table = pd.DataFrame(
        {
            "customer_id": ids,
            "name": people.name,
            "email": people.email,
            "phone": people.phone,
            "joined_at": moments(roster.joined),
            "birthday": _birthdays(n, random),
            "kind": roster.kind,
            "member": member,
            "member_since": moments(since),
            "tier": np.where(member, _tiers(parameters, roster), ""),
            "postcode": np.where(named, address.postcode, ""),
            "village": np.where(named, address.village, ""),
            "subdistrict": np.where(named, places.subdistrict[roster.place], ""),
            "district": np.where(named, places.district[roster.place], ""),
            "city": np.where(named, places.name[roster.place], ""),
            "region": np.where(coarse >= _NO_PLACE, places.region[roster.place], ""),
            "country": np.full(n, parameters.country),
            "lat": np.where(exact & external, np.round(roster.lat, 5), np.nan),
            "lon": np.where(exact & external, np.round(roster.lon, 5), np.nan),
            "acquisition_channel": source,
            "acquisition_cost": cost,
        }
    )
    return table.sort_values("customer_id", ignore_index=True)


def moments(days: Floats) -> pd.Series[pd.Timestamp]:
    """Days since the first day as local timestamps, to the second; nan becomes a missing value."""
    seconds = pd.Series(np.floor(days * 86_400.0))
    return pd.Timestamp(FIRST_DAY) + pd.to_timedelta(seconds, unit="s").astype("timedelta64[s]")


def _membership(roster: Roster, random: np.random.Generator) -> tuple[NDArray[np.bool_], Floats]:
    """The card is offered at each order: who buys more often holds it more often."""
    chance = np.where(roster.kind == "external", 1.0 - 0.72 ** np.minimum(roster.orders, 8), 0.0)
    member = random.random(len(chance)) < chance
    wait = random.exponential(20.0, len(chance)) * (random.random(len(chance)) < 0.5)
    since = np.minimum(roster.joined + wait, DAYS - 0.01)
    return member, np.where(member, since, np.nan)


def _tiers(parameters: Parameters, roster: Roster) -> Texts:
    orders = roster.spent_last_year / parameters.mean_order_value
    step = np.searchsorted(np.array(_TIER_STEPS), orders, side="right")
    return np.array(_TIERS[parameters.country], dtype=object)[step]


def _birthdays(n: int, random: np.random.Generator) -> list[date | None]:
    """Adults between 18 and 72; four in ten did not say."""
    known = random.random(n) < 0.6
    age_days = random.triangular(18 * 365.25, 31 * 365.25, 72 * 365.25, n).astype(int)
    first = FIRST_DAY.toordinal()
    return [date.fromordinal(first - d) if k else None for d, k in zip(age_days, known, strict=True)]
