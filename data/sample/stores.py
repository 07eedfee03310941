"""Own stores and competitors at real towns, and who goes to which: Huff's rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sample.parameters import Parameters
from data.sample.places import Floats, Texts, Towns, distance_km, moved_km
from data.sample.season import offset

DISTANCE_DECAY: Final = 1.8  # exponent of distance in Huff's rule
REACH_KM: Final = 9.0  # distance at which a store's pull on where customers live falls to 1/e

# id | name | state | town | km north, km east of its centre | owner | opened | m2 | rent a month
_MALAYSIA: Final = """
01|Kedai Setia Chow Kit|MY-14|Kuala Lumpur|2.6|0.9|own|2016-03-12|620|2600
02|Kedai Setia Shah Alam|MY-10|Shah Alam|-1.2|0.8|own|2017-06-01|540|1650
03|Kedai Setia Klang|MY-10|Klang|0.9|-0.7|own|2018-02-10|480|1150
04|Kedai Setia Seremban|MY-05|Seremban|0.4|0.6|own|2019-01-19|360|750
05|Kedai Setia Melaka Raya|MY-04|Melaka|-0.6|0.9|own|2018-08-25|400|950
06|Kedai Setia Johor Bahru|MY-01|Johor Bahru|2.1|0.7|own|2017-11-04|580|1750
07|Kedai Setia Ipoh|MY-08|Ipoh|1.1|0.3|own|2018-04-21|430|850
08|Kedai Setia George Town|MY-07|George Town|-0.8|-0.9|own|2019-09-07|380|1300
09|Kedai Setia Kuantan|MY-06|Kuantan|-0.5|-0.6|own|2020-10-17|340|650
10|Kedai Setia Kuching|MY-13|Kuching|-0.9|0.4|own|2021-05-08|410|800
11|Kedai Setia Kota Bharu|MY-03|Kota Bharu|-1.0|0.2|own|2024-08-03|350|600
12|Kedai Setia Kota Kinabalu|MY-12|Kota Kinabalu|-1.4|0.6|own|2025-06-14|390|900
K1|Pasaraya Murni Cheras|MY-14|Kuala Lumpur|-4.2|4.9|competitor|2014-01-01|900|
K2|Pasaraya Murni Petaling Jaya|MY-10|Petaling Jaya|0.6|-1.1|competitor|2015-01-01|750|
K3|Pasaraya Murni Klang|MY-10|Klang|-2.4|1.6|competitor|2016-01-01|700|
K4|Kedai Jimat Johor Bahru|MY-01|Johor Bahru|4.4|-2.8|competitor|2017-01-01|650|
K5|Kedai Jimat Ipoh|MY-08|Ipoh|-2.0|-1.4|competitor|2018-01-01|500|
K6|Kedai Jimat Bukit Mertajam|MY-07|Bukit Mertajam|0.3|0.5|competitor|2019-01-01|550|
"""
_INDONESIA: Final = """
01|Gudang & Toko Bandung|ID-JB|Bandung|-0.9|1.2|own|2020-02-01|420|14000000
02|Gudang Surabaya|ID-JI|Surabaya|-1.1|-0.8|own|2025-03-01|300|11000000
"""


@dataclass(frozen=True, slots=True)
class Stores:
    """The table ``stores``, and arrays over the own stores for drawing who shops where."""

    table: pd.DataFrame
    store_id: Texts
    lat: Floats
    lon: Floats
    size: Floats
    opened: NDArray[np.int64]
    rival_lat: Floats
    rival_lon: Floats
    rival_size: Floats


def stores(parameters: Parameters, places: Towns) -> Stores:
    """The merchant's stores and their competitors, without chance.

    Returns
    -------
    Stores
        ``opened`` is in days since the first day of the data (negative: before it).
    """
    text = _MALAYSIA if parameters.country == "MY" else _INDONESIA
    table = pd.DataFrame([_store(line.split("|"), places) for line in text.strip().splitlines()])
    own = table[table["owner"] == "own"]
    rival = table[table["owner"] == "competitor"]
    return Stores(
        table=table,
        store_id=own["store_id"].to_numpy(object),
        lat=own["lat"].to_numpy(float),
        lon=own["lon"].to_numpy(float),
        size=own["size_m2"].to_numpy(float),
        opened=np.array([offset(day) for day in own["opened_on"]], dtype=np.int64),
        rival_lat=rival["lat"].to_numpy(float),
        rival_lon=rival["lon"].to_numpy(float),
        rival_size=rival["size_m2"].to_numpy(float),
    )


def home_shares(places: Towns, chain: Stores, day: int, online_share: float) -> Floats:
    """Share of new customers that each place brings on a day.

    Population times how far the open stores pull against the competitors', plus ``online_share``
    (0..1) that comes through the web from everywhere. This is all that distance does to who becomes
    a customer.
    """
    open_now = chain.opened <= day
    pull = _pull(places, chain.lat[open_now], chain.lon[open_now], chain.size[open_now])
    rivals = _pull(places, chain.rival_lat, chain.rival_lon, chain.rival_size)
    captured = places.people * pull / (pull + 0.5 * rivals + 150.0)
    total = captured.sum()
    online = places.people / places.people.sum()
    local = captured / total if total > 0 else online
    return np.asarray((1.0 - online_share) * local + online_share * online)


def attraction(lat: Floats, lon: Floats, chain: Stores) -> Floats:
    """Huff's attraction of each own store on each home: size over distance to a power.

    Returns
    -------
    array (homes, stores)

    References
    ----------
    Huff (1963), A Probabilistic Analysis of Shopping Center Trade Areas, Land Economics 39(1).
    """
    km = np.maximum(distance_km(lat, lon, chain.lat, chain.lon), 0.7)
    return np.asarray(chain.size[None, :] * km**-DISTANCE_DECAY)


def choose_store(
    weights: Floats,
    customer: NDArray[np.int64],
    day: NDArray[np.int64],
    chain: Stores,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw the store of each visit among those that are open that day.

    Parameters
    ----------
    weights : array (customers, stores)
        From ``attraction``.
    customer, day : arrays, one entry per visit
    """
    chance = weights[customer] * (chain.opened[None, :] <= day[:, None])
    edges = np.cumsum(chance, axis=1)
    drawn = random.random(len(customer)) * edges[:, -1]
    return np.asarray((edges <= drawn[:, None]).sum(axis=1))


def _pull(places: Towns, lat: Floats, lon: Floats, size: Floats) -> Floats:
    if not len(lat):
        return np.zeros(len(places))
    km = distance_km(places.lat, places.lon, lat, lon)
    return np.asarray((size[None, :] * np.exp(-km / REACH_KM)).sum(axis=1))


def _store(values: list[str], places: Towns) -> dict[str, Any]:
    number, name, region_code, town, north, east, owner, opened, size, rent = values
    at = places.find(region_code, town)
    lat, lon = moved_km(places.lat[[at]], places.lon[[at]], np.array([float(north)]), np.array([float(east)]))
    return {
        "store_id": number,
        "name": name,
        "lat": round(float(lat[0]), 6),
        "lon": round(float(lon[0]), 6),
        "owner": owner,
        "opened_on": date.fromisoformat(opened),
        "size_m2": float(size),
        "rent": float(rent) if rent else np.nan,
    }
