"""Workspaces: one folder a client, under ``Settings.home``; nothing is shared between two."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomli_w

from data import erasure_journal, snapshots
from data.errors import BadName, BadSetting, WorkspaceBusy, WorkspaceMissing
from data.snapshots import Snapshot

_FOLDER: Final = "workspaces"
_CONFIG: Final = "workspace.toml"
_FORMAT: Final = 2
_WINDOWS_OF_FORMAT_1: Final = (90, 180, 4, 365)
WINDOWS: Final = ("new_days", "lapse_days", "loyal_orders", "loyal_days")
_LOCK: Final = "LOCK"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)}
)


@dataclass(frozen=True, slots=True)
class Config:
    """What is true of one client, kept in ``workspace.toml``.

    ``margin`` is the share of revenue taken as margin where no cost is known, ``margins`` the same
    per channel (0..1); ``day_starts_at_hour`` is when a business day begins (0..23, local time).
    ``new_days``, ``lapse_days``, ``loyal_orders``, ``loyal_days`` are the lifecycle windows somebody
    chose; None where they follow from the data.
    """

    title: str = ""
    currency: str = "MYR"
    country: str = "MY"
    time_zone: str = "Asia/Kuala_Lumpur"
    day_starts_at_hour: int = 0
    margin: float = 0.4
    margins: Mapping[str, float] = field(default_factory=dict)
    new_days: int | None = None
    lapse_days: int | None = None
    loyal_orders: int | None = None
    loyal_days: int | None = None

    def __post_init__(self) -> None:
        _require(
            0 <= self.day_starts_at_hour <= 23,
            "day_starts_at_hour",
            self.day_starts_at_hour,
            "0 to 23",
        )
        _require(
            re.fullmatch(r"[A-Z]{3}", self.currency),
            "currency",
            self.currency,
            "a code such as MYR",
        )
        _require(re.fullmatch(r"[A-Z]{2}", self.country), "country", self.country, "a code such as MY")
        for channel, margin in {"margin": self.margin, **self.margins}.items():
            _require(-1 <= margin <= 1, f"margin of {channel}", margin, "a share from -1 to 1")
        for name in WINDOWS:
            value = getattr(self, name)
            _require(value is None or value >= 1, name, value, "1 or more")
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise _bad("time_zone", self.time_zone, "a zone such as Asia/Kuala_Lumpur") from error


@dataclass(frozen=True, slots=True)
class Workspace:
    """One client's folder."""

    path: Path
    config: Config

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def title(self) -> str:
        return self.config.title or self.name

    def current(self) -> Snapshot | None:
        return snapshots.current(self.path)

    def snapshots(self) -> list[Snapshot]:
        return snapshots.history(self.path)

    def folder(self, name: str) -> Path:
        """A folder of the workspace beside the snapshots, made when missing."""
        path = self.path / name
        path.mkdir(exist_ok=True)
        return path

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to write; the system releases it when the process ends, however it ends.

        Raises
        ------
        WorkspaceBusy : another import is running.
        """
        with (self.path / _LOCK).open("a+b") as file:
            if not _try_lock(file.fileno()):
                raise WorkspaceBusy(
                    "workspace_busy",
                    "Another import into {workspace} is running. Wait for it to end, then try again.",
                    workspace=self.name,
                )
            erasure_journal.recover(self.path)
            yield


def create(home: Path, name: str, config: Config | None = None) -> Workspace:
    """Make a workspace, or open it when it is there.

    Parameters
    ----------
    home : Path
        ``Settings.home``.
    name : str
        Turned into a folder name: lower case letters, digits, ``-`` and ``_``.
    config : Config, optional
        Taken for a new workspace only.

    Raises
    ------
    BadName : nothing of the name can stand in a folder name.
    """
    path = _path(home, name)
    if not (path / _CONFIG).is_file():
        path.mkdir(parents=True, exist_ok=True)
        configure(Workspace(path, config or Config(title=name.strip())))
    return open_workspace(home, name)


def open_workspace(home: Path, name: str) -> Workspace:
    """Open a workspace.

    Raises
    ------
    BadName, WorkspaceMissing, BadSetting
    """
    path = _path(home, name)
    file = path / _CONFIG
    if not file.is_file():
        raise WorkspaceMissing(
            "workspace_missing",
            "There is no workspace {workspace}. Import a file into it to make it.",
            workspace=path.name,
        )
    found = Workspace(path, _read_config(file))
    if (path / erasure_journal.JOURNAL).is_file():
        with suppress(WorkspaceBusy), found.lock():  # an erasure that was cut short is carried through
            pass
    return found


def list_workspaces(home: Path) -> list[Workspace]:
    """All workspaces by name; a folder that is not one, or whose settings cannot be read, is passed over.

    ``open_workspace`` says what is wrong with the latter.
    """
    folder = home / _FOLDER
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if _NAME.fullmatch(path.name) and (path / _CONFIG).is_file():
            with suppress(BadSetting):
                found.append(open_workspace(home, path.name))
    return found


def configure(workspace: Workspace, **changes: Any) -> Workspace:
    """Write a workspace's configuration, with changes, atomically."""
    config = replace(workspace.config, **changes)
    values = {"format": _FORMAT, **asdict(config), "margins": dict(config.margins)}
    values = {name: value for name, value in values.items() if value is not None}
    temporary = workspace.path / f".{_CONFIG}-{os.getpid()}"
    temporary.write_text(tomli_w.dumps(values), encoding="utf-8")
    os.replace(temporary, workspace.path / _CONFIG)
    return Workspace(workspace.path, config)


def delete(workspace: Workspace) -> None:
    """Delete a workspace and everything in it, for good.

    Raises
    ------
    WorkspaceBusy : an import is running.
    """
    with workspace.lock():
        (workspace.path / snapshots.POINTER).unlink(missing_ok=True)
        (workspace.path / _CONFIG).unlink(missing_ok=True)
    shutil.rmtree(workspace.path)


def slug(name: str) -> str:
    """A folder name made of a workspace's name.

    Raises
    ------
    BadName

    Examples
    --------
    >>> slug("Kedai Café 1")
    'kedai-cafe-1'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:63].strip("-_")
    if re.search(r"[/\\\x00]", name) or not _NAME.fullmatch(made) or made in _RESERVED:
        raise BadName(
            "workspace_name",
            "A workspace's name needs letters or digits (a to z, 0 to 9); found {name!r}. Choose another.",
            name=name[:80],
        )
    return made


def _path(home: Path, name: str) -> Path:
    return home / _FOLDER / slug(name)


def _read_config(file: Path) -> Config:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise _bad(_CONFIG, str(error), "TOML") from error
    known = {f.name for f in fields(Config)}
    if "format" not in values and tuple(values.get(name) for name in WINDOWS) == _WINDOWS_OF_FORMAT_1:
        known -= set(WINDOWS)  # the first format wrote its defaults out; nobody chose them
    try:
        return Config(**{key: value for key, value in values.items() if key in known})
    except TypeError as error:  # a text where a number belongs
        raise _bad(_CONFIG, str(error), "settings of the right type") from error


def _require(holds: object, name: str, value: object, needed: str) -> None:
    if not holds:
        raise _bad(name, value, needed)


def _bad(name: str, value: object, needed: str) -> BadSetting:
    return BadSetting(
        "setting_value",
        "{name} must be {needed}; it is {value}. Correct it in the workspace's settings.",
        name=name,
        needed=needed,
        value=str(value),
    )


def _try_lock(handle: int) -> bool:
    if os.name == "nt":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
