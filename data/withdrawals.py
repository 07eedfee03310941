"""Withdrawals of consent: what is left of the time to act on each, and which files were made before it.

The clock is 72 hours: Indonesia's Law 27/2022 on the protection of personal data gives 3 x 24 hours to stop
processing after a withdrawal (article 40), and the same to notify after a failure of protection (article 46);
Malaysia's Act 709 (PDPA) asks to stop on notice (section 38) and, for direct marketing, at the end of a
period that is reasonable (section 43), with 72 hours for notifying a breach since 2025. One clock for both is
the stricter reading; it is no legal advice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from data import export_members
from data.erasure import ids_of
from data.export_log import Export, exports
from data.people import keys
from data.workspaces import Workspace

HOURS: Final = 72
FOLDER: Final = "privacy"
DONE: Final = "settled.json"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Somebody's "no" that stands.

    Parameters
    ----------
    customer_id : str
    channel : str
        Empty: every channel.
    purpose : str
    at : datetime
        When it was said; UTC.
    source : str
        Where.
    """

    customer_id: str
    channel: str
    purpose: str
    at: datetime
    source: str = ""

    @property
    def due(self) -> datetime:
        """When everybody who was given the contact must have heard of it."""
        return self.at + timedelta(hours=HOURS)

    def hours_left(self, now: datetime) -> float:
        """Hours until then; negative when it is past."""
        return (self.due - now) / timedelta(hours=1)

    @property
    def code(self) -> str:
        """A keyless name for the settled ones of one workspace: never shown, gone with the list."""
        return f"{self.customer_id}\x1f{self.channel}\x1f{self.purpose}\x1f{self.at.isoformat()}"


def standing(rows: pa.Table, time_zone: str) -> list[Withdrawal]:
    """The withdrawals that stand, of the statements of the table ``consents``; the oldest first.

    One that was followed by an agreement to the same channel and purpose does not stand; of several, the
    first since the last agreement sets the clock.

    Parameters
    ----------
    rows : pyarrow Table
        ``customer_id``, ``channel``, ``purpose``, ``state``, ``at`` (local time, null: not known),
        ``source``.
    time_zone : str
        The workspace's.
    """
    zone = ZoneInfo(time_zone)
    open_ones: dict[tuple[str, str, str], Withdrawal] = {}
    dated = [row for row in rows.to_pylist() if row["at"] is not None]
    for row in sorted(dated, key=lambda r: (r["at"], r["state"] == "withdrawn")):
        channel = (row["channel"] or "").strip().lower().replace("all", "")
        purpose = (row["purpose"] or "marketing").strip().lower()
        key = (row["customer_id"], channel, purpose)
        if row["state"] == "granted":
            open_ones.pop(key, None)
        elif key not in open_ones:
            at = row["at"].replace(tzinfo=zone).astimezone(UTC)
            open_ones[key] = Withdrawal(*key, at, row.get("source") or "")
    return sorted(open_ones.values(), key=lambda w: (w.at, w.customer_id, w.channel))


def told(workspace: Workspace, withdrawal: Withdrawal, log: Sequence[Export] | None = None) -> list[Export]:
    """Files that may hold the person and were made before they said no: those who have them must be told.

    A file counts that held them, or of which it is not known any more: those with contacts of that channel
    (or of any, where the withdrawal is about all), and those without contacts, since they may be joined with
    others.
    """
    ids = _ids(workspace, withdrawal.customer_id)
    made = exports(workspace) if log is None else log
    return [
        each
        for each in made
        if each.at <= withdrawal.at
        and (not each.contact or not withdrawal.channel or each.contact == withdrawal.channel)
        and export_members.held(workspace, each, ids) is not False
    ]


def _ids(workspace: Workspace, customer_id: str) -> tuple[str, ...]:
    now = workspace.current()
    return ids_of(now, customer_id) if now is not None else (customer_id,)


def settled(workspace: Workspace) -> frozenset[str]:
    """Keyed hashes of the withdrawals that somebody ticked off."""
    file = workspace.path / FOLDER / DONE
    held = json.loads(file.read_text(encoding="ascii")) if file.is_file() else []
    return frozenset(str(each) for each in held)


def settle(workspace: Workspace, withdrawals: Sequence[Withdrawal]) -> None:
    """Tick withdrawals off: whoever had the contact was told. Kept as keyed hashes only."""
    held = sorted(settled(workspace) | {hash_of(workspace, each) for each in withdrawals})
    file = workspace.folder(FOLDER) / DONE
    made = file.with_name(f".{DONE}-{os.getpid()}")
    made.write_text(json.dumps(held), encoding="ascii")
    os.replace(made, file)


def hash_of(workspace: Workspace, withdrawal: Withdrawal) -> str:
    """The keyed hash under which a withdrawal is ticked off."""
    return keys.digest(keys.key_of(workspace.path), "withdrawal", withdrawal.code)
