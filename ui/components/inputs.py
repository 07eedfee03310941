"""What a person types or chooses, kept while they look at other pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Any, Literal

import streamlit as st


def worded(key: str, words: Iterable[str]) -> str:
    """A key that changes with the words of a list whose words rest on the data.

    Under an unchanged key the browser goes on showing the word that was chosen, also where the same
    place in the list now means something else.

    Examples
    --------
    >>> worded("a", ["Ipoh"]) == worded("a", ["Ipoh"]), worded("a", ["Ipoh"]) == worded("a", ["Muar"])
    (True, False)
    """
    return f"{key}.{blake2b(repr(list(words)).encode(), digest_size=6).hexdigest()}"


def number(
    label: str,
    key: str,
    start: float,
    *,
    low: float = 0.0,
    high: float | None = None,
    step: float = 1.0,
    decimals: int = 0,
    note: str = "",
) -> float:
    """A number that starts from ``start``, and starts again when that changes.

    Parameters
    ----------
    label, key : str
    start : float
        From the merchant's data, or an example.
    low, high, step : float
    decimals : int
        Shown digits.
    note : str
        Below it, small: where the number comes from. Text of ours.

    Returns
    -------
    float
    """
    began, kept = f"{key}.began", f"{key}.kept"
    start = round(min(max(float(start), low), high if high is not None else float(start)), decimals)
    if st.session_state.get(began) != start:
        st.session_state[began] = st.session_state[key] = start
    elif key not in st.session_state:
        st.session_state[key] = st.session_state.get(kept, start)
    found = st.number_input(
        label,
        min_value=low,
        max_value=high,
        step=float(step),
        format=f"%.{decimals}f",
        key=key,
    )
    if note:
        st.caption(note)
    st.session_state[kept] = found
    return float(found if found is not None else start)


def choice(
    label: str,
    options: tuple[Any, ...],
    key: str,
    words: Any,
    *,
    default: Any = None,
    hidden: bool = True,
) -> Any:
    """One of a few, side by side; one is always chosen.

    Parameters
    ----------
    label, key : str
    options : tuple
    words : callable
        The word for an option.
    default : optional
        The first option where not given.
    hidden : bool
        Keep the label for those who cannot see the screen only.
    """
    kept, first = f"{key}.kept", options[0] if default is None else default
    if key not in st.session_state:
        found = st.session_state.get(kept)
        st.session_state[key] = found if found in options else first
    chosen = st.segmented_control(
        label,
        options,
        format_func=words,
        key=key,
        required=True,
        label_visibility="collapsed" if hidden else "visible",
    )
    st.session_state[kept] = chosen
    return chosen if chosen is not None else first


def pick(
    label: str,
    options: Sequence[Any],
    key: str,
    words: Callable[[Any], str],
    *,
    start: Any = None,
    hidden: bool = True,
    width: int | Literal["stretch"] = "stretch",
) -> Any:
    """One of several in a list; one is always chosen.

    Parameters
    ----------
    label, key : str
    options : sequence
        What was chosen and is no longer among them gives way to the start.
    words : callable
        The word for an option.
    start : optional
        The first option where not given, or not among them.
    hidden : bool
        Keep the label for those who cannot see the screen only.
    width : int or "stretch"
    """
    kept = f"{key}.kept"
    if key not in st.session_state or st.session_state[key] not in options:
        first = start if start in options else options[0]
        found = st.session_state.get(kept)
        st.session_state[key] = found if found in options else first
    chosen = st.selectbox(
        label,
        list(options),
        format_func=words,
        key=key,
        label_visibility="collapsed" if hidden else "visible",
        width=width,
    )
    st.session_state[kept] = chosen
    return chosen
