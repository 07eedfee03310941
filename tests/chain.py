"""A chain whose customers choose among its stores by Huff's rule, for pages and the browser."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from data.workspaces import Config, Workspace
from geo.distance import haversine_km
from geo.gravity import huff_shares
from tests.conftest import LAST_DAY, build_workspace

TOWNS = (
    ("Kuala Lumpur", "MY-14", 3.14, 101.69, 90),
    ("Klang", "MY-10", 3.04, 101.45, 60),
    ("Shah Alam", "MY-10", 3.08, 101.53, 60),
    ("Kajang", "MY-10", 2.99, 101.79, 50),
    ("Seremban", "MY-05", 2.73, 101.94, 40),
    ("Rawang", "MY-10", 3.32, 101.58, 30),
)
SIZES = (600, 450, 500, 300, 350, 280)


def chain_tables(stores: int = 6, rivals: bool = True, seed: int = 5) -> dict[str, pa.Table]:
    """Customers of six towns, orders in ``stores`` own stores, one competitor."""
    chance, random_ = random.Random(seed), np.random.default_rng(seed)
    places = [_store(i) for i in range(stores)]
    people = [_person(f"P{i:04d}", town, random_) for i, town in enumerate(_homes())]
    lat, lon = (np.array([row[name] for row in people]) for name in ("lat", "lon"))
    at = np.array([[row["lat"], row["lon"]] for row in places])
    far = haversine_km(lat[:, None], lon[:, None], at[None, :, 0], at[None, :, 1])
    shares = huff_shares([row["size_m2"] for row in places], far, 1.0, 1.6, floor=1.0)
    lines = []
    for person, share in zip(people, shares, strict=True):
        for store in random_.choice(stores, 6, p=share):
            lines.append(_line(len(lines), person["customer_id"], places[store]["store_id"], chance))
    if rivals:
        places.append(_store(0) | {"store_id": "K1", "name": "Kedai Lain", "owner": "competitor"})
        places[-1] |= {"lat": 3.11, "lon": 101.60}
    return {
        "transactions": pa.Table.from_pylist(lines),
        "customers": pa.Table.from_pylist(people),
        "stores": pa.Table.from_pylist(places),
    }


def chain(home: Path, name: str = "Kedai Rantai", **options: Any) -> Workspace:
    """The chain as a workspace under a home."""
    return build_workspace(home, name, chain_tables(**options), Config(title=name, country="MY"))


def _homes() -> list[tuple[str, str, float, float, int]]:
    return [town for town in TOWNS for _ in range(town[4])]


def _person(
    name: str, town: tuple[str, str, float, float, int], random_: np.random.Generator
) -> dict[str, Any]:
    return {
        "customer_id": name,
        "joined_at": LAST_DAY - timedelta(days=300),
        "kind": "external",
        "city": town[0],
        "postcode": f"4{town[4]:02d}00",
        "country": "MY",
        "lat": town[2] + random_.normal(0, 0.03),
        "lon": town[3] + random_.normal(0, 0.03),
        "geo_precision": "exact",
        "region_code": town[1],
    }


def _store(i: int) -> dict[str, Any]:
    town = TOWNS[i]
    return {
        "store_id": f"S{i}",
        "name": f"Cawangan {town[0]}",
        "lat": town[2] + 0.01,
        "lon": town[3] - 0.01,
        "owner": "own",
        "size_m2": float(SIZES[i]),
        "region_code": town[1],
    }


def _line(number: int, customer: str, store: str, chance: random.Random) -> dict[str, Any]:
    return {
        "order_id": f"L{number:05d}",
        "customer_id": customer,
        "ordered_at": LAST_DAY - timedelta(days=chance.randrange(0, 280), hours=chance.randrange(0, 9)),
        "store_id": store,
        "channel": "store",
        "category": "Coffee",
        "quantity": 1.0,
        "amount": Decimal(chance.randrange(1500, 9000)) / 100,
        "currency": "MYR",
        "status": "completed",
        "order_id_derived": False,
        "line_hash": number,
    }
