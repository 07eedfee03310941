"""The plan for new stores of a workspace: the brief and the candidates, as they were last left.

One JSON file, replaced atomically. A file that does not read as a plan is passed over: the plan starts
anew, and the file stays until the next save.
"""

from __future__ import annotations

import json
import math
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from data.errors import BadScenario
from data.workspaces import Workspace

FOLDER: Final = "sites"
FILE: Final = "plan.json"
MOST: Final = 400
LARGEST: Final = 4_000_000

OBJECTIVES: Final = ("captured", "distance", "coverage")
WEIGHTS: Final = ("revenue", "customers", "value", "unserved")

BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "count": (1, 20),
    "radius_km": (0.5, 200),
    "own_km": (0, 200),
    "budget": (0, 1e13),
    "set_up": (0, 1e13),
    "fixed": (0, 1e12),
    "rent_limit": (0, 1e11),
    "hurdle_months": (1, 240),
    "own_share": (0.01, 1),
}
OPTIONAL: Final = ("budget", "set_up", "fixed", "rent_limit")
"""Numbers that may be unknown, or no limit."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What is looked for, and under which assumptions.

    Money is in the workspace's currency, ``rent_limit`` and ``fixed`` a month, ``set_up`` for one store and
    ``budget`` for all new ones.

    Raises
    ------
    BadScenario : a number outside ``BOUNDS`` or an unknown code.
    """

    count: int = 2
    objective: str = "captured"
    weight: str = "revenue"
    radius_km: float = 10.0
    own_km: float = 2.0
    hurdle_months: float = 36.0
    own_share: float = 0.3
    budget: float | None = None
    set_up: float | None = None
    fixed: float | None = None
    rent_limit: float | None = None

    def __post_init__(self) -> None:
        for name, known in (("objective", OBJECTIVES), ("weight", WEIGHTS)):
            if getattr(self, name) not in known:
                raise _bad(name, getattr(self, name), f"one of {', '.join(known)}")
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            if value is None and name in OPTIONAL:
                continue
            if not _is_number(value) or not low <= value <= high:
                raise _bad(name, value, f"a number from {low:g} to {high:g}")


@dataclass(frozen=True, slots=True)
class Plan:
    """A brief and candidates; each candidate a mapping of plain values."""

    brief: Brief = field(default_factory=Brief)
    candidates: tuple[Mapping[str, Any], ...] = ()


def load(workspace: Workspace) -> Plan:
    """The plan of a workspace; an empty one where there is none that can be read."""
    try:
        path = workspace.path / FOLDER / FILE
        if path.stat().st_size > LARGEST:
            return Plan()
        found = json.loads(path.read_text(encoding="utf-8"))
        names = {each.name for each in fields(Brief)}
        brief = Brief(**{name: value for name, value in found["brief"].items() if name in names})
        rows = tuple(row for row in found["candidates"][:MOST] if isinstance(row, dict))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadScenario):
        return Plan()
    return Plan(brief, rows)


def save(workspace: Workspace, plan: Plan) -> None:
    """Keep a plan.

    Raises
    ------
    BadScenario : more than ``MOST`` candidates.
    """
    if len(plan.candidates) > MOST:
        raise BadScenario("site_limit", "A plan holds {limit} candidates. Remove some first.", limit=MOST)
    write_atomically(
        workspace.folder(FOLDER) / FILE,
        {"brief": asdict(plan.brief), "candidates": [dict(row) for row in plan.candidates]},
    )


def changed(workspace: Workspace, **parts: Any) -> Plan:
    """Replace ``brief`` or ``candidates`` of a kept plan and keep it."""
    plan = replace(load(workspace), **parts)
    save(workspace, plan)
    return plan


def write_atomically(path: Path, content: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write JSON beside a file, then put it in its place: nobody reads half of it."""
    temporary = path.parent / f".{secrets.token_hex(8)}"
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    temporary.write_text(text.encode("utf-8", "replace").decode("utf-8"), encoding="utf-8")
    os.replace(temporary, path)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _bad(name: str, value: Any, needed: str) -> BadScenario:
    return BadScenario(
        "scenario_value",
        "{name} must be {needed}; it is {value}.",
        name=name,
        needed=needed,
        value=str(value),
    )
