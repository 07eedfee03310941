"""The published data sets behind the numbers, read from the test-only package lifetimes (MIT)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import lifetimes
import numpy as np
import pandas as pd

FOLDER = Path(lifetimes.__file__).parent / "datasets"
CALIBRATION_ENDS = pd.Timestamp("1997-09-30")


class Cohort(NamedTuple):
    """CDNOW 1/10 sample, in weeks; repeats counted once a day."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    mean_value: np.ndarray
    holdout: np.ndarray


@lru_cache(maxsize=1)
def cdnow() -> Cohort:
    """Calibration 1997-01-01 to 1997-09-30, holdout the next 39 weeks (Fader, Hardie, Lee 2005)."""
    names = ["master", "id", "date", "cds", "dollars"]
    log = pd.read_csv(FOLDER / "CDNOW_sample.txt", sep=r"\s+", header=None, names=names, dtype=str)
    log["date"] = pd.to_datetime(log["date"], format="%Y%m%d")
    log["dollars"] = log["dollars"].astype(float)
    days = log.groupby(["id", "date"], as_index=False)["dollars"].sum()
    seen = days[days["date"] <= CALIBRATION_ENDS]
    first, last = seen.groupby("id")["date"].min(), seen.groupby("id")["date"].max()
    repeats = seen[seen["date"] > seen["id"].map(first)].groupby("id")["dollars"].mean()
    later = days[days["date"] > CALIBRATION_ENDS].groupby("id").size()
    return Cohort(
        (seen.groupby("id").size() - 1).to_numpy(float),
        ((last - first).dt.days / 7).to_numpy(),
        ((CALIBRATION_ENDS - first).dt.days / 7).to_numpy(),
        repeats.reindex(first.index, fill_value=0.0).to_numpy(),
        later.reindex(first.index, fill_value=0).to_numpy(float),
    )


@lru_cache(maxsize=1)
def donations() -> pd.DataFrame:
    """11,104 donors of 1995, six yearly opportunities 1996-2001 (Fader, Hardie, Shang 2010, table 1)."""
    return pd.read_csv(FOLDER / "donations.csv")
