"""Words of a screen in one language: a pure value that is handed on, never process-wide state."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from i18n import numbers
from i18n.numbers import LANGUAGES, Language

FOLDER: Final = Path(__file__).parent

NAMES: Final[Mapping[Language, str]] = MappingProxyType(
    {"en": "English", "ms": "Bahasa Melayu", "id": "Bahasa Indonesia"}
)
"""Each language under its own name; never translated."""


class MissingText(KeyError):
    """A text that no one has written. It names the key and the language."""


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{key}.")
        elif isinstance(value, str):
            yield key, value
        else:
            raise TypeError(f"{key} must be a text; got {type(value).__name__}.")


@cache
def texts(lang: Language) -> Mapping[str, str]:
    """Every text of a language by its dotted key, as written in ``i18n/<lang>/*.toml``.

    One file an area of the app; the file is named after its only top-level table.

    Raises
    ------
    ValueError : a file holds another table than its own.
    """
    found: dict[str, str] = {}
    for path in sorted((FOLDER / lang).glob("*.toml")):
        with path.open("rb") as file:
            tree = tomllib.load(file)
        if set(tree) != {path.stem}:
            raise ValueError(f"i18n/{lang}/{path.name} must hold [{path.stem}] only; it has {sorted(tree)}.")
        found.update(_flat(tree))
    return MappingProxyType(found)


class Translator:
    """Texts, numbers, money and dates in one language.

    Call it with a dotted key and the values of the placeholders::

        t = translator("ms")
        t("segments.title", n=3)            # one text; MissingText when nobody wrote it
        t.plural("segments.found", 1)       # segments.found.one / segments.found.other, {n} is filled
        t.money_short(4_560_000, "MYR")     # RM4.56 juta

    Texts are plain text. Before one with merchant data in it goes to a Streamlit label, pass it
    through ``ui.text.plain``.
    """

    __slots__ = ("_texts", "lang")

    def __init__(self, lang: Language) -> None:
        self.lang: Language = lang
        self._texts = texts(lang)

    def __call__(self, key: str, /, **fields: Any) -> str:
        """The text of ``key`` with its placeholders filled.

        Raises
        ------
        MissingText : nobody wrote this key in this language.
        """
        if key not in self._texts:
            raise MissingText(f"{key!r} is not in i18n/{self.lang}/{key.split('.')[0]}.toml")
        text = self._texts[key]
        return text.format(**fields) if fields else text.format()

    def has(self, key: str) -> bool:
        """Whether somebody wrote this key."""
        return key in self._texts

    def plural(self, key: str, n: Any, /, **fields: Any) -> str:
        """``key.one`` for exactly one, else ``key.other``; ``{n}`` is the number as written here."""
        form = "one" if n == 1 else "other"
        return self(f"{key}.{form}", n=self.number(n), **fields)

    def code(self, column: str, value: Any) -> str:
        """The word for a code of the data (``codes.<column>.<value>``), else the value itself.

        Channels, couriers and the like are the merchant's own words: those without a text of ours
        are shown as they came, so escape the result like any other data.
        """
        if numbers.absent(value):
            return numbers.DASH
        key = f"codes.{column}.{value}"
        return self._texts[key] if key in self._texts else str(value)

    def number(self, value: Any, decimals: int = 0) -> str:
        """See :func:`i18n.numbers.number`."""
        return numbers.number(value, self.lang, decimals)

    def number_short(self, value: Any) -> str:
        """See :func:`i18n.numbers.number_short`."""
        return numbers.number_short(value, self.lang)

    def signed(self, value: Any, decimals: int = 0) -> str:
        """See :func:`i18n.numbers.signed`."""
        return numbers.signed(value, self.lang, decimals)

    def money(self, value: Any, currency: str) -> str:
        """See :func:`i18n.numbers.money`."""
        return numbers.money(value, currency, self.lang)

    def money_short(self, value: Any, currency: str) -> str:
        """See :func:`i18n.numbers.money_short`."""
        return numbers.money_short(value, currency, self.lang)

    def percent(self, value: Any, decimals: int = 1) -> str:
        """See :func:`i18n.numbers.percent`."""
        return numbers.percent(value, self.lang, decimals)

    def change(self, value: Any, decimals: int = 1) -> str:
        """See :func:`i18n.numbers.change`."""
        return numbers.change(value, self.lang, decimals)

    def points(self, value: Any, decimals: int = 1) -> str:
        """See :func:`i18n.numbers.points`."""
        return numbers.points(value, self.lang, decimals)

    def date(self, value: dt.date | None) -> str:
        """See :func:`i18n.numbers.date`."""
        return numbers.date(value, self.lang)

    def dates(self, start: dt.date | None, end: dt.date | None) -> str:
        """See :func:`i18n.numbers.dates`."""
        return numbers.dates(start, end, self.lang)

    def month(self, value: dt.date | None) -> str:
        """See :func:`i18n.numbers.month`."""
        return numbers.month(value, self.lang)

    def weekday(self, value: dt.date | None) -> str:
        """See :func:`i18n.numbers.weekday`."""
        return numbers.weekday(value, self.lang)


@cache
def translator(lang: str) -> Translator:
    """The translator of a language.

    Parameters
    ----------
    lang : {"en", "ms", "id"}

    Raises
    ------
    ValueError : any other language.

    Examples
    --------
    >>> translator("id").money_short(4_560_000, "IDR")
    'Rp4,56 jt'
    """
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {list(LANGUAGES)}; got {lang!r}.")
    return Translator(lang)
