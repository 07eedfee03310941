"""Figures per region brought by the user, joined to regions by code or, failing that, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.names import district_key, key, place_key, region_key, subdistrict_key

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Matched:
    """Figures brought to regions.

    Parameters
    ----------
    values : (n,) float
        Per region, NaN where none was found.
    by_code, by_name : int
        Regions found each way.
    unmatched : tuple of str
        Rows that belong to no region, as they were written.
    ambiguous : tuple of str
        Rows whose name fits several regions; they were not used.
    missing : tuple of str
        Names of regions without a figure.
    """

    values: Floats
    by_code: int
    by_name: int
    unmatched: tuple[str, ...]
    ambiguous: tuple[str, ...]
    missing: tuple[str, ...]


def keys_of(name: str) -> tuple[str, ...]:
    """The ways a region's name may be written, from the exact one to the loosest.

    Examples
    --------
    >>> keys_of("Kab. Bandung")[0], keys_of("W.P. Kuala Lumpur")[-1]
    ('kab bandung', 'kuala lumpur')
    """
    kind, district = district_key(name)
    found = (key(name), f"{kind} {district}".strip(), district, subdistrict_key(name), place_key(name))
    return tuple(dict.fromkeys(each for each in (*found, region_key(name)) if each))


def match(labels: Sequence[str], values: Sequence[float], regions: pd.DataFrame) -> Matched:
    """Bring figures to regions.

    A row belongs to the region of its code, letter case apart; else to the only region of its name. A
    title that tells two places apart (Kota and Kabupaten Bandung) does so here too. Several rows of one
    region are added up.

    Parameters
    ----------
    labels : sequence of str, (m,)
        Codes or names, as written.
    values : sequence of float, (m,)
        Missing ones are passed over.
    regions : DataFrame, n rows
        ``code``, ``name``; optionally ``name_en``.

    Returns
    -------
    Matched
    """
    codes = {str(code).strip().casefold(): row for row, code in enumerate(regions["code"])}
    by_key = _by_key(regions)
    out = np.full(len(regions), np.nan)
    how: dict[int, str] = {}
    unmatched: list[str] = []
    ambiguous: list[str] = []
    for label, value in zip(labels, values, strict=True):
        if not np.isfinite(value):
            continue
        row = codes.get(str(label).strip().casefold())
        if row is None:
            rows = next((by_key[each] for each in keys_of(str(label)) if each in by_key), set())
            if len(rows) != 1:
                (ambiguous if rows else unmatched).append(str(label))
                continue
            row = next(iter(rows))
            how.setdefault(row, "name")
        else:
            how[row] = "code"
        out[row] = value if np.isnan(out[row]) else out[row] + value
    missing = tuple(str(name) for name, value in zip(regions["name"], out, strict=True) if np.isnan(value))
    ways = list(how.values())
    return Matched(out, ways.count("code"), ways.count("name"), tuple(unmatched), tuple(ambiguous), missing)


def _by_key(regions: pd.DataFrame) -> dict[str, set[int]]:
    """Regions by every way their names may be written; an exact writing wins over a loose one."""
    columns = [name for name in ("name", "name_en") if name in regions]
    exact: dict[str, set[int]] = {}
    loose: dict[str, set[int]] = {}
    for column in columns:
        for row, name in enumerate(regions[column]):
            first, *others = keys_of(str(name)) or ("",)
            exact.setdefault(first, set()).add(row)
            for each in others:
                loose.setdefault(each, set()).add(row)
    return {**loose, **exact}
