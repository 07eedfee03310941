"""What a new workspace is taken to be until its owner says otherwise: its country's money and clock."""

from __future__ import annotations

from typing import Final

from data.workspaces import Config

COUNTRIES: Final = {
    "MY": ("MYR", "Asia/Kuala_Lumpur"),
    "ID": ("IDR", "Asia/Jakarta"),
    "SG": ("SGD", "Asia/Singapore"),
    "BN": ("BND", "Asia/Brunei"),
}
"""Currency (ISO 4217) and time zone by country (ISO 3166)."""


def new_config(title: str = "", country: str = "MY", currency: str = "", time_zone: str = "") -> Config:
    """The configuration of a new workspace.

    Raises
    ------
    BadSetting : a code or a zone that does not exist.
    """
    money, zone = COUNTRIES.get(country, COUNTRIES["MY"])
    return Config(
        title=title.strip(), country=country, currency=currency or money, time_zone=time_zone or zone
    )
