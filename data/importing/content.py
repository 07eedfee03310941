"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from data.importing.refusals import refused

Content = Literal["text", "zip", "workbook97", "parquet"]

_MAGIC: Final = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"ORC", "an ORC file"),
    (b"ARROW1", "an Arrow file"),
    (b"Obj\x01", "an Avro file"),
)
_TEXT_CONTROLS: Final = frozenset(b"\t\n\r\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f")


def kind_of(path: Path) -> Content:
    """What the file is.

    Parameters
    ----------
    path : Path

    Returns
    -------
    {"text", "zip", "workbook97", "parquet"}
        ``zip`` may be a workbook (XLSX); ``workbook97`` is the older binary XLS.

    Raises
    ------
    FileRefused : the file is missing, empty, or something that holds no table.
    """
    head = _head(path)
    if not head.strip(b" \t\r\n\xef\xbb\xbf"):
        raise refused("file_empty", file=path.name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "workbook97"
    if head.startswith(b"PAR1"):
        return "parquet"
    _refuse_binaries(path, head)
    return "text"


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(65_536)
    except FileNotFoundError:
        raise refused("file_missing", file=path.name) from None
    except OSError as error:
        raise refused("file_unreadable", file=path.name, detail=error.strerror or "no access") from error


def _refuse_binaries(path: Path, head: bytes) -> None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16 with its mark
        return
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise refused("file_kind", file=path.name, found="a Python pickle")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise refused("file_kind", file=path.name, found="a picture (WEBP)")
    for magic, words in _MAGIC:
        if head.startswith(magic) and not _is_plain(head):
            raise refused("file_kind", file=path.name, found=words)
    if head.lstrip()[:1] == b"<" and any(
        mark in head[:4096].lower() for mark in (b"<html", b"<table", b"<!doctype")
    ):
        raise refused("file_html", file=path.name)
    if sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in head.replace(b"\0", b"")) > len(head) // 50:
        raise refused("file_kind", file=path.name, found="a binary file")


def _is_plain(head: bytes) -> bool:
    """Whether it reads as text after all (a CSV may begin with the letters BM or MZ)."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return False
        text = head[: error.start].decode("utf-8")
    return text.isprintable() or not any(ord(c) < 32 and c not in "\t\r\n\x0c\x1a" for c in text)
