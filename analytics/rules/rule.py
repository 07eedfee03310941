"""A rule: conditions on one customer, joined by AND and OR, nested as deep as a person can read.

For each customer a condition either holds or it does not. Where the value is missing no condition
holds but ``empty``: not "none of", not "at most". A negated group is the plain opposite of its group,
so a customer with a missing value can be in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from analytics.rules.fields import WITHOUT_VALUE, Field, field

Value = None | int | float | str | date | tuple[str, ...] | tuple[float, float] | tuple[date, date]

DEEPEST: Final = 5
MOST_CONDITIONS: Final = 60
MOST_VALUES: Final = 1000
LONGEST: Final = 200
LONGEST_DAYS: Final = 36_600


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about a customer.

    Parameters
    ----------
    field : str
        A code of :data:`analytics.rules.fields.FIELDS`.
    operator : str
        One of the field's operators.
    value
        ``one_of``, ``none_of``, ``ever``, ``never``: texts. ``starts_with``: a text. ``at_least``,
        ``at_most``, ``equals``: a number. ``between``: two numbers. ``since``, ``until``: a date
        (included). ``from_to``: two dates. ``in_last``: a number of days, "today" being the first.
        The rest: None.

    Raises
    ------
    ValueError : no such field or operator, or a value that does not fit.

    Examples
    --------
    >>> Condition("orders", "at_least", 3)
    Condition(field='orders', operator='at_least', value=3)
    """

    field: str
    operator: str
    value: Value = None

    def __post_init__(self) -> None:
        asked = field(self.field)
        if self.operator not in asked.operators:
            raise ValueError(f"{self.field} can be asked by {list(asked.operators)}; got {self.operator!r}.")
        object.__setattr__(self, "value", _fitting(asked, self.operator, self.value))


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups of which all, or any, must hold.

    Parameters
    ----------
    join : ``all`` or ``any``
        ``all`` of nothing holds for everyone, ``any`` of nothing for nobody.
    children : tuple of Condition and Group
    negate : bool
        The opposite.

    Raises
    ------
    ValueError : another ``join``, too many conditions, too deep.
    """

    join: Literal["all", "any"]
    children: tuple[Condition | Group, ...] = ()
    negate: bool = False

    def __post_init__(self) -> None:
        if self.join not in ("all", "any"):
            raise ValueError(f"A group joins by 'all' or 'any'; got {self.join!r}.")
        object.__setattr__(self, "children", tuple(self.children))
        wrong = [child for child in self.children if not isinstance(child, Condition | Group)]
        if wrong:
            raise ValueError(f"A group holds conditions and groups; got {wrong[0]!r}.")
        if self.depth > DEEPEST:
            raise ValueError(f"A rule can be {DEEPEST} groups deep; this one is {self.depth}.")
        count = sum(1 for _ in self.conditions())
        if count > MOST_CONDITIONS:
            raise ValueError(f"A rule can hold {MOST_CONDITIONS} conditions; this one has {count}.")

    @property
    def depth(self) -> int:
        """Groups inside each other, this one included."""
        return 1 + max((child.depth for child in self.children if isinstance(child, Group)), default=0)

    def conditions(self) -> Iterator[Condition]:
        """Every condition, from first to last."""
        for child in self.children:
            if isinstance(child, Group):
                yield from child.conditions()
            else:
                yield child


Node = Condition | Group


def _fitting(asked: Field, operator: str, value: Any) -> Value:
    """The value as it is kept, or a ValueError that says what fits."""
    if operator in WITHOUT_VALUE:
        return _check(value is None, asked, operator, "no value", value, None)
    if operator in ("one_of", "none_of", "ever", "never"):
        return _texts(asked, operator, value)
    if operator == "starts_with":
        fits = isinstance(value, str) and 0 < len(value) <= LONGEST
        return _check(fits, asked, operator, f"a text of 1 to {LONGEST} characters", value, value)
    if operator == "in_last":
        fits = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST_DAYS
        return _check(fits, asked, operator, f"1 to {LONGEST_DAYS} days", value, value)
    if operator in ("since", "until"):
        return _check(_is_day(value), asked, operator, "a date", value, value)
    if operator in ("between", "from_to"):
        number = operator == "between"
        pair = tuple(value) if isinstance(value, list | tuple) else ()
        fits = len(pair) == 2 and all((_is_number if number else _is_day)(each) for each in pair)
        fits = fits and pair[0] <= pair[1]
        needed = "two numbers, the smaller first" if number else "two dates, the earlier first"
        return _check(fits, asked, operator, needed, value, pair)
    return _check(_is_number(value), asked, operator, "a number", value, value)


def _texts(asked: Field, operator: str, value: Any) -> Value:
    values = tuple(value) if isinstance(value, list | tuple) else ()
    fits = 0 < len(values) <= MOST_VALUES and all(isinstance(v, str) and len(v) <= LONGEST for v in values)
    needed = f"1 to {MOST_VALUES} texts"
    if asked.codes:
        fits, needed = fits and set(values) <= set(asked.codes), f"some of {list(asked.codes)}"
    return _check(fits, asked, operator, needed, value, tuple(sorted(set(values))) if fits else None)


def _check(fits: bool, asked: Field, operator: str, needed: str, found: Any, kept: Value) -> Value:
    if not fits:
        raise ValueError(f"{asked.code} {operator} needs {needed}; got {str(found)[:80]!r}.")
    return kept


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value) and abs(value) <= 1e15
    except OverflowError:
        return False


def _is_day(value: Any) -> bool:
    return type(value) is date
