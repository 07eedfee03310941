"""How uploaded files would be understood."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from data import workspaces
from data.errors import BadName, WorkspaceMissing
from data.exports import own
from data.exports.looking import Seen, look
from data.exports.opening import Answers
from data.importing import mapping, preview
from data.importing.defaults import new_config
from data.importing.preview import Preview
from data.settings import settings
from data.workspaces import Config, Workspace


@st.cache_data(max_entries=32, show_spinner=False)
def likely_table(path: str, stamp: int) -> str:
    """The table an uploaded file most likely fills; ``stamp`` tells one upload from the next."""
    return preview.guess_table(settings(), Path(path))


@st.cache_data(max_entries=32, show_spinner=False)
def understood(path: str, stamp: int, table: str, corrections: str, workspace: str, country: str) -> Preview:
    """A file as the import would read it.

    Parameters
    ----------
    path : str
    stamp : int
        Tells one upload from the next.
    table : str
    corrections : str
        The owner's mapping as TOML, or "".
    workspace : str
        Its remembered mappings count; it need not exist.
    country : str
        Of a new workspace.

    Raises
    ------
    FileRefused : the file cannot be taken in.
    """
    given = mapping.from_toml(corrections).get(table) if corrections else None
    opened, config = _workspace(workspace, country)
    kept = opened.path / "mappings" if opened else None
    return preview.preview(settings(), Path(path), table, given, kept, config)


@st.cache_data(max_entries=16, show_spinner=False)
def surveyed(
    paths: tuple[str, ...],
    stamps: tuple[int, ...],
    workspace: str,
    country: str,
    dates: str,
    decimal: str,
    known: tuple[str, ...],
    currency: str = "",
) -> list[Seen]:
    """What uploaded files hold: systems, periods, counts, money, what is odd.

    Parameters
    ----------
    paths : tuple of str
    stamps : tuple of int
        Tell one upload from the next.
    workspace, country : str
        As for ``understood``.
    dates, decimal : str
        Answers to what can be read in two ways, or "".
    known : tuple of str
        Names of the workspace's own recognisers: a new one is a new answer.
    currency : str
        Of a new workspace; "" is its country's.
    """
    opened, config = _workspace(workspace, country, currency)
    kinds = own.recognisers(opened.path) if opened else ()
    given = [Path(path) for path in paths]
    work = given[0].parent / f"looked-at-{abs(hash((stamps, dates, decimal, known, country, currency))):x}"
    return look(settings(), given, work, config, kinds, Answers(dates, decimal))


def recognisers(workspace: str) -> tuple[str, ...]:
    """The names of a workspace's own recognisers."""
    opened, _ = _workspace(workspace, "MY")
    return tuple(f"{k.system}.{k.name}" for k in own.recognisers(opened.path)) if opened else ()


def unused(chosen: mapping.TableMapping, header: tuple[str, ...]) -> tuple[str, ...]:
    """Headers that tell of the buyer and that a mapping of order lines has no place for."""
    return own.unused(chosen.columns, header)


def save_recogniser(workspace: str, name: str, chosen: mapping.TableMapping, header: tuple[str, ...]) -> bool:
    """Keep a mapping as a recogniser of a workspace; whether there was one to keep it in."""
    opened, _ = _workspace(workspace, "MY")
    if opened is None:
        return False
    own.save(opened.path, name, chosen, header, opened.config.country)
    return True


def _workspace(name: str, country: str, currency: str = "") -> tuple[Workspace | None, Config]:
    try:
        opened = workspaces.open_workspace(settings().home, name)
    except (WorkspaceMissing, BadName):
        return None, new_config(country=country, currency=currency)
    return opened, opened.config
