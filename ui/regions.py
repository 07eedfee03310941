"""Names of states and provinces for their codes."""

from __future__ import annotations

from i18n.numbers import absent
from i18n.translator import Translator
from ui.cached import region_names


def region_name(code: str | None, t: Translator) -> str:
    """The region's name: Pulau Pinang, in English Penang; in words where the code is empty.

    Parameters
    ----------
    code : str or None
        ISO 3166-2, such as ``MY-10``. A code that is in no reference stays as it is.
    t : Translator
    """
    if absent(code) or not code:
        return t("filters.unknown_place")
    home, english = region_names.names().get(code, (code, code))
    return english if t.lang == "en" else home
