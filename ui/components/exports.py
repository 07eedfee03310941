"""Files of customers: each one that is made is a line in the workspace's log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from data import export_log, export_members
from ui import downloads, session
from ui.filters import Filters


@dataclass(frozen=True, slots=True)
class Export:
    """What the log says of a file.

    Parameters
    ----------
    name : str
        In plain letters: part of the file's name.
    title : str
        What the list is called on screen.
    rule : str
        Whom it holds, in words.
    columns : sequence of str
        Codes of the columns.
    contact : str
        The channel whose contacts it holds; empty for none.
    """

    name: str
    title: str
    rule: str
    columns: Sequence[str]
    contact: str = ""


def button(
    export: Export,
    f: Filters,
    label: str,
    key: str,
    rows: Callable[[], pd.DataFrame],
    ids: Callable[[], Iterable[str]],
) -> None:
    """Draw a button that saves customers as CSV.

    The file is made, and the log written, when the button is pressed and never before; a file that
    cannot be logged is not handed out.

    Parameters
    ----------
    export : Export
    f : Filters
    label, key : str
    rows : callable
        -> the finished table, one row per customer, headers in the reader's language.
    ids : callable
        -> the ids of the customers in it, kept as keyed hashes; none for a file of places.
    """
    file = downloads.file_name(export.name, f.workspace, f.as_of)

    def make() -> bytes:
        table = rows()
        content = downloads.csv_bytes(table)
        workspace = session.opened(f.workspace)
        export_log.append(
            workspace,
            title=export.title,
            rule=export.rule,
            columns=export.columns,
            count=len(table),
            file=file,
            language=f.lang,
            contact=export.contact,
            who=export_members.keep(workspace, ids()),
        )
        return content

    st.download_button(
        label,
        data=make,
        file_name=file,
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key=key,
    )
