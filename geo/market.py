"""The market of a merchant from the tables: who buys where, the stores, and inhabitants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.captured import Floats, Market, Rules, pulls
from geo.cells import FINEST_ZOOM, to_x20, to_y20
from geo.distance import haversine_km

USUAL: Final = 1.0
"""Size of a store whose size is not known, relative to the own median."""


def relative_sizes(size_m2: pd.Series, usual_m2: float | None) -> Floats:
    """Sizes relative to the usual own store; ``USUAL`` where a size, or every own size, is not known."""
    sizes = pd.to_numeric(size_m2, errors="coerce").to_numpy(dtype=float)
    if usual_m2 is None or not usual_m2 > 0:
        return np.full(len(sizes), USUAL)
    known = np.isfinite(sizes) & (sizes > 0)
    return np.where(known, np.where(known, sizes, usual_m2) / usual_m2, USUAL)


def usual_size(stores: pd.DataFrame) -> float | None:
    """Median selling space of the own stores, m2; None where none is known."""
    sizes = pd.to_numeric(stores.loc[stores["owner"] != "competitor", "size_m2"], errors="coerce")
    sizes = sizes[sizes > 0]
    return float(sizes.median()) if len(sizes) else None


def distances(lat: npt.ArrayLike, lon: npt.ArrayLike, places: pd.DataFrame) -> Floats:
    """Great-circle kilometres from points to places, (n, m)."""
    a, b = np.asarray(lat, dtype=float)[:, None], np.asarray(lon, dtype=float)[:, None]
    return haversine_km(a, b, places["lat"].to_numpy(float)[None, :], places["lon"].to_numpy(float)[None, :])


def own_stores(stores: pd.DataFrame) -> pd.DataFrame:
    """Own stores that have coordinates, by id."""
    placed = stores["lat"].notna() & stores["lon"].notna()
    kept = stores[placed & (stores["owner"] != "competitor")]
    return kept.sort_values("store_id").reset_index(drop=True)


def competitors(stores: pd.DataFrame) -> pd.DataFrame:
    """Competitors that have coordinates, by id."""
    placed = stores["lat"].notna() & stores["lon"].notna()
    return stores[placed & (stores["owner"] == "competitor")].sort_values("store_id").reset_index(drop=True)


def market(
    visits: pd.DataFrame,
    stores: pd.DataFrame,
    rules: Rules,
    *,
    yearly: float = 1.0,
    towns: pd.DataFrame | None = None,
    level: int | None = None,
    scale: Mapping[str, float] | None = None,
) -> Market:
    """Put the market together.

    Parameters
    ----------
    visits : DataFrame, one row per cell and store
        ``x``, ``y``, ``lat``, ``lon``, ``store_id``, ``customers``, ``revenue``. Rows without a store, or of
        a store without coordinates, are left out; refunds beyond sales count as 0.
    stores : DataFrame
        ``store_id``, ``lat``, ``lon``, ``owner``, ``size_m2``.
    rules : Rules
    yearly : float
        Factor that makes the visits' revenue a year's.
    towns : DataFrame, optional
        ``lat``, ``lon``, ``population``: inhabitants, joined to the cells of ``level``; cells without our
        customers are added. Without it, spending is inferred from our sales.
    level : int
        Zoom of the cells; needed with ``towns``.
    scale : mapping of store to float, optional
        From :func:`whole_sales`: what is sold to nobody known is spread like the store's other sales.

    Returns
    -------
    Market
        The columns of ``sales`` are the rows of ``own_stores(stores)``.

    Raises
    ------
    ValueError : no own store has coordinates.
    """
    own = own_stores(stores)
    if own.empty:
        raise ValueError("A market needs at least one own store with coordinates; import the table stores.")
    known = visits[visits["store_id"].isin(own["store_id"])]
    points = _points(known)
    heads = None
    if towns is not None and level is not None:
        points, heads = _with_towns(points, towns, level)
    place = {cell: i for i, cell in enumerate(zip(points["x"], points["y"], strict=True))}
    column = {store: k for k, store in enumerate(own["store_id"])}
    sales = np.zeros((len(points), len(own)))
    rows = [place[cell] for cell in zip(known["x"], known["y"], strict=True)]
    columns = [column[store] for store in known["store_id"]]
    np.add.at(sales, (rows, columns), known["revenue"].to_numpy(dtype=float) * yearly)
    sales *= np.array([1.0 if scale is None else scale.get(store, 1.0) for store in own["store_id"]])
    usual = usual_size(stores)
    rivals = competitors(stores)
    lat, lon = points["lat"].to_numpy(float), points["lon"].to_numpy(float)
    pull = pulls(relative_sizes(own["size_m2"], usual), distances(lat, lon, own), rules)
    theirs = pulls(relative_sizes(rivals["size_m2"], usual), distances(lat, lon, rivals), rules)
    return Market(
        lat,
        lon,
        np.maximum(np.nan_to_num(sales), 0.0),
        points["customers"].to_numpy(float),
        pull,
        theirs.sum(axis=1) + rules.outside,
        rules.least_share,
        heads,
    )


def whole_sales(visits: pd.DataFrame, totals: Mapping[str, float]) -> dict[str, float]:
    """How many times as much each store sells as its known and placed customers buy; 1 where not known.

    Parameters
    ----------
    visits : DataFrame
        ``store_id``, ``revenue``.
    totals : mapping of store to float
        All sales of the same days.
    """
    known = visits.groupby("store_id")["revenue"].sum()
    return {
        str(store): float(totals[str(store)] / sold)
        for store, sold in known.items()
        if sold > 0 and totals.get(str(store), 0.0) > 0
    }


def candidate_pulls(market_: Market, sites: pd.DataFrame, usual_m2: float | None, rules: Rules) -> Floats:
    """Pull of candidates (``lat``, ``lon``, ``size_m2``) on the points of a market, (n, c)."""
    size = relative_sizes(sites["size_m2"], usual_m2)
    return pulls(size, distances(market_.lat, market_.lon, sites), rules)


def _points(visits: pd.DataFrame) -> pd.DataFrame:
    """One row per cell, at the middle of its customers."""
    weight = visits["customers"].clip(lower=0).to_numpy(dtype=float)
    weight = np.where(weight > 0, weight, 1e-9)
    weighted = visits.assign(lat=visits["lat"] * weight, lon=visits["lon"] * weight, weight=weight)
    summed = weighted.groupby(["x", "y"], as_index=False)[["lat", "lon", "weight", "customers"]].sum()
    summed["lat"] /= summed["weight"]
    summed["lon"] /= summed["weight"]
    return summed[["x", "y", "lat", "lon", "customers"]]


def _with_towns(points: pd.DataFrame, towns: pd.DataFrame, level: int) -> tuple[pd.DataFrame, Floats]:
    """Add the cells of towns where we have no customer, and the inhabitants of every cell."""
    x20, y20 = to_x20(towns["lon"]), to_y20(towns["lat"])
    cells = pd.DataFrame(
        {
            "x": x20 >> (FINEST_ZOOM - level),
            "y": y20 >> (FINEST_ZOOM - level),
            "lat": towns["lat"].to_numpy(float) * towns["population"].to_numpy(float),
            "lon": towns["lon"].to_numpy(float) * towns["population"].to_numpy(float),
            "heads": towns["population"].to_numpy(float),
        }
    )
    cells = cells[cells["heads"] > 0].groupby(["x", "y"], as_index=False).sum()
    cells["lat"] /= cells["heads"]
    cells["lon"] /= cells["heads"]
    joined = points.merge(cells, on=["x", "y"], how="outer", suffixes=("", "_town"))
    for name in ("lat", "lon"):
        joined[name] = joined[name].fillna(joined[f"{name}_town"])
    joined = joined.sort_values(["x", "y"], ignore_index=True)
    joined["customers"] = joined["customers"].fillna(0.0)
    heads = joined["heads"].fillna(0.0).to_numpy(float)
    return joined[["x", "y", "lat", "lon", "customers"]], heads
