"""The customers around a place where a store could stand."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from analytics.lifecycle import Windows
from analytics.scope import Scope
from geo.distance import haversine_km
from ui.cached import visits as who


@dataclass(frozen=True, slots=True)
class NearSite:
    """A rule for a list: customers of own stores, or of ``any_channel``, who live near a place."""

    lat: float
    lon: float
    km: float
    any_channel: bool = False
    of: str = "NearSite"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """Their ``customer_key``."""
        return ibis.memtable(self.rows(workspace, snapshot, scope, windows).select(["customer_key"]))

    def count(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> int:
        """How many they are."""
        found = self.rows(workspace, snapshot, scope, windows)
        return len(found["customer_key"].unique())

    def rows(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pa.Table:
        """The rows of ``visits.placed``, or ``visits.buyers``, of those within the radius."""
        read = who.buyers if self.any_channel else who.placed
        table = read(workspace, snapshot, scope, windows)
        km = haversine_km(table["lat"].to_numpy(), table["lon"].to_numpy(), self.lat, self.lon)
        return table.filter(pa.array(km <= self.km))
