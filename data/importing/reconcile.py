"""An independent count of a CSV's records: what every import is reconciled against.

A reader that meets one unterminated quote can swallow most of a file and report one bad row. So the
bytes are counted here, apart from the reader: newlines outside quotes, by the parity of quotes.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

_CHUNK: Final = 1 << 22
_WIDE_BLANKS: Final = (b"\xc2\xa0", b"\xe2\x80\x8b", b"\xe3\x80\x80", b"\xef\xbb\xbf")
_SPACE: Final = 32
_EXPONENTS: Final = (b"E+", b"e+")
_GUARDS: Final = (b"'", b"=")
_WIDE_COMMA: Final = "\uff0c".encode()
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34


@dataclass(frozen=True, slots=True)
class Scan:
    """What the bytes of a CSV say.

    Attributes
    ----------
    records : int
        Records that are not blank, the header included, if quotes are used as they should be.
    plain : bool
        Quotes are closed and no carriage return stands alone: the fast reader may be tried.
    utf8 : bool
    nul_at : int or None
        Place of the first NUL byte.
    longest_line : int
        Bytes of the longest physical line.
    has_blanks : bool
        A cell may begin or end with white space.
    has_exponents : bool
        A number may be written as 5.81E+17.
    has_guards : bool
        A cell may begin with an apostrophe or an equals sign.
    has_wide_commas : bool
        A full-width comma may stand for a comma.
    """

    records: int
    plain: bool
    utf8: bool
    nul_at: int | None
    longest_line: int
    has_blanks: bool
    has_exponents: bool
    has_guards: bool
    has_wide_commas: bool


def scan(path: Path, delimiter: str = ",") -> Scan:
    """Read a file's bytes once and count.

    Parameters
    ----------
    path : Path
        A text file in UTF-8 (or in a code page that keeps ASCII).
    delimiter : str

    Returns
    -------
    Scan
    """
    counter = _Counter(delimiter)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if chunk.endswith(b"\r"):
                chunk += file.read(1)
            counter.feed(chunk)
    return counter.finish()


class _Counter:
    def __init__(self, delimiter: str) -> None:
        self._edges = np.zeros(256, dtype=bool)
        self._edges[[_NEWLINE, _RETURN, _QUOTE, ord(delimiter)]] = True
        # Where tabs part the cells, one inside a cell stands within quotes.
        self._hides_tab = b'"' if delimiter == "\t" else b"\t"
        self.has_blanks = False
        self.has_exponents = False
        self.has_guards = False
        self.has_wide_commas = False
        self.read = 0
        self.records = 0
        self.quotes = 0
        self.lone_returns = 0
        self.nul_at: int | None = None
        self.longest = 0
        self.utf8 = True
        self._record_start = 0
        self._line_start = 0
        self._last = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def feed(self, chunk: bytes) -> None:
        if self.read == 0 and chunk.startswith(codecs.BOM_UTF8):
            self._record_start = self._line_start = 3
        if self.nul_at is None and (at := chunk.find(0)) >= 0:
            self.nul_at = self.read + at
        self.lone_returns += chunk.count(b"\r") - chunk.count(b"\r\n")
        self._check_text(chunk)
        self.has_blanks = self.has_blanks or self._finds_blanks(chunk)
        self.has_exponents = self.has_exponents or _any(_EXPONENTS, self._last + chunk)
        self.has_guards = self.has_guards or _any(_GUARDS, chunk)
        self.has_wide_commas = self.has_wide_commas or not (chunk.isascii() and self._last.isascii())
        self._count(chunk)
        self.read += len(chunk)
        self._last = chunk[-1:]

    def finish(self) -> Scan:
        tail = self.read - self._record_start
        if tail > 1 or (tail == 1 and self._last not in (b"\r", b"\n")):
            self.records += 1
        self.longest = max(self.longest, self.read - self._line_start)
        if self.utf8:
            self._check_text(b"", final=True)
        self.has_blanks = self.has_blanks or self._last == b" "
        plain = self.quotes % 2 == 0 and self.lone_returns == 0
        return Scan(
            self.records,
            plain,
            self.utf8,
            self.nul_at,
            self.longest,
            self.has_blanks,
            self.has_exponents,
            self.has_guards,
            self.has_wide_commas,
        )

    def _check_text(self, chunk: bytes, final: bool = False) -> None:
        if not self.utf8 or (chunk.isascii() and not final and not self._decoder.getstate()[0]):
            return
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            self.utf8 = False

    def _finds_blanks(self, chunk: bytes) -> bool:
        """Whether white space stands at the edge of a cell; the last byte waits for the next chunk."""
        if self._hides_tab in chunk:
            return True
        if not chunk.isascii() and any(mark in chunk for mark in _WIDE_BLANKS):
            return True
        codes = np.frombuffer((self._last or b"\n") + chunk, dtype=np.uint8)
        at = np.flatnonzero(codes == _SPACE)
        before, after = codes[at[at > 0] - 1], codes[at[at < len(codes) - 1] + 1]
        return bool(self._edges[before].any() or self._edges[after].any())

    def _count(self, chunk: bytes) -> None:
        """Count the records that end in the chunk."""
        codes = np.frombuffer(chunk, dtype=np.uint8)
        ends = np.flatnonzero(codes == _NEWLINE)
        if ends.size:
            lines = np.diff(ends + self.read, prepend=self._line_start - 1)
            self.longest = max(self.longest, int(lines.max()))
            self._line_start = self.read + int(ends[-1]) + 1
        if b'"' in chunk:
            quotes = np.flatnonzero(codes == _QUOTE)
            before = np.searchsorted(quotes, ends) + self.quotes
            self.quotes += len(quotes)
            self.has_blanks = self.has_blanks or bool((before % 2).any())
            ends = ends[before % 2 == 0]
        elif self.quotes % 2:
            return
        if not ends.size:
            return
        lengths = np.diff(ends + self.read, prepend=self._record_start - 1) - 1
        blank = lengths == 0
        for index in np.flatnonzero(lengths == 1):
            end = int(ends[index])
            before_end = codes[end - 1] if end > 0 else (self._last or b"\0")[0]
            blank[index] = before_end == _RETURN
        self.records += int(len(ends) - blank.sum())
        self._record_start = self.read + int(ends[-1]) + 1


def _any(marks: tuple[bytes, ...], chunk: bytes) -> bool:
    return any(mark in chunk for mark in marks)
