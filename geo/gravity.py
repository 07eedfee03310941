"""Huff's rule and its calibration: where the names that others use come from."""

from __future__ import annotations

from geo.gravity_shares import FLOOR, huff_shares, log_pull

__all__ = ["FLOOR", "huff_shares", "log_pull"]
