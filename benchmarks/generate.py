"""Large merchants for the benchmarks: N order lines of M customers as CSV, streamed, deterministic.

    python -m benchmarks.generate FOLDER --rows 1000000 --customers 100000

Writes ``transactions.csv``, ``customers.csv`` and ``stores.csv``. One row in a thousand of the
transactions cannot be loaded, in four ways; ``expected.json`` says how many.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from data.sample.places import moved_km, towns

SEED: Final = 20261122
CHUNK: Final = 250_000
FIRST: Final = np.datetime64("2023-11-23T00:00:00")
SECONDS: Final = 1_096 * 86_400
BAD_SHARE: Final = 0.001
SECOND_LINE_SHARE: Final = 0.25  # rows that belong to the order of the row before
UNIDENTIFIED_SHARE: Final = 0.20
CANCELLED_SHARE: Final = 0.01

_CATEGORIES: Final = ("Food", "Drinks", "Beauty", "Fashion", "Home", "Kids", "Health", "Gifts")
_CHANNELS: Final = ("shop", "web", "shopee", "tiktok")
_CHANNEL_SHARES: Final = (0.62, 0.16, 0.14, 0.08)
_STORES: Final = 40
_SOURCES: Final = ("walk_in", "facebook", "google", "tiktok", "shopee", "referral")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the files hold: rows, customers, rows that must be refused, and the sum of good amounts."""

    rows: int
    customers: int
    bad_rows: int
    good_amount: float


