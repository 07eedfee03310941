"""What stores that were decided on have sold since, from the snapshot of today."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from data.site_scenarios import Scenario
from geo.site_scoring import Score, score
from ui import session
from ui.cached import store_list
from ui.cached.options import options


@st.cache_data(max_entries=64, show_spinner=False)
def daily(workspace: str, snapshot: str, store: str) -> pd.DataFrame:
    """Revenue of one store by day: ``day``, ``revenue``."""
    table = session.tables_of(workspace, session.whole(snapshot)).table("orders")
    table = table.filter(table.store_id == store)
    summed = table.group_by("day").aggregate(revenue=table.amount.sum().cast("float64"))
    made = pd.DataFrame(summed.to_pyarrow().to_pylist(), columns=["day", "revenue"])
    return made.sort_values("day", ignore_index=True)


def scores(workspace: str, snapshot: str, scenario: Scenario) -> dict[str, list[Score]]:
    """Scores of the sites of a scenario that have become stores, by the site's name.

    A store counts when its name or id is the site's, and it opened (its stated day, else its first sale)
    after the scenario's data ended.
    """
    known = options(workspace, snapshot)
    if known is None:
        return {}
    found: dict[str, list[Score]] = {}
    stores = store_list.every(workspace, snapshot)
    stores = stores[stores["owner"] != "competitor"]
    for site in scenario.results["sites"]:
        forecast = tuple(site.get(name) for name in ("p10", "p50", "p90"))
        name = str(site.get("name", ""))
        same = (stores["name"].astype(str).str.casefold() == name.casefold()) | (
            stores["store_id"].astype(str).str.casefold() == name.casefold()
        )
        if not name or not same.any() or not all(isinstance(v, (int, float)) for v in forecast):
            continue
        row = stores[same].iloc[0]
        sold = daily(workspace, snapshot, str(row["store_id"]))
        opened = _opened(row["opened_on"], sold)
        if opened is not None and opened > scenario.data_to:
            low, middle, high = (float(v) for v in forecast if v is not None)
            found[name] = score(sold, opened, known.as_of, (low, middle, high))
    return found


def _opened(stated: object, sold: pd.DataFrame) -> date | None:
    if isinstance(stated, date):
        return stated
    return pd.Timestamp(sold["day"].iloc[0]).date() if len(sold) else None
