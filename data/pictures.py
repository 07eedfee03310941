"""Pictures that people bring: decoded within bounds, so that only their pixels go on from here."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

from PIL import Image, ImageOps, UnidentifiedImageError

from data.errors import DataError


class NoPicture(ValueError):
    """What was given is no picture of a known format within the bounds."""


def check_size(content: bytes, most: int, refusal: type[DataError], code: str) -> None:
    """Refuse a file of more bytes than ``most``, with ``limit`` and ``size`` in MB.

    Raises
    ------
    refusal
    """
    if len(content) > most:
        raise refusal(
            code,
            "A picture may have {limit} MB; this file has {size} MB. Make it smaller.",
            limit=most // 1_000_000,
            size=round(len(content) / 1e6, 1),
        )


def pixels(content: bytes, formats: Sequence[str], most: int, mode: str) -> Image.Image:
    """The pixels of a picture, turned upright; nothing else of the file (no place, no camera, no script).

    Parameters
    ----------
    content : bytes
    formats : sequence of str
        Names of PIL's formats that are read.
    most : int
        Pixels.
    mode : str
        ``RGB`` or ``RGBA``; what is transparent becomes white in the first.

    Raises
    ------
    NoPicture : it cannot be read, or has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(formats)) as opened:
                if opened.width * opened.height > most or min(opened.size) < 1:
                    raise NoPicture("too many pixels")
                turned = (ImageOps.exif_transpose(opened) or opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise NoPicture(type(error).__name__) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture(type(error).__name__) from error
    clean = Image.new(mode, turned.size, "white" if mode == "RGB" else (0, 0, 0, 0))
    clean.paste(turned, mask=turned if mode == "RGB" else None)
    return clean
