"""How an uploaded file would be understood."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from data import workspaces
from data.errors import BadName, WorkspaceMissing
from data.importing import mapping, preview
from data.importing.defaults import new_config
from data.importing.preview import Preview
from data.settings import settings


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
    try:
        opened = workspaces.open_workspace(settings().home, workspace)
    except (WorkspaceMissing, BadName):
        return preview.preview(settings(), Path(path), table, given, None, new_config(country=country))
    return preview.preview(settings(), Path(path), table, given, opened.path / "mappings", opened.config)
