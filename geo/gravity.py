"""Huff's rule, its calibration on visits, and how sure it is: the public names in one place."""

from __future__ import annotations

from geo.gravity_shares import FLOOR, huff_shares, log_pull, shares_of
from geo.mci import calibrate_mci
from geo.mci_bootstrap import MciBootstrap, bootstrap_mci
from geo.mci_fit import MciFit

__all__ = [
    "FLOOR",
    "MciBootstrap",
    "MciFit",
    "bootstrap_mci",
    "calibrate_mci",
    "huff_shares",
    "log_pull",
    "shares_of",
]
