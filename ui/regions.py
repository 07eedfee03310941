"""Names of states and provinces for their codes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from data.reference import loader
from i18n.translator import Translator


@cache
def _names() -> Mapping[str, str]:
    regions = loader.regions()
    return dict(zip(regions["code"], regions["name"], strict=True))


def region_name(code: str | None, t: Translator) -> str:
    """The region's own name (``Selangor``, ``Jawa Barat``); in words where the code is empty.

    Parameters
    ----------
    code : str or None
        ISO 3166-2, such as ``MY-10``. A code that is in no reference stays as it is.
    t : Translator
    """
    if not code:
        return t("filters.unknown_place")
    return _names().get(code, code)
