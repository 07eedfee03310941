"""Text that came in a file, made safe for the two places that would run it: maps and Markdown.

folium writes popups, tooltips and names into JavaScript template literals in a page of the app's
own origin, so a script in a customer's name would run as the app. Streamlit's labels are Markdown,
so an image in a name would fetch a page of a stranger. Every such text goes through this module.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

LABEL_LENGTH: Final = 120

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")  # letters of Arabic script, Indic scripts and emoji need them
_LITERAL: Final = {ord("\\"): "&#92;", ord("`"): "&#96;", ord("$"): "&#36;", ord("{"): "&#123;"}
_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
_LINKED_AFTER_PARSING: Final = re.compile(r"(:(?=[A-Za-z_+/\-])|@|\bwww(?=\.))", re.IGNORECASE)
_WORD_JOINER: Final = "\u2060"
_SPACE: Final = re.compile(r"\s+")


def plain_text(value: object, limit: int = LABEL_LENGTH) -> str:
    r"""One line of visible text: no control, direction-changing or zero-width characters, not too long.

    Parameters
    ----------
    value : object
        Written with ``str``; None is an empty text.
    limit : int
        Longest result in characters; a longer text ends in an ellipsis.

    Returns
    -------
    str
        Not escaped: for places that take text as text (tables, ``st.text``, ``textContent``).

    Examples
    --------
    >>> plain_text("Siti\u202e\n  Aminah")
    'Siti Aminah'
    >>> plain_text("abcdef", limit=4)
    'abc…'
    """
    text = _SPACE.sub(" ", "" if value is None else str(value))
    seen = "".join(c for c in text if c in _JOINERS or unicodedata.category(c) not in _INVISIBLE)
    seen = _SPACE.sub(" ", seen).strip()
    return seen if len(seen) <= limit else seen[: limit - 1].rstrip() + "…"


def map_text(value: object, limit: int = LABEL_LENGTH) -> str:
    r"""A text for the HTML of a map: popup, tooltip, icon, layer or region name.

    HTML is escaped, and then what ends or opens a JavaScript template literal (backslash, backtick,
    dollar, opening brace), as numeric entities: it shows as written, and nothing in it runs.

    Parameters
    ----------
    value : object
        Written with ``str``; None is an empty text.
    limit : int
        Longest visible text in characters.

    Returns
    -------
    str
        Safe as HTML text and inside double- or single-quoted attributes, and inside a template
        literal that becomes either.

    Examples
    --------
    >>> map_text("<b>${alert(1)}`")
    '&lt;b&gt;&#36;&#123;alert(1)}&#96;'
    """
    return html.escape(plain_text(value, limit), quote=True).translate(_LITERAL)


def markdown_text(value: object, limit: int = LABEL_LENGTH) -> str:
    r"""A text for a Markdown label, heading or caption: shown as written, no image, link, maths or HTML.

    Every ASCII punctuation mark gets a backslash (CommonMark 0.31, section 2.4). Addresses, e-mails
    and ``:icon:`` names are looked for after parsing, so a word joiner (zero width) breaks those.

    Parameters
    ----------
    value : object
        Written with ``str``; None is an empty text.
    limit : int
        Longest visible text in characters.

    Returns
    -------
    str

    Examples
    --------
    >>> markdown_text("![x](y) $5")
    '\\!\\[x\\]\\(y\\) \\$5'
    """
    broken = _LINKED_AFTER_PARSING.sub(r"\1" + _WORD_JOINER, plain_text(value, limit))
    return _PUNCTUATION.sub(r"\\\1", broken)
