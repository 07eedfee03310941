"""What a person has chosen in the filter bar, and how it is written in an address.

Values of the data (stores, categories ...) stand in the address as short hashes, looked up
among the values the workspace knows: an address tells a stranger nothing, and what it claims
is only ever compared, never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

from analytics import periods
from analytics.lifecycle import CODES as LIFECYCLE_CODES
from analytics.lifecycle import Windows
from analytics.scope import DEFAULT_KINDS
from ui.cached.options import Options

PRESETS: Final = ("this_year", "last_12_months", "last_90_days", "last_month", "all")
CUSTOM: Final = "custom"
NO_COMPARISON: Final = "none"
HOWS: Final = (*periods.HOWS, NO_COMPARISON)

PARAMETERS: Final = MappingProxyType(
    {
        "regions": "r",
        "stores": "s",
        "channels": "ch",
        "categories": "ca",
        "segments": "sg",
        "kinds": "k",
        "audiences": "au",
    }
)
"""Field of :class:`Choice` -> its name in the address."""

MAX_WINDOW: Final = 3_660
"""Longest lifecycle window an address may ask for, in days (or orders)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The filter bar's state: presets as codes, an empty tuple for "all".

    ``start`` and ``end`` count only with the preset ``custom``; ``kinds`` empty means
    ``DEFAULT_KINDS``; ``audiences`` are ids of saved ones; ``windows`` None means those of the
    workspace.
    """

    preset: str = "this_year"
    start: date | None = None
    end: date | None = None
    how: str = "previous_year"
    regions: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    currency: str | None = None
    windows: Windows | None = None

    @property
    def narrowed(self) -> dict[str, tuple[str, ...]]:
        """The fields that let only some values through."""
        found = {name: getattr(self, name) for name in PARAMETERS}
        return {name: values for name, values in found.items() if values}

    def cleared(self) -> Choice:
        """The same dates and comparison, every filter open."""
        return Choice(
            self.preset,
            self.start,
            self.end,
            self.how,
            currency=self.currency,
            windows=self.windows,
        )

    def without(self, field: str, value: str) -> Choice:
        """One value less."""
        kept = tuple(v for v in getattr(self, field) if v != value)
        return replace(self, **{field: kept})  # type: ignore[arg-type]


def key_of(field: str, value: str) -> str:
    """The short key that stands for a value in an address.

    Examples
    --------
    >>> key_of("stores", "KL-01") == key_of("stores", "KL-01") != key_of("channels", "KL-01")
    True
    """
    text = f"{field}\x1f{value}".encode("utf-8", errors="surrogatepass")
    return blake2b(text, digest_size=5).hexdigest()


def known_values(options: Options, field: str) -> tuple[str, ...]:
    """Every value a field can hold in this workspace."""
    if field == "segments":
        return LIFECYCLE_CODES
    if field in ("stores", "audiences"):
        return tuple(code for code, _ in getattr(options, field))
    values: tuple[str, ...] = getattr(options, field)
    return values


def encode(choice: Choice) -> dict[str, str]:
    """The parameters of an address; what is as by default is left out."""
    default, written = Choice(), {}
    if choice.preset == CUSTOM and choice.start and choice.end:
        written["d"] = f"{choice.start.isoformat()}_{choice.end.isoformat()}"
    elif choice.preset != default.preset:
        written["d"] = choice.preset
    if choice.how != default.how:
        written["vs"] = choice.how
    for field, values in choice.narrowed.items():
        written[PARAMETERS[field]] = ".".join(sorted(key_of(field, value) for value in values))
    if choice.currency:
        written["cur"] = choice.currency
    if choice.windows:
        w = choice.windows
        written["w"] = f"{w.new_days}-{w.lapse_days}-{w.loyal_orders}-{w.loyal_days}"
    return written


def decode(parameters: Mapping[str, str], options: Options) -> Choice:
    """The choice an address asks for; whatever is not known is passed over.

    Parameters
    ----------
    parameters : mapping
        As they came, from anybody.
    options : Options
        What the workspace knows.
    """
    preset, start, end = _decode_dates(parameters.get("d", ""))
    how = parameters.get("vs", "")
    currency = parameters.get("cur", "")
    return Choice(
        preset=preset,
        start=start,
        end=end,
        how=how if how in HOWS else Choice().how,
        currency=currency if currency in options.currencies else None,
        windows=_decode_windows(parameters.get("w", "")),
        **{field: _decode_values(parameters, field, options) for field in PARAMETERS},
    )


def _decode_values(parameters: Mapping[str, str], field: str, options: Options) -> tuple[str, ...]:
    asked = set(parameters.get(PARAMETERS[field], "").split("."))
    return tuple(v for v in known_values(options, field) if key_of(field, v) in asked)


def _decode_dates(text: str) -> tuple[str, date | None, date | None]:
    if text in PRESETS:
        return text, None, None
    first, _, last = text.partition("_")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return Choice().preset, None, None
    return (CUSTOM, start, end) if start <= end else (Choice().preset, None, None)


def _decode_windows(text: str) -> Windows | None:
    parts = text.split("-")
    if len(parts) != len(fields(Windows)) or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    numbers = [int(p[:6]) for p in parts]
    return Windows(*numbers) if all(1 <= n <= MAX_WINDOW for n in numbers) else None


def only_known(choice: Choice, options: Options) -> Choice:
    """The choice without values this workspace (or this version of its data) does not know."""
    kept = {
        field: tuple(v for v in values if v in known_values(options, field))
        for field, values in choice.narrowed.items()
    }
    currency = choice.currency if choice.currency in options.currencies else None
    return replace(choice, currency=currency, **kept)  # type: ignore[arg-type]


def window(choice: Choice, options: Options) -> periods.Window:
    """The days that are meant, cut to the days of the data where the two overlap."""
    if choice.preset != CUSTOM or choice.start is None or choice.end is None:
        found = periods.preset(choice.preset, options.as_of, options.first_day)
        start, end, code = found.start, found.end, found.preset
    else:
        start, end, code = choice.start, choice.end, CUSTOM
    if end < options.first_day or start > options.as_of:
        return periods.Window(start, end, code)
    return periods.Window(start, min(end, options.as_of), code)


def comparison(
    choice: Choice, days: periods.Window, options: Options, country: str
) -> periods.Comparison | None:
    """The days to compare with; None when none were asked for."""
    if choice.how == NO_COMPARISON:
        return None
    return periods.comparison(
        days, choice.how, first_day=options.first_day, as_of=options.as_of, country=country
    )


def kinds(choice: Choice) -> tuple[str, ...]:
    """The customer kinds that count."""
    return choice.kinds or DEFAULT_KINDS


def within_data(day: date, options: Options) -> date:
    """The nearest day of the data."""
    return min(max(day, options.first_day), options.as_of)


def labels_first(values: Iterable[str], written: Mapping[str, str]) -> list[str]:
    """Values in the order of their words, so that a list can be searched by eye."""
    return sorted(values, key=lambda value: (value == "", written.get(value, value).casefold()))
