"""Withdrawals of consent and the files made before them, read when the page is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import streamlit as st

from data import withdrawals
from data.export_log import Export, exports
from data.withdrawals import Withdrawal
from ui import session


@dataclass(frozen=True)
class Wish:
    """A withdrawal that stands, the files that may hold the person, and whether it was ticked off."""

    withdrawal: Withdrawal
    files: tuple[Export, ...]
    settled: bool

    def is_open(self, now: datetime) -> bool:
        """Whether somebody has to act: a file is out there, or the time is still running."""
        return not self.settled and (bool(self.files) or self.withdrawal.hours_left(now) > 0)


@st.cache_data(max_entries=8, show_spinner=False)
def _standing(workspace: str, snapshot: str) -> list[Withdrawal]:
    tables = session.tables_of(workspace, snapshot)
    consents = tables.table("consents")
    held: pa.Table = consents.select(
        "customer_id", "channel", "purpose", "state", "at", "source"
    ).to_pyarrow()
    opened = session.opened(workspace)
    return withdrawals.standing(held, opened.config.time_zone)


def wishes(workspace: str, snapshot: str) -> list[Wish] | None:
    """Every withdrawal that stands, the newest first; None where the workspace has no consents."""
    if not session.tables_of(workspace, snapshot).has("consents"):
        return None
    opened = session.opened(workspace)
    log, done = exports(opened), withdrawals.settled(opened)
    return [
        Wish(each, tuple(withdrawals.told(opened, each, log)), withdrawals.hash_of(opened, each) in done)
        for each in reversed(_standing(workspace, snapshot))
    ]
