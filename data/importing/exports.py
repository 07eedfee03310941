"""The exports of common systems, known by headers that only they write."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.importing import headers

_EXPORTS: Final = Path(__file__).with_name("exports.toml")


def recognise(header: Sequence[str], table: str) -> dict[str, Any] | None:
    """The mapping of a known export.

    Parameters
    ----------
    header : sequence of str
    table : str

    Returns
    -------
    dict or None
        ``columns``, ``amount_includes`` and ``known_as``; None when the header is no known export's.

    Examples
    --------
    >>> recognise(["Name", "Lineitem quantity", "Lineitem price", "Created at"], "transactions")["known_as"]
    'Shopify'
    >>> recognise(["Date", "Total"], "transactions") is None
    True
    """
    words = {headers.plain(name) for name in header}
    for export in _exports().values():
        if export["table"] == table and all(headers.plain(need) in words for need in export["needs"]):
            columns = dict(headers.recognise(header, table).columns) | export["columns"]
            columns = {c: h for c, h in columns.items() if h}
            return {"columns": columns, "amount_includes": (), "known_as": export["name"]}
    return None


@cache
def _exports() -> dict[str, Any]:
    return tomllib.loads(_EXPORTS.read_text(encoding="utf-8"))
