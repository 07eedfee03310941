"""A snapshot as it would be if only some customers existed.

Every table is what it is, kept to these customers; the marts that hold sums are added up anew from
their orders. Whatever is asked of it is therefore about these customers, whoever asks; sales without
a known customer are not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import ibis.expr.types as ir

from data.engines import Tables
from data.marts import cubes

_KEY: Final = "customer_key"
_ID: Final = "customer_id"


class NarrowedTables(Tables):
    """The tables and marts of a snapshot, for some customers only.

    Parameters
    ----------
    whole : Tables
    keys : callable
        -> ibis Table with ``customer_key``: who is kept. Asked for when a table is.
    """

    def __init__(self, whole: Tables, keys: Callable[[], ir.Table]) -> None:
        super().__init__(whole.snapshot, whole.engine)
        self._keys = keys

    def table(self, name: str) -> ir.Table:
        """A table of the snapshot, or a mart of these customers' orders; see ``Tables.table``."""
        whole = super().table(name)
        if name == "daily":
            return cubes.daily(self.table("orders")).select(*whole.columns)
        if name == "daily_category":
            return cubes.daily_category(self.table("order_categories")).select(*whole.columns)
        if name == "cohorts":
            return cubes.cohorts(self.table("customer_month")).select(*whole.columns)
        if _KEY in whole.columns:
            return _kept(whole, self._keys(), _KEY)
        if _ID in whole.columns:
            known = super().table("customer_summary").select(_KEY, _ID)
            return _kept(whole, _kept(known, self._keys(), _KEY), _ID)
        return whole


def _kept(table: ir.Table, those: ir.Table, column: str) -> ir.Table:
    """The rows whose value stands among those.

    A filter, where a semi-join would do too: Ibis goes on with a join where the next one begins, and
    an expression over the columns of this table would then belong to no table.
    """
    return table.filter(table[column].isin(those[column]))