def generate(folder: Path, rows: int, customers: int, seed: int = SEED) -> Expected:
    """Write the three files and ``expected.json`` into a folder.

    Parameters
    ----------
    folder : Path
        Made when missing.
    rows, customers : int
        Order lines and customers.
    seed : int
        The same numbers give the same bytes.

    Returns
    -------
    Expected
        Memory is bounded by one chunk of 250,000 rows, whatever the number of rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "stores.csv", iter([_stores()]))
    _write(folder / "customers.csv", _customers(customers, seed))
    bad, good = 0, 0.0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal bad, good
        for batch, refused, amount in _transactions(rows, customers, seed):
            bad, good = bad + refused, good + amount
            yield batch

    _write(folder / "transactions.csv", counted())
    expected = Expected(rows, customers, bad, round(good, 2))
    (folder / "expected.json").write_text(json.dumps(asdict(expected), indent=2) + "\n")
    return expected


def _write(path: Path, batches: Iterator[pa.RecordBatch]) -> None:
    first = next(batches)
    options = pacsv.WriteOptions(quoting_style="none")
    with pacsv.CSVWriter(path, first.schema, write_options=options) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)


def _transactions(rows: int, customers: int, seed: int) -> Iterator[tuple[pa.RecordBatch, int, float]]:
    """Batches in order of time, with the number of bad rows and the sum of good amounts."""
    orders_before = 0
    for number, start in enumerate(range(0, rows, CHUNK)):
        count = min(CHUNK, rows - start)
        random = np.random.default_rng([seed, 1, number])
        span = (SECONDS * start / rows, SECONDS * (start + count) / rows)
        columns, orders = _lines(count, customers, orders_before, span, random)
        orders_before += orders
        amount = np.asarray(columns.pop("amount"))
        moment = columns.pop("ordered_at")
        bad = random.random(count) < BAD_SHARE
        text = _with_bad_rows(moment, amount, bad, random)
        yield pa.RecordBatch.from_pydict({**text, **columns}), int(bad.sum()), float(amount[~bad].sum())


def _lines(
    count: int, customers: int, orders_before: int, span: tuple[float, float], random: np.random.Generator
) -> tuple[dict[str, Any], int]:
    """Good columns of one chunk, and how many orders it holds."""
    opens = random.random(count) >= SECOND_LINE_SHARE
    opens[0] = True
    order = np.cumsum(opens) - 1
    orders = int(order[-1]) + 1
    seconds = np.sort(random.uniform(*span, orders)).astype(np.int64)
    # The square of a uniform number: a few customers buy very often, most seldom.
    customer = (customers * random.random(orders) ** 2).astype(np.int64)
    nobody = random.random(orders) < UNIDENTIFIED_SHARE
    channel = random.choice(len(_CHANNELS), size=orders, p=_CHANNEL_SHARES)
    store = np.where(channel == 0, random.integers(0, _STORES, orders), -1)
    cancelled = random.random(orders) < CANCELLED_SHARE
    quantity = 1 + random.poisson(0.6, count)
    price = np.round(np.exp(random.normal(3.2, 0.7, count)), 2)
    columns = {
        "ordered_at": pc.strftime(
            pa.array((FIRST + seconds)[order], pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S"
        ),
        "amount": np.round(price * quantity, 2),
        "order_id": _padded(order + orders_before, 9),
        "customer_id": pc.if_else(pa.array(nobody[order]), None, _padded(customer[order], 8)),
        "product_id": _padded(random.integers(0, 5_000, count), 5),
        "category": _taken(_CATEGORIES, random.integers(0, len(_CATEGORIES), count)),
        "quantity": quantity,
        "unit_price": price,
        "cost": np.round(price * quantity * 0.62, 2),
        "channel": _taken(_CHANNELS, channel[order]),
        "store_id": pc.if_else(pa.array((store >= 0)[order]), _padded(store[order], 3), None),
        "status": _taken(("completed", "cancelled"), cancelled[order].astype(np.int64)),
        "payment_method": _taken(("cash", "card", "ewallet"), random.integers(0, 3, count)),
    }
    return columns, orders


def _with_bad_rows(
    moment: pa.Array, amount: np.ndarray, bad: np.ndarray, random: np.random.Generator
) -> dict[str, pa.Array]:
    """Dates and amounts as text, spoiled where ``bad``: impossible or no date, no or wordy amount."""
    kind = np.where(bad, random.integers(0, 4, len(bad)), -1)
    day = pc.if_else(pa.array(kind == 0), "2025-02-31 10:00:00", moment)
    day = pc.if_else(pa.array(kind == 1), None, day)
    value = pc.if_else(pa.array(kind == 2), "n/a", pc.cast(pa.array(amount), pa.string()))
    value = pc.if_else(pa.array(kind == 3), None, value)
    return {"ordered_at": day, "amount": value}


def _customers(customers: int, seed: int) -> Iterator[pa.RecordBatch]:
    places = towns("MY")
    share = places.people / places.people.sum()
    for number, start in enumerate(range(0, customers, CHUNK)):
        count = min(CHUNK, customers - start)
        random = np.random.default_rng([seed, 2, number])
        place = random.choice(len(places), size=count, p=share)
        north, east = random.normal(0.0, 4.0, (2, count))
        lat, lon = moved_km(places.lat[place], places.lon[place], north, east)
        exact = random.random(count) < 0.6
        joined = FIRST + np.sort(random.integers(0, SECONDS, count))
        yield pa.RecordBatch.from_pydict(
            {
                "customer_id": _padded(np.arange(start, start + count), 8),
                "joined_at": pc.strftime(pa.array(joined, pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S"),
                "kind": _taken(
                    ("external", "reseller", "internal"),
                    random.choice(3, size=count, p=(0.98, 0.015, 0.005)),
                ),
                "member": _taken(("no", "yes"), random.integers(0, 2, count)),
                "postcode": _taken(places.postcode, place),
                "city": _taken(places.name, place),
                "region": _taken(places.region, place),
                "country": _taken(("MY",), np.zeros(count, dtype=np.int64)),
                "lat": pa.array(np.round(lat, 5), mask=~exact),
                "lon": pa.array(np.round(lon, 5), mask=~exact),
                "acquisition_channel": _taken(_SOURCES, random.integers(0, len(_SOURCES), count)),
                "acquisition_cost": np.round(random.gamma(4.0, 5.0, count), 2),
            }
        )


def _stores() -> pa.RecordBatch:
    places = towns("MY")
    largest = np.argsort(-places.people, kind="stable")[:_STORES]
    return pa.RecordBatch.from_pydict(
        {
            "store_id": _padded(np.arange(_STORES), 3),
            "name": _taken(places.name, largest),
            "lat": np.round(places.lat[largest], 5),
            "lon": np.round(places.lon[largest], 5),
            "owner": _taken(("own",), np.zeros(_STORES, dtype=np.int64)),
        }
    )


def _padded(numbers: np.ndarray, width: int) -> pa.Array:
    """Numbers as text with leading zeros."""
    return pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")


def _taken(words: Any, index: np.ndarray) -> pa.Array:
    return pc.take(pa.array([str(word) for word in words]), pa.array(index))


def main() -> None:
    """Make the files that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    start = time.perf_counter()
    expected = generate(given.folder, given.rows, given.customers, given.seed)
    size = (given.folder / "transactions.csv").stat().st_size / 1e6
    print(f"{expected} in {time.perf_counter() - start:.1f} s; transactions.csv {size:,.0f} MB")


if __name__ == "__main__":
    main()
