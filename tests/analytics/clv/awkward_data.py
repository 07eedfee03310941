"""Two hundred data sets that a real merchant could hand in and that break a naive fit. Seeded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

Columns = tuple[np.ndarray, np.ndarray, np.ndarray]
SIZES = (1, 2, 7, 60, 1_200)


def awkward_histories() -> Iterator[tuple[str, Columns]]:
    """Named (frequency, recency, T) of purchases; every one is possible."""
    for size in SIZES:
        for unit, name in ((1.0, "weeks"), (7.0, "days"), (1e-3, "tiny unit"), (86_400.0 * 7, "seconds")):
            random = np.random.default_rng(size)
            end = random.uniform(20, 60, size)
            one = np.ones(size)
            shapes: dict[str, Columns] = {
                "all one-timers": (0 * one, 0 * one, end),
                "all one-timers, equal T": (0 * one, 0 * one, 39 * one),
                "no churn: last purchase on the last day": (random.poisson(5, size) + one, end, end),
                "identical customers": (3 * one, 20 * one, 39 * one),
                "identical customers who left": (3 * one, 2 * one, 39 * one),
                "hundreds of purchases": (random.integers(200, 900, size) * one, end * 0.95, end),
                "one heavy reseller": (
                    np.where(np.arange(size) == 0, 5_000.0, 0 * one),
                    np.where(np.arange(size) == 0, end, 0),
                    end,
                ),
                "nobody was observed": (0 * one, 0 * one, 0 * one),
            }
            for shape, (x, t_x, T) in shapes.items():
                yield f"{shape}; {size} customers; {name}", (x, t_x * unit, T * unit)
    yield from _odd_ones()


def _odd_ones() -> Iterator[tuple[str, Columns]]:
    random = np.random.default_rng(5)
    size = 10_000
    one = np.ones(size)
    end = random.uniform(1, 520, size)
    x = np.where(random.random(size) < 0.3, random.poisson(4, size), 0).astype(float)
    t_x = np.where(x > 0, end * random.random(size), 0.0)
    yield "ten years of continuous times", (x, t_x, end)
    yield "x in the thousands, days", (random.integers(1_000, 9_000, size) * one, 3_600 * one, 3_650 * one)
    yield (
        "x in the thousands, all different",
        (random.integers(1_000, 9_000, size) * one, end * 6.9, end * 7.0),
    )
    yield "everything bought at once", (5 * one, 0 * one, end)
    yield "a single day", (0 * one, 0 * one, one)
    yield "T = 0 for most", (0 * one, 0 * one, np.where(random.random(size) < 0.99, 0.0, 5.0))
    yield "one repeat in ten thousand", (np.eye(1, size)[0], np.eye(1, size)[0] * 3, 39 * one)
    yield "everyone left at once", (one, 0.01 * one, 39 * one)
    yield "everyone left after many", (50 * one, one, 390 * one)
    yield "like clockwork", (np.floor(end), np.floor(end), end)
    yield "two kinds", (np.where(x > 0, 100.0, 0.0), np.where(x > 0, end * 0.99, 0.0), end)
    yield "very long T", (x, t_x * 1e6, end * 1e6)
    yield "very short T", (x, t_x * 1e-9, end * 1e-9)
    yield "T of all sizes", (x, t_x * (s := 10 ** random.uniform(-6, 6, size)), end * s)
    ties = random.integers(0, 3, 1_000_000)
    yield (
        "a million ties",
        (ties.astype(float), np.where(ties > 0, 7.0 * ties, 0.0), np.full(1_000_000, 39.0)),
    )
    tenure = random.integers(1, 30, size).astype(float)
    bought = np.minimum(random.poisson(0.2, size), tenure)
    yield "new merchant, days", (bought, np.where(bought > 0, np.ceil(tenure * 0.8), 0.0), tenure)
    some = np.where(random.random(size) < 0.01, 2.0, 0.0)
    yield "some bought twice in the first minute", (some, 0 * one, tenure)


def awkward_spend() -> Iterator[tuple[str, tuple[np.ndarray, np.ndarray]]]:
    """Named (frequency, mean value) of orders."""
    for size in (1, 2, 30, 5_000):
        random = np.random.default_rng(size)
        one = np.ones(size)
        x = random.integers(1, 20, size).astype(float)
        yield f"one price; {size}", (x, 25 * one)
        yield f"one price, one repeat each; {size}", (one, 25 * one)
        yield f"rupiah; {size}", (x, random.lognormal(12, 1, size))
        yield f"sen; {size}", (x, random.lognormal(-6, 0.5, size))
        yield f"very uneven; {size}", (x, random.pareto(0.6, size) + 1)
        yield f"no spread between customers; {size}", (x * 50, 25 + random.normal(0, 1e-6, size))
        yield f"x in the thousands; {size}", (x * 1_000, random.lognormal(3, 1, size))
        yield f"mostly one-time; {size}", (np.where(np.arange(size) == 0, 1.0, 0.0), 10 * one)
        yield f"two prices; {size}", (x, np.where(random.random(size) < 0.5, 1.0, 1e6))
