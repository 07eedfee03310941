"""The boundary: what went wrong, in one sentence for the person and one line for the log.

The log gets the kind of the error and the places in the code it passed, never its message: a
message may quote a customer.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import streamlit as st

from data.errors import DataError
from i18n.translator import Translator
from ui import text

LOG: Final = logging.getLogger("setia")
_ROOT: Final = Path(__file__).resolve().parent.parent
_DEEPEST: Final = 6


@contextmanager
def boundary() -> Iterator[None]:
    """Catch what a page raises, log it under a number, and show one sentence.

    Streamlit's own signals (stop, rerun, switching pages) pass through.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001  the boundary: everything ends here, logged
        show(error)


def on_script_error(error: Exception) -> bool:
    """For what is raised outside a page, such as in a callback; the value stops Streamlit's own box."""
    show(error)
    return True


def show(error: Exception) -> str:
    """Log an error and show it.

    Returns
    -------
    str
        The reference number that stands on the screen and in the log.
    """
    number = reference()
    LOG.error("%s %s at %s", number, type(error).__name__, places(error))
    t = text.translator()
    if isinstance(error, DataError):
        st.error(sentence(error, t), icon=":material/info:")
    else:
        st.error(t("errors.sentence"), icon=":material/error:")
    st.caption(t("errors.reference", number=number))
    return number


def sentence(error: DataError, t: Translator) -> str:
    """A data error in the reader's language, safe for a Markdown place.

    Where nobody has written ``errors.<code>`` yet the English sentence stands in.
    """
    key = f"errors.{error.code}"
    if not t.has(key):
        return text.plain(str(error), 600)
    fields = {name: text.plain(value, 200) for name, value in error.fields.items()}
    try:
        return t(key, **fields)
    except (KeyError, IndexError):
        return text.plain(str(error), 600)


def reference() -> str:
    """A number to find an error in the log by."""
    return f"{secrets.randbelow(10**8):08d}"


def places(error: BaseException) -> str:
    """Where an error passed through Setia's own code: ``file:line in function``, deepest last."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).is_relative_to(_ROOT) and ".venv" not in f.filename]
    shown = (own or list(frames))[-_DEEPEST:]
    return " > ".join(f"{_short(f.filename)}:{f.lineno} in {f.name}" for f in shown) or "no place known"


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
