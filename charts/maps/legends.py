"""Classes and legends of the map: from numbers to a few steps that a person can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from charts.escaping import map_text
from charts.palette import CIVIDIS, DIVERGING
from i18n.translator import Translator

RAMP: Final = tuple(CIVIDIS[i] for i in (0, 2, 4, 7, 9))
"""Five of the ten stops of cividis, from little to much."""

_NICE: Final = (1, 2, 3, 5)
_SHARES: Final = (0.0, 0.25, 0.5, 0.75, 0.9)


def breaks(values: Sequence[float]) -> list[int]:
    """Lower bounds of at most five classes, each a round number (1, 2, 3, 5, 10, 20 ...).

    They follow the quantiles, so that each class holds marks; the top class is the highest tenth, because
    a few places hold most customers.

    Parameters
    ----------
    values : numbers >= 0

    Returns
    -------
    list of int
        Strictly rising; the first is at most the smallest value. Empty when there are no values.

    Examples
    --------
    >>> breaks([18, 58, 147, 197, 214, 238, 266, 317, 561, 1289])
    [10, 100, 200, 300, 1000]
    >>> breaks([7, 8])
    [5]
    """
    positive = sorted(value for value in values if value > 0)
    if not positive:
        return []
    marks = [positive[min(int(share * len(positive)), len(positive) - 1)] for share in _SHARES]
    return sorted({_round_down(mark) for mark in marks})


def _round_down(value: float) -> int:
    """The largest round number not above a value; 1 at least."""
    ladder = [nice * 10**power for power in range(13) for nice in _NICE]
    return max((bound for bound in ladder if bound <= value), default=1)


def step_of(value: float, bounds: Sequence[int]) -> int:
    """Index of the class of a value; values below the first bound fall into the first class.

    Examples
    --------
    >>> step_of(20, [1, 5, 20, 100])
    2
    """
    return max((i for i, bound in enumerate(bounds) if value >= bound), default=0)


def colours(count: int) -> dict[str, list[str]]:
    """A colour per class for each look: darker is more on light, lighter is more on dark.

    Examples
    --------
    >>> colours(1)
    {'light': ['#00224E'], 'dark': ['#FEE838']}
    """
    spots = [0] if count == 1 else [round(i * (len(RAMP) - 1) / (count - 1)) for i in range(count)]
    from_dark = [RAMP[i] for i in spots]
    from_light = [RAMP[len(RAMP) - 1 - i] for i in spots]
    return {"light": from_light if count > 1 else [RAMP[0]], "dark": from_dark if count > 1 else [RAMP[-1]]}


def diverging(below: int, above: int) -> dict[str, list[str]]:
    """PuOr around a middle: so many classes below it and above it, for both looks.

    Examples
    --------
    >>> diverging(1, 1)["light"]
    ['#E08214', '#8073AC']
    """
    low = [DIVERGING[_spot(i, below)] for i in range(below)]
    high = [DIVERGING[10 - _spot(i, above)] for i in range(above)][::-1]
    return {"light": low + high, "dark": low[::-1] + high[::-1]}  # on dark, lighter is stronger


def _spot(place: int, count: int) -> int:
    """Which of the five colours below the middle: the strongest first, the palest last."""
    return {1: (2,), 2: (1, 3), 3: (1, 2, 3)}.get(count, (0, 1, 2, 3, 4))[place]


def classes(bounds: Sequence[int], t: Translator) -> list[dict[str, Any]]:
    """Legend rows of colour classes, from much to little: "500 and more", "100–499" ..."""
    rows = []
    for i, bound in enumerate(bounds):
        if i == len(bounds) - 1:
            text = t("map.legend.at_least", n=t.number(bound))
        elif bounds[i + 1] - 1 == bound:
            text = t.number(bound)
        else:
            text = f"{t.number(bound)}–{t.number(bounds[i + 1] - 1)}"
        rows.append({"shape": "fill", "step": i, "text": map_text(text)})
    return rows[::-1]


def sizes(most: int, t: Translator) -> list[dict[str, Any]]:
    """Legend rows of circle sizes: up to three round numbers not above the largest circle."""
    ladder = [
        nice * 10**power for power in range(13) for nice in (1, 2, 5) if nice * 10**power <= max(most, 1)
    ]
    chosen = sorted(
        {ladder[-1], ladder[max(0, len(ladder) - 4)], ladder[max(0, len(ladder) - 7)]}, reverse=True
    )
    return [{"shape": "size", "value": value, "text": map_text(t.number(value))} for value in chosen]


def pins(stores: Sequence[Mapping[str, Any]], t: Translator) -> list[dict[str, Any]]:
    """Legend rows of the pins that are there; ``stores`` as ``marks.store_rows``."""
    owners = {bool(store["own"]) for store in stores}
    return [
        {"shape": "pin", "own": own, "text": map_text(t.code("owner", "own" if own else "competitor"))}
        for own in (True, False)
        if own in owners
    ]


def heat(t: Translator) -> list[dict[str, Any]]:
    """The one row of a heat map: it has a direction, no numbers of its own."""
    return [{"shape": "ramp", "text": map_text(t("map.legend.few_many"))}]
