"""The chart of a printed page, as SVG made of numbers and escaped text: no script, no font, no link."""

from __future__ import annotations

from html import escape
from typing import Final

from charts import palette
from charts.escaping import plain_text

WIDTH: Final = 640
HEIGHT: Final = 250
_BASE: Final = 206
_TOP: Final = 34
_FONT: Final = "'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def before_after(
    before: float,
    after: float,
    cost: float,
    names: tuple[str, str],
    amounts: tuple[str, str],
    cost_texts: tuple[str, str],
    title: str,
) -> str:
    """Two bars and the cost to win a customer as a dashed line.

    Parameters
    ----------
    before, after : float
        Money per customer; the bars start at 0.
    cost : float
        To win a customer; left out at 0.
    names, amounts : pair of str
        Under and on the bars, in the reader's language.
    cost_texts : pair of str
        Right of the line, above each other: what it is, and how much.
    title : str
        For those who cannot see the chart.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    top, bottom = max(before, after, cost, 0.0), min(before, after, 0.0)
    span = (top - bottom) or 1.0

    def height(value: float) -> float:
        return _TOP + (_BASE - _TOP) * (top - value) / span

    zero = height(0.0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{_safe(title, 200)}" font-family="{_FONT}">'
    ]
    colours = (palette.MUTED["light"], palette.PRIMARY["light"])
    for place, (value, name, amount, colour) in enumerate(
        zip((before, after), names, amounts, colours, strict=True)
    ):
        left, y = 20 + place * 210, height(value)
        parts.append(
            f'<rect x="{left}" y="{min(y, zero):.1f}" width="180" height="{abs(zero - y):.1f}" '
            f'fill="{colour}"/>'
            f'<text x="{left + 90}" y="{min(y, zero) - 9:.1f}" text-anchor="middle" font-size="22" '
            f'font-weight="600" fill="{palette.TEXT["light"]}">{_safe(amount, 40)}</text>'
            f'<text x="{left + 90}" y="{_BASE + 26}" text-anchor="middle" font-size="15" '
            f'fill="{palette.TEXT["light"]}">{_safe(name, 60)}</text>'
        )
    parts.append(f'<line x1="0" x2="430" y1="{zero:.1f}" y2="{zero:.1f}" stroke="{palette.MUTED["light"]}"/>')
    if cost > 0:
        y, bad = height(cost), palette.BAD["light"]
        parts.append(
            f'<line x1="0" x2="430" y1="{y:.1f}" y2="{y:.1f}" stroke="#fff" stroke-width="5"/>'
            f'<line x1="0" x2="430" y1="{y:.1f}" y2="{y:.1f}" stroke="{bad}" stroke-width="1.5" '
            f'stroke-dasharray="6 4"/>'
            f'<text x="440" y="{y - 2:.1f}" font-size="14" fill="{bad}">{_safe(cost_texts[0], 32)}</text>'
            f'<text x="440" y="{y + 17:.1f}" font-size="15" font-weight="600" fill="{bad}">'
            f"{_safe(cost_texts[1], 32)}</text>"
        )
    return "".join([*parts, "</svg>"])


def _safe(text: str, limit: int) -> str:
    return escape(plain_text(text, limit), quote=True)
