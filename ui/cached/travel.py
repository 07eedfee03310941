"""How ways are measured in a workspace, ready for geo."""

from __future__ import annotations

import streamlit as st

from data import travel as kept
from data.travel import KeptTravel
from geo.travel import Given, Travel, Unit
from ui import session


def current(workspace: str) -> KeptTravel:
    """What is in use; ``version`` belongs into the key of every answer that rests on it."""
    return kept.current(session.opened(workspace))


@st.cache_resource(max_entries=4, show_spinner=False)
def travel(workspace: str, version: str) -> Travel:
    """The way of measuring of that version; the present one where it has been replaced since."""
    opened = session.opened(workspace)
    found = kept.current(opened)
    given = kept.times(opened, found)
    unit: Unit = "km" if given is None else "min"
    times = None if given is None else Given(given.lat, given.lon, given.store_ids, given.minutes)
    calibrated = given is not None
    return Travel(found.label, unit, found.factor, calibrated, times)  # type: ignore[arg-type]


@st.cache_data(max_entries=8, show_spinner=False)
def postcodes(workspace: str, snapshot: str) -> dict[str, tuple[float, float]]:
    """The middle of the customers of each postcode, degrees."""
    table = session.tables_of(workspace, snapshot).table("customer_summary")
    if "postcode" not in table.columns:
        return {}
    known = table.filter(table.postcode.notnull(), table.lat.notnull(), table.lon.notnull())
    middle = known.group_by("postcode").aggregate(lat=known.lat.mean(), lon=known.lon.mean())
    rows = middle.order_by("postcode").to_pyarrow().to_pylist()
    return {str(row["postcode"]): (float(row["lat"]), float(row["lon"])) for row in rows}
