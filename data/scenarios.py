"""Scenarios of a talk with a client: kept in the workspace by name, and written as a link.

A link holds numbers and a currency code and nothing else; what does not read as exactly that is
no scenario. Each scenario is a TOML file of its own, so that two sessions never undo each other.
"""

from __future__ import annotations

import math
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import tomli_w

from data.errors import BadScenario
from data.workspaces import Workspace

FOLDER: Final = "scenarios"
MOST: Final = 50
"""Scenarios a workspace keeps."""

LONGEST_NAME: Final = 60
DECIMALS: Final = 6

_MONEY: Final = (0.0, 1e12)
_SHARE: Final = (0.0, 1.0)
BOUNDS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "customers": (1.0, 1e9),
        "average_order": _MONEY,
        "orders_per_year": (0.0, 1000.0),
        "margin_rate": _SHARE,
        "retention": _SHARE,
        "acquisition_cost": _MONEY,
        "discount": _SHARE,
        "points": _SHARE,
        "cashback": _SHARE,
        "set_up": _MONEY,
    }
)
"""What each number may be, in the order in which a link holds them; shares are 0..1."""

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_NUMBER: Final = r"[0-9]{1,13}(?:\.[0-9]{1,6})?"
_LINK: Final = re.compile(rf"([A-Z]{{3}})((?:_{_NUMBER}){{{len(BOUNDS)}}})")
_FILE: Final = re.compile(r"[0-9a-f]{16}\.toml")


@dataclass(frozen=True, slots=True)
class Scenario:
    """The numbers of one talk.

    Money is in ``currency`` (ISO 4217); rates are shares a year; ``points`` is the rise of
    retention (0.05 is 5 points), ``cashback`` a share of revenue, ``set_up`` is paid once.

    Raises
    ------
    BadScenario : a number outside ``BOUNDS``, or a currency that is no code.
    """

    currency: str
    customers: float
    average_order: float
    orders_per_year: float
    margin_rate: float
    retention: float
    acquisition_cost: float
    discount: float
    points: float
    cashback: float
    set_up: float

    def __post_init__(self) -> None:
        if not (isinstance(self.currency, str) and _CURRENCY.fullmatch(self.currency)):
            raise _bad("currency", self.currency, "a code such as MYR")
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not is_number or not math.isfinite(value) or not low <= value <= high:
                raise _bad(name, value, f"a number from {low:g} to {high:g}")


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario that is kept, under the name somebody typed (data: write it safely)."""

    key: str
    name: str
    saved_on: date
    scenario: Scenario


def encode(scenario: Scenario) -> str:
    """Write a scenario as it stands in a link.

    Examples
    --------
    >>> encode(Scenario("MYR", 2000, 60, 4, 0.4, 0.6, 45, 0.1, 0.05, 0.02, 6000))
    'MYR_2000_60_4_0.4_0.6_45_0.1_0.05_0.02_6000'
    """
    return "_".join([scenario.currency, *(_written(getattr(scenario, name)) for name in BOUNDS)])


def decode(text: str) -> Scenario | None:
    """Read the scenario of a link; None for anything that is not exactly one.

    Examples
    --------
    >>> decode("MYR_2000_60_4_0.4_0.6_45_0.1_0.05_0.02_6000").retention
    0.6
    >>> decode("MYR_2000_60_4_0.4_9_45_0.1_0.05_0.02_6000") is None  # 900% stay
    True
    """
    found = _LINK.fullmatch(text) if len(text) <= 400 else None
    if found is None:
        return None
    values = [float(part) for part in found[2][1:].split("_")]
    try:
        return Scenario(found[1], *values)
    except BadScenario:
        return None


def save(workspace: Workspace, name: str, scenario: Scenario, on: date) -> Saved:
    """Keep a scenario under a name; one of the same name is replaced.

    Parameters
    ----------
    name : str
        Cut to ``LONGEST_NAME`` characters; letter case and spaces around it make no other name.
    on : date
        The day, as it is shown.

    Raises
    ------
    BadScenario : no name, or ``MOST`` scenarios are kept already.
    """
    name = " ".join(name.split())[:LONGEST_NAME].strip()
    if not name:
        raise BadScenario("scenario_name", "A scenario needs a name. Type one.")
    folder = workspace.folder(FOLDER)
    key = blake2b(name.casefold().encode("utf-8", errors="surrogatepass"), digest_size=8).hexdigest()
    path = folder / f"{key}.toml"
    if not path.exists() and len(_files(folder)) >= MOST:
        raise BadScenario(
            "scenario_limit", "A workspace keeps {limit} scenarios. Delete one first.", limit=MOST
        )
    kept = Saved(key, name.encode("utf-8", errors="replace").decode("utf-8"), on, scenario)
    numbers = {field.name: getattr(scenario, field.name) for field in fields(Scenario)}
    temporary = folder / f".{secrets.token_hex(8)}"
    temporary.write_text(tomli_w.dumps({"name": kept.name, "saved_on": on, **numbers}), encoding="utf-8")
    os.replace(temporary, path)
    return kept


def saved(workspace: Workspace) -> list[Saved]:
    """Every scenario of a workspace by name; a file that cannot be read is passed over."""
    folder = workspace.path / FOLDER
    found = [_read(path) for path in _files(folder)] if folder.is_dir() else []
    return sorted((each for each in found if each), key=lambda each: (each.name.casefold(), each.key))


def delete(workspace: Workspace, key: str) -> None:
    """Forget a scenario; a key that is none is passed over."""
    if _FILE.fullmatch(f"{key}.toml"):
        (workspace.path / FOLDER / f"{key}.toml").unlink(missing_ok=True)


def _read(path: Path) -> Saved | None:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        numbers = {field.name: values[field.name] for field in fields(Scenario)}
        name, on = values["name"], values["saved_on"]
        scenario = Scenario(**numbers)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, BadScenario):
        return None
    if not isinstance(name, str) or not isinstance(on, date):
        return None
    return Saved(path.stem, name[:LONGEST_NAME], on, scenario)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if _FILE.fullmatch(path.name)]


def _written(value: float) -> str:
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _bad(name: str, value: Any, needed: str) -> BadScenario:
    return BadScenario(
        "scenario_value",
        "{name} must be {needed}; it is {value}.",
        name=name,
        needed=needed,
        value=str(value),
    )
