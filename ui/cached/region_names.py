"""Names of states and provinces, for the codes the data hold."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import pyarrow.parquet as pq


@cache
def names() -> Mapping[str, tuple[str, str]]:
    """Name at home and English name of every state or province by its ISO 3166-2 code.

    Read without the polygons; at most some thousand rows, once a process.
    """
    with (files("data.reference") / "regions.parquet").open("rb") as file:
        rows = pq.read_table(file, columns=["code", "name", "name_en"]).to_pylist()
    return MappingProxyType({r["code"]: (r["name"], r["name_en"]) for r in rows})
