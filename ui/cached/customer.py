"""One customer: who they are, what they bought and said. Read when asked for, kept only briefly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import streamlit as st

from analytics import next_purchase
from analytics.forecast.forecasters import MODELS
from analytics.lifecycle import Windows
from analytics.results import frame, rows
from analytics.scope import Scope
from analytics.survival import HORIZON_DAYS
from data.people import normal
from ui import session
from ui.cached import forecast, people
from ui.cached import next_purchase as timing
from ui.cached.forecast import Asked

FOUND: Final = 10
SHORTEST_NAME: Final = 3
SHORTEST_PHONE: Final = 7
LIVE_SECONDS: Final = 600


@st.cache_data(max_entries=32, ttl=LIVE_SECONDS, show_spinner=False)
def search(workspace: str, snapshot: str, text: str) -> list[str]:
    """Ids that are the text, else begin with it, else hold it; at most ten, in order."""
    summary = people.summary(workspace, snapshot)
    wanted = "".join(letter for letter in text if letter.isprintable()).strip().lower()
    if not wanted:
        return []
    lower = summary.customer_id.lower()
    rank = ibis.cases((lower == wanted, 0), (lower.startswith(wanted), 1), else_=2)
    hits = summary.filter(lower.contains(wanted)).select("customer_id", rank=rank)
    found = [row["customer_id"] for row in rows(hits.order_by("rank", "customer_id").limit(FOUND))]
    return found[:1] if found and found[0].lower() == wanted else found


@st.cache_data(max_entries=32, ttl=LIVE_SECONDS, show_spinner=False)
def by_contact(workspace: str, snapshot: str, text: str) -> dict[str, str]:
    """Ids of those whose telephone or e-mail address is the text, else whose name holds it; with their names.

    Somebody who asks to be erased tells a telephone number, not the id that a till's file was given here.
    A telephone counts without its country's prefix and its leading zero.
    """
    tables = session.tables_of(workspace, snapshot)
    wanted = " ".join("".join(letter for letter in text if letter.isprintable()).split()).lower()
    if not tables.has("customers") or len(wanted) < SHORTEST_NAME:
        return {}
    given = tables.table("customers")
    known = given.filter(given.customer_id.isin(people.summary(workspace, snapshot).customer_id))
    digits = _national(wanted, session.opened(workspace).config.country)
    is_phone = len(digits) >= SHORTEST_PHONE and not any(letter.isalpha() for letter in wanted)
    phone = known.phone.re_replace("[^0-9]", "")
    exact = phone.endswith(digits) if is_phone else known.email.lower() == wanted
    for test in (exact, known.name.lower().contains(wanted)):
        hits = known.filter(test.fill_null(False)).select("customer_id", "name")
        found = rows(hits.order_by("name", "customer_id").limit(FOUND))
        if found:
            return {row["customer_id"]: row["name"] or "" for row in found}
    return {}


def _national(text: str, country: str) -> str:
    """The digits of a telephone number without what its country or a leading zero puts before them."""
    known = normal.phone(text, country) or ""
    code = next((c for c in normal.CALLING_CODES.values() if known.startswith(f"+{c}")), "")
    found = known.removeprefix(f"+{code}") if code else text
    return "".join(letter for letter in found if letter.isdigit()).lstrip("0")


@st.cache_data(max_entries=32, ttl=LIVE_SECONDS, show_spinner=False)
def best(workspace: str, snapshot: str) -> str | None:
    """The id of the customer with the highest revenue: somebody to begin with."""
    summary = people.summary(workspace, snapshot)
    known = summary.filter((summary.orders > 0) & (summary.kind == "external"))
    found = rows(known.order_by(ibis.desc("revenue"), "customer_id").select("customer_id").limit(1))
    return found[0]["customer_id"] if found else None


@st.cache_data(max_entries=32, ttl=LIVE_SECONDS, show_spinner=False)
def profile(workspace: str, snapshot: str, customer_id: str) -> dict[str, Any] | None:
    """The row of the mart ``customer_summary``; None where there is none."""
    summary = people.summary(workspace, snapshot)
    found = rows(summary.filter(summary.customer_id == customer_id).limit(1))
    return found[0] if found else None


@st.cache_data(max_entries=32, ttl=LIVE_SECONDS, show_spinner=False)
def bought(workspace: str, snapshot: str, customer_id: str) -> pd.DataFrame:
    """Every order, newest first: ``day``, ``store_id``, ``channel``, ``categories``, ``amount``,
    ``margin``, ``is_purchase``.
    """
    tables = session.tables_of(workspace, snapshot)
    orders, parts = tables.table("orders"), tables.table("order_categories")
    own = orders.filter(orders.customer_id == customer_id)
    inside = parts.semi_join(own, "order_key")
    named = inside.group_by("order_key").aggregate(categories=inside.category.group_concat(", "))
    joined = own.left_join(named, "order_key")
    return frame(
        joined.order_by(ibis.desc("ordered_at"), ibis.desc("order_key")).select(
            "day", "store_id", "channel", "categories", "amount", "margin", "is_purchase"
        )
    )


@st.cache_data(max_entries=32, ttl=LIVE_SECONDS, show_spinner=False)
def said(workspace: str, snapshot: str, customer_id: str) -> pd.DataFrame:
    """Feedback, newest first: ``day``, ``kind``, ``score``; empty without the table."""
    tables = session.tables_of(workspace, snapshot)
    if not tables.has("feedback"):
        return pd.DataFrame(columns=["day", "kind", "score"])
    table = tables.table("feedback")
    own = table.filter(table.customer_id == customer_id)
    own = own.mutate(day=own.given_at.cast("date"))
    return frame(own.order_by(ibis.desc("given_at")).select("day", "kind", "score"))


@dataclass(frozen=True, slots=True)
class OneCustomer:
    """A rule for ``people.Wanted.among``: one customer."""

    key: int
    of: str = "OneCustomer"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The customer's key."""
        summary = people.summary(workspace, snapshot)
        return summary.filter(summary.customer_key == self.key).select("customer_key")


@st.cache_data(max_entries=32, ttl=LIVE_SECONDS, show_spinner=False)
def score(
    workspace: str, snapshot: str, asked: Asked, service_cost: float, key: int
) -> dict[str, Any] | None:
    """The customer's forecast (columns of ``valuing.valued``); None where there is none, or must be none."""
    if forecast.scored(workspace, snapshot, asked) is None:
        return None
    whole = Scope(date.min, date.max)
    table = forecast.valued(workspace, snapshot, whole, Windows(), asked, service_cost)
    found = rows(people.profiled(workspace, snapshot, table.filter(table.customer_key == key)))
    return found[0] if found else None


def model(workspace: str, snapshot: str, asked: Asked) -> Any:
    """The fitted model behind the forecast, or None; for P(alive) over time."""
    made = forecast.saved(workspace, snapshot, asked)
    if made is None or not made.usable or not made.tells_churn:
        return None
    return MODELS[made.model].from_params(made.params)


def window(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, orders: int, waited: int
) -> tuple[float, date | None, date | None]:
    """Chance of a purchase within a year, and the days between which half of those fall."""
    made = timing.rhythms(workspace, snapshot, scope, windows, HORIZON_DAYS)
    found = next_purchase.windows(made, np.array([orders], float), np.array([waited], float))
    row = found.iloc[0]
    days = next_purchase.window_dates(scope.end, float(row["first"]), float(row["last"]))
    return float(row["chance"]), *(days or (None, None))
