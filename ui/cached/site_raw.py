"""The market of new stores once more on single customers, to see what aggregation did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.lifecycle import Windows
from analytics.scope import Scope
from geo.captured import Floats, Market
from ui.cached import visits as who
from ui.cached.gravity_market import year_of
from ui.cached.site_model import Model

CHUNK: Final = 100_000
"""Customers that are held at once."""


def parts(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, made: Model, kept: pd.DataFrame
) -> Iterator[tuple[Market, Floats]]:
    """The market of single customers, in parts, with the candidates' pull on each."""
    year, _ = year_of(workspace, snapshot, scope)
    if made.first:
        buyers = who.buyers(workspace, snapshot, year, windows)
        return (_homes(each, kept) for each in _chunks(buyers))
    return (_raw(each, made, kept) for each in _chunks(who.placed(workspace, snapshot, year, windows)))


def _chunks(table: pa.Table) -> Iterator[pd.DataFrame]:
    return (table.slice(start, CHUNK).to_pandas() for start in range(0, table.num_rows, CHUNK))


def _homes(people: pd.DataFrame, kept: pd.DataFrame) -> tuple[Market, Floats]:
    """Customers at their homes where no store sells: nothing pulls, only their ways can be looked at."""
    lat, lon = people["lat"].to_numpy(float), people["lon"].to_numpy(float)
    nothing, one = np.zeros((len(people), 0)), np.ones(len(people))
    market = Market(lat, lon, nothing, one, nothing, one, nothing.sum(axis=1))
    return market, np.broadcast_to(0.0, (len(people), len(kept)))


def _raw(rows: pd.DataFrame, made: Model, kept: pd.DataFrame) -> tuple[Market, Floats]:
    """Customers at their homes with what they bought in each own store; what else is spent plays no part."""
    column = pd.Index(made.own["store_id"]).get_indexer(rows["store_id"])
    rows, column = rows[column >= 0], column[column >= 0]
    number, _ = pd.factorize(rows["customer_key"])
    people = rows.drop_duplicates("customer_key")
    lat, lon = people["lat"].to_numpy(float), people["lon"].to_numpy(float)
    sales = np.zeros((len(people), len(made.own)))
    sold = np.maximum(rows["revenue"].to_numpy(float), 0.0) * made.yearly * made.known.scale[column]
    np.add.at(sales, (number, column), sold)
    surface, known = made.surface, made.known
    theirs = replace(surface.rivals, distance=made.travel.cost(lat, lon, known.rivals))
    here = replace(surface, rivals=theirs)
    pull = here.pull(known.market.attraction, made.travel.cost(lat, lon, known.stores))
    market = Market(lat, lon, sales, np.ones(len(people)), pull, here.against(len(people)), sales.sum(axis=1))
    return market, made.pulls_at(lat, lon, kept)
