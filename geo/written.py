"""What people write into a table: headers, numbers and cells."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any, Final

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


def number(text: str) -> float | None:
    """A number as people write it: 1,234.50, 1.234,50, RM 4 500, 4500 m2; None where it is none.

    Examples
    --------
    >>> [number(t) for t in ("1,234.50", "1.234,50", "RM4 500", "3,139", "3.139", "many")]
    [1234.5, 1234.5, 4500.0, 3139.0, 3.139, None]
    """
    bare = re.sub(r"(?i)^(rm|rp|myr|idr)\.?|m2$|m²$|[\s']", "", text.strip().replace("\u00a0", " "))
    comma, dot = bare.rfind(","), bare.rfind(".")
    if comma > dot >= 0 or bare.count(".") > 1:
        bare = bare.replace(".", "").replace(",", ".")
    elif comma >= 0:
        groups = bare.lstrip("-").split(",")
        thousands = dot >= 0 or (all(len(g) == 3 for g in groups[1:]) and 1 <= len(groups[0]) <= 3)
        bare = bare.replace(",", "" if thousands else ".")
    if not _NUMBER.fullmatch(bare):
        return None
    value = float(bare)
    return value if math.isfinite(value) else None


def header_key(header: Any) -> str:
    """A header in small letters and digits only: what is compared with the names that are known."""
    plain = unicodedata.normalize("NFKD", str(header)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain.replace("²", "2"))


def text_of(value: Any) -> str:
    """A cell as text without outer spaces; empty where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).strip()
