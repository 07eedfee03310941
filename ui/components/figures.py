"""A chart with its numbers behind it and a file to take along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from charts import theme
from charts.palette import Mode
from ui import downloads, text
from ui.filters import current_or_none

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "displaylogo": False,
    "plotlyServerURL": "",
}


def mode() -> Mode:
    """Whether this session looks at light or dark pages; light until the browser has said."""
    return "dark" if st.context.theme.type == "dark" else "light"


def chart(
    figure: go.Figure,
    table: pd.DataFrame,
    name: str,
    *,
    title: str = "",
    column_config: Mapping[str, Any] | None = None,
    on_select: bool = False,
    turn: int = 0,
) -> Any:
    """Draw a figure, with a switch to its table and a CSV of it.

    Parameters
    ----------
    figure : Figure
        From ``charts/``; its template is put on here.
    table : DataFrame
        The numbers of the figure, headers in the reader's language. It is what is downloaded.
    name : str
        Unique on the page, in plain letters: the key of the widgets and the file's name.
    title : str
        Above the figure. Text of ours.
    column_config : mapping, optional
        For ``st.dataframe``.
    on_select : bool
        Rerun when a mark is clicked, and return the selection.
    turn : int
        Another number draws the chart anew, without its selection.

    Returns
    -------
    PlotlyState or None
        With ``on_select``, what was clicked; else None.
    """
    t = text.translator()
    with st.container(key=f"setia-figure-{name}"):
        if title:
            st.subheader(title, anchor=False)
        place = st.container()
        as_table = _foot(name, table) == "table"
        with place:
            if as_table:
                st.dataframe(
                    table,
                    hide_index=True,
                    width="stretch",
                    column_config=dict(column_config or {}),
                    key=f"{name}.table",
                    placeholder=t("card.not_computed"),
                )
                return None
            drawn = st.plotly_chart(
                theme.dress(figure, mode()),
                theme=None,
                config=CONFIG,
                key=f"{name}.chart.{turn}" if turn else f"{name}.chart",
                on_select="rerun" if on_select else "ignore",
                selection_mode="points",
                alt=title or None,
            )
    return drawn if on_select else None


def _foot(name: str, table: pd.DataFrame) -> str:
    """The switch and the download below a figure; what the switch says."""
    t = text.translator()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        shown = st.segmented_control(
            t("figure.view"),
            ("chart", "table"),
            default="chart",
            required=True,
            format_func=lambda code: t(f"figure.{code}"),
            key=f"{name}.view",
            label_visibility="collapsed",
        )
        download(table, name)
    return shown or "chart"


def download(table: pd.DataFrame | Callable[[], pd.DataFrame], name: str) -> None:
    """A button that saves a table as CSV; the file is made only when it is pressed.

    Parameters
    ----------
    table : DataFrame, or callable
        A callable is asked for the table only when the button is pressed: for what is long.
    name : str
        Unique on the page; part of the file's name.
    """
    t, filters = text.translator(), current_or_none()
    parts = (filters.workspace, filters.scope.end) if filters else ()
    st.download_button(
        t("figure.download"),
        data=lambda: downloads.csv_bytes(table() if callable(table) else table),
        file_name=downloads.file_name(name, *parts),
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        key=f"{name}.csv",
    )
