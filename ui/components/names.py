"""The word for a group of customers, whatever they are grouped by."""

from __future__ import annotations

from i18n.translator import Translator
from ui.cached import people
from ui.filters import Filters
from ui.regions import region_name


def group_name(dimension: str, value: str, f: Filters, t: Translator) -> str:
    """A lifecycle, region, store, quarter or channel in the reader's words; empty is "not known"."""
    if not value:
        return t("filters.no_store" if dimension == "main_store_id" else "filters.unknown_place")
    if dimension == "region_code":
        return region_name(value, t)
    if dimension == "main_store_id":
        return people.store_names(f.workspace, f.snapshot).get(value, value)
    if dimension == "cohort":
        return t("forecast.quarter", quarter=value[4:], year=value[:4])
    return t.code("lifecycle" if dimension == "lifecycle" else "channel", value)
