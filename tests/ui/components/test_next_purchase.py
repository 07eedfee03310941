"""Where a second order is the exception, no day of silence is named: not on the card, not in the figure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.next_purchase import Rhythm
from analytics.survival import Hiatus, kaplan_meier
from charts import survival as charts
from i18n.translator import translator
from ui.components import cards, next_purchase

CURVE = kaplan_meier(np.array([0, *[1] * 399]), np.array([0, *[2] * 399]))


def shown(hiatus: Hiatus, lang: str, monkeypatch: pytest.MonkeyPatch) -> cards.Card:
    drawn: list[cards.Card] = []
    monkeypatch.setattr(cards, "kpi_row", lambda found, t: drawn.extend(found))
    next_purchase._cards(Rhythm(CURVE, hiatus, 27, 49, 78), 365, translator(lang))
    return drawn[-1]


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_a_hiatus_of_no_days_is_a_dash_with_its_reason(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    card = shown(Hiatus(0, 0, 0, 365), lang, monkeypatch)
    assert card.value == "–"
    assert card.reason == translator(lang)("nextbuy.reason.at_once")


def test_a_hiatus_of_some_days_says_them_and_its_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    card = shown(Hiatus(120, 110, 131, 365), "en", monkeypatch)
    assert (card.value, card.reason) == ("120 days", "between 110 and 131")


@pytest.mark.parametrize(("days", "lines"), [(0, 0), (120, 1)])
def test_the_figure_has_a_line_only_where_a_silence_tells(days: int, lines: int) -> None:
    figure = charts.returned(CURVE, Hiatus(days, days, days, 365), 365, translator("en"), "light")
    assert len(figure.layout.shapes) == lines


def test_the_table_is_written_in_the_language_of_the_screen() -> None:
    class Asked:
        currency = "IDR"

    t = translator("id")
    written = next_purchase._formats(Asked(), t)  # type: ignore[arg-type]
    words = next_purchase._headers(Asked(), t)  # type: ignore[arg-type]

    def said(code: str, value: object) -> str:
        return str(written[words[code]](value))

    assert said("revenue", 1_371_000.0) == "Rp1.371.000"
    assert said("chance", 0.276) == "27,6%"
    assert said("last_day", pd.Timestamp(2026, 10, 11)) == "11 Okt 2026"
    assert said("from_day", None) == "–"


@pytest.mark.parametrize(
    ("told", "expected"), [({90, 180, 365}, 365), ({90, 180}, 180), ({90}, 90), (set(), 365)]
)
def test_the_horizon_to_begin_with_is_the_longest_that_tells_who_is_gone(
    told: set[int], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked:
        key = ("kafe", "s1", None)
        windows = None

    def rhythms(*asked: object) -> dict[int, Rhythm]:
        days = 30 if asked[-1] in told else None
        return {next_purchase.EVERYONE: Rhythm(CURVE, Hiatus(days, days, days, 365), 27, 49, 78)}

    monkeypatch.setattr(next_purchase.cached, "rhythms", rhythms)
    assert next_purchase._far_enough(Asked()) == expected  # type: ignore[arg-type]
