"""Decisions about sites, frozen: what was asked, on which data, and what came out.

One JSON file each, never changed after it was written; a later snapshot cannot move its numbers. They are
compared with each other, and with what the stores sold when they were opened.
"""

from __future__ import annotations

import json
import math
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from data.errors import BadScenario
from data.site_plans import write_atomically
from data.workspaces import Workspace

FOLDER: Final = "site_scenarios"
MOST: Final = 50
LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 2_000
LARGEST: Final = 2_000_000

_FILE: Final = re.compile(r"[0-9a-f]{16}\.json")


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumption as it stood: what (a code), how much (as written), who answers for it, since when."""

    code: str
    value: str
    owner: str
    on: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A frozen decision.

    Parameters
    ----------
    key : str
        The file's name.
    name, owner, dissent : str
        As typed.
    saved_on, data_to : date
        The day it was frozen, and the last day of the data.
    snapshot : str
        Id of the data it was computed on.
    currency : str
    inputs : mapping
        The brief, as plain values.
    results : mapping
        Objective, bound, gap, forecast error, and ``sites``: a list of mappings with ``name``, ``lat``,
        ``lon``, ``p10``, ``p50``, ``p90`` (or None), and what else is shown.
    assumptions : tuple of Assumption
    """

    key: str
    name: str
    saved_on: date
    snapshot: str
    data_to: date
    currency: str
    owner: str
    dissent: str
    inputs: Mapping[str, Any]
    results: Mapping[str, Any]
    assumptions: tuple[Assumption, ...] = ()


def save(workspace: Workspace, scenario: Scenario) -> Scenario:
    """Freeze a scenario; its key is made here.

    Returns
    -------
    Scenario
        As it is kept: texts cut to their longest, numbers that are none as None.

    Raises
    ------
    BadScenario : no name, or ``MOST`` are kept already.
    """
    name = " ".join(scenario.name.split())[:LONGEST_NAME].strip()
    if not name:
        raise BadScenario("scenario_name", "A scenario needs a name. Type one.")
    folder = workspace.folder(FOLDER)
    if len(_files(folder)) >= MOST:
        raise BadScenario(
            "scenario_limit", "A workspace keeps {limit} scenarios. Delete one first.", limit=MOST
        )
    key = secrets.token_hex(8)
    values = asdict(scenario) | {
        "key": key,
        "name": name,
        "owner": scenario.owner[:LONGEST_NAME],
        "dissent": scenario.dissent[:LONGEST_TEXT],
        "saved_on": scenario.saved_on.isoformat(),
        "data_to": scenario.data_to.isoformat(),
    }
    path = folder / f"{key}.json"
    write_atomically(path, _finite(values))
    kept = _read(path)
    if kept is None:
        path.unlink(missing_ok=True)
        raise BadScenario(
            "scenario_value",
            "{name} must be {needed}; it is {value}.",
            name="results",
            needed="plain values",
            value="-",
        )
    return kept


def saved(workspace: Workspace) -> list[Scenario]:
    """Every frozen scenario, the newest first; a file that cannot be read is passed over."""
    folder = workspace.path / FOLDER
    found = [_read(path) for path in _files(folder)] if folder.is_dir() else []
    return sorted((s for s in found if s), key=lambda s: (-s.saved_on.toordinal(), s.name.casefold(), s.key))


def delete(workspace: Workspace, key: str) -> None:
    """Forget a scenario; a key that is none is passed over."""
    if _FILE.fullmatch(f"{key}.json"):
        (workspace.path / FOLDER / f"{key}.json").unlink(missing_ok=True)


def _read(path: Path) -> Scenario | None:
    try:
        if path.stat().st_size > LARGEST:
            return None
        values = json.loads(path.read_text(encoding="utf-8"))
        given = {field.name: values[field.name] for field in fields(Scenario)}
        given["saved_on"] = date.fromisoformat(given["saved_on"])
        given["data_to"] = date.fromisoformat(given["data_to"])
        given["assumptions"] = tuple(
            Assumption(*(str(row[name]) for name in ("code", "value", "owner", "on")))
            for row in given["assumptions"]
        )
        texts = all(
            isinstance(given[name], str) for name in ("name", "snapshot", "currency", "owner", "dissent")
        )
        maps = isinstance(given["inputs"], dict) and isinstance(given["results"], dict)
        sites = maps and isinstance(given["results"].get("sites"), list)
        if not (texts and sites and all(isinstance(row, dict) for row in given["results"]["sites"])):
            return None
        return Scenario(**(given | {"key": path.stem}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _finite(value: Any) -> Any:
    """Plain values only: a number that is none becomes None, a tuple a list."""
    if isinstance(value, Mapping):
        return {str(name): _finite(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if _FILE.fullmatch(path.name)]
