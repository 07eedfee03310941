"""The customers on a rung of the ladder, and the fewest who bring most, as rules for a list."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from analytics import ladder, pareto
from analytics.lifecycle import Windows
from analytics.scope import Scope
from ui.cached import people


@dataclass(frozen=True, slots=True)
class Rung:
    """Buyers, those who ordered again (``customers``), or ``members`` among them."""

    code: str = "buyers"
    of: str = "Rung"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those on the rung or above."""
        each = people.per_customer(workspace, snapshot, scope, windows)
        return ladder.on_rung(each, people.summary(workspace, snapshot), scope.end, self.code)


@dataclass(frozen=True, slots=True)
class BringMost:
    """The fewest customers who bring a share of the window's revenue or margin."""

    measure: str = "revenue"
    share: float = 0.8
    of: str = "BringMost"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of the best, down to the one with whom the share is reached."""
        each = people.per_customer(workspace, snapshot, scope, windows, whole=False)
        return pareto.fewest(pareto.ranked(each, self.measure), self.share).select("customer_key")
