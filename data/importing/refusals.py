"""Every sentence with which a whole file is refused: one place, so that they sound alike."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.errors import FileRefused, MappingNeeded

_SENTENCES: Final = Path(__file__).with_name("refusals.toml")


def refused(code: str, **fields: Any) -> FileRefused:
    """The error that refuses a whole file; every value is shortened to what a sentence can hold."""
    return FileRefused(code, _sentences()["files"][code], **_short(fields))


def mapping_needed(code: str, **fields: Any) -> MappingNeeded:
    """The error that asks what a file's columns mean."""
    return MappingNeeded(code, _sentences()["mappings"][code], **_short(fields))


def sentences() -> dict[str, str]:
    """All sentences by code (a test compares them with the language files)."""
    return {**_sentences()["files"], **_sentences()["mappings"]}


def listed(names: object, limit: int = 12) -> str:
    """Names as a short list for a sentence, in no language: what was left out is a number.

    Examples
    --------
    >>> listed(["a", "b", "", "d"], 3)
    'a, b, –, … (+1)'
    """
    items = [str(name) for name in names]  # type: ignore[attr-defined]
    shown = ", ".join(name or "–" for name in items[:limit])
    return shown + (f", … (+{len(items) - limit})" if len(items) > limit else "")


def _short(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: _clip(value) if isinstance(value, str) else value for key, value in fields.items()}


def _clip(text: str, limit: int = 600) -> str:
    clean = "".join(c if c.isprintable() else " " for c in text)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads(_SENTENCES.read_text(encoding="utf-8"))
