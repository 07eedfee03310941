"""The table ``feedback``: scores that fall with slow parcels and with the way to the store."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from data.sample.channels import SHOP
from data.sample.delivery import Delivery
from data.sample.orders import PURCHASE, Orders
from data.sample.parameters import DAYS, Parameters
from data.sample.people import moments
from data.sample.places import Floats, Texts

# kind: lowest, highest, level, standard deviation, points lost per day over three,
# points lost per doubling of the way (from 10 km), share asked online, share asked in a shop
_SCALES: Final = {
    "nps": (0, 10, 8.75, 1.75, 0.55, 0.55, 0.075, 0.030),
    "ces": (1, 7, 5.75, 1.05, 0.30, 0.40, 0.045, 0.018),
    "csat": (1, 5, 4.35, 0.75, 0.18, 0.12, 0.020, 0.010),
    "review": (1, 5, 4.55, 0.75, 0.22, 0.00, 0.080, 0.000),
}
_COMMENTS: Final = {
    "MY": {
        "good": (
            "Servis mantap, staf mesra",
            "Fast delivery, well packed",
            "Barang elok, harga berpatutan",
            "很满意，会再来",
            "Good quality lah",
            "Terima kasih Kedai Setia",
        ),
        "late": ("Barang lambat sampai", "Parcel took too long", "Lama tunggu kurier", "送货太慢"),
        "far": ("Kedai jauh dari rumah", "Wish there was a branch near us", "Parking susah, jalan jem"),
        "bad": (
            "Barang tak macam gambar",
            "Staff not helpful",
            "Stok selalu habis",
            "Susah nak tukar barang",
        ),
    },
    "ID": {
        "good": (
            "Barang sesuai, pengiriman cepat",
            "Mantap, bakal langganan",
            "Packing rapi, makasih",
            "Kualitas oke sesuai harga",
            "Penjual ramah dan responsif",
        ),
        "late": ("Pengiriman lama sekali", "Paket nyangkut di gudang kurir", "Kurirnya susah dihubungi"),
        "far": ("Ongkir mahal ke daerah saya", "Lama sampai karena luar pulau"),
        "bad": ("Ukuran tidak sesuai", "Warna beda dengan foto", "Respon admin lambat"),
    },
}
_COMMENTED: Final = 0.35


def feedback(
    parameters: Parameters,
    orders: Orders,
    delivery: Delivery,
    ids: Texts,
    distance_km: Floats,
    random: np.random.Generator,
) -> pd.DataFrame:
    """The table ``feedback``.

    Parameters
    ----------
    ids : array of str
        Customer ids by index.
    distance_km : array
        Way to the nearest store, by customer.
    """
    mood = random.standard_normal(len(ids)) * 0.6
    rows = [_answers(kind, orders, delivery, distance_km, mood, random) for kind in _SCALES]
    table = pd.concat(rows, ignore_index=True)
    table["customer_id"] = ids[table.pop("customer").to_numpy(int)]
    table["comment"] = _comments(parameters.country, table, random)
    # One in fifty answers came through a form without a name.
    table.loc[random.random(len(table)) < 0.02, "customer_id"] = None
    table["given_at"] = moments(table["given"].to_numpy(float))
    table = table.drop_duplicates(["customer_id", "given_at", "kind"]).sort_values(
        ["given_at", "kind", "customer_id"], ignore_index=True
    )
    return table[["customer_id", "given_at", "kind", "score", "comment"]]


def _answers(
    kind: str,
    orders: Orders,
    delivery: Delivery,
    distance_km: Floats,
    mood: Floats,
    random: np.random.Generator,
) -> pd.DataFrame:
    lowest, highest, level, spread, per_day, per_doubling, asked_online, asked_shop = _SCALES[kind]
    in_shop = orders.channel == SHOP
    arrived = np.where(in_shop, orders.time, delivery.delivered)
    given = arrived + random.uniform(0.05, 4.0, len(orders))
    asked = random.random(len(orders)) < np.where(in_shop, asked_shop, asked_online)
    asked &= (orders.outcome == PURCHASE) & (orders.customer >= 0) & (given < DAYS)
    who, days = orders.customer[asked], (delivery.delivered - orders.time)[asked]
    late = np.where(in_shop[asked], 0.0, np.maximum(days - 3.0, 0.0))
    way = np.where(in_shop[asked], np.log2(1.0 + distance_km[who] / 10.0), 0.0)
    points = level + mood[who] + spread * random.standard_normal(len(who))
    points = points - per_day * late - per_doubling * way
    return pd.DataFrame(
        {
            "customer": who,
            "given": given[asked],
            "kind": kind,
            "score": np.clip(np.round(points), lowest, highest),
            "standing": (np.clip(np.round(points), lowest, highest) - lowest) / (highest - lowest),
            "late": late,
            "way": way,
        }
    )


def _comments(country: str, table: pd.DataFrame, random: np.random.Generator) -> Texts:
    """Words that fit the score and its cause; two in three say nothing."""
    pools = {name: np.array(words, dtype=object) for name, words in _COMMENTS[country].items()}
    drawn = {name: words[random.integers(0, len(words), len(table))] for name, words in pools.items()}
    low = (table["standing"] < 0.7).to_numpy()
    late, way = (table["late"] > 1.0).to_numpy(), (table["way"] > 1.0).to_numpy()
    text = np.select(
        [~low, low & late, low & way], [drawn["good"], drawn["late"], drawn["far"]], drawn["bad"]
    )
    return np.asarray(np.where(random.random(len(table)) < _COMMENTED, text, ""), dtype=object)
