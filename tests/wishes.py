"""A shop whose customers have said what may be done with their data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.workspaces import Workspace
from tests.conftest import build_workspace, small_tables
from ui.cached.options import options

NOW = datetime.now(UTC).replace(tzinfo=None)


def _said(who: str, channel: str | None, purpose: str, state: str, hours: float) -> dict[str, object]:
    at = (NOW + timedelta(hours=8) - timedelta(hours=hours)).replace(microsecond=0)
    return {
        "customer_id": who,
        "channel": channel,
        "purpose": purpose,
        "state": state,
        "at": at,
        "source": "form",
    }


def shop_with_wishes(home: Path) -> Workspace:
    """80 customers; C0007 does not want to be profiled."""
    tables = small_tables(customers=80)
    tables["consents"] = pa.Table.from_pylist(
        [
            _said("C0003", "email", "marketing", "granted", 900),
            _said("C0003", None, "marketing", "withdrawn", 10),
            _said("C0004", "email", "marketing", "granted", 900),
            _said("C0005", "email", "marketing", "withdrawn", 100),
            _said("C0006", "email", "marketing", "withdrawn", 200),
            _said("C0006", "email", "marketing", "granted", 100),
            _said("C0007", None, "profiling", "withdrawn", 500),
        ]
    )
    return build_workspace(home, "Rahsia", tables)


def whole_of(shop: Workspace) -> tuple[str, str, Scope, Windows]:
    """Workspace, snapshot, all its days, the usual windows: the key of a question."""
    snapshot = shop.current()
    assert snapshot is not None
    known = options(shop.name, snapshot.id)
    assert known is not None
    return shop.name, snapshot.id, Scope(known.first_day, known.as_of), Windows()
