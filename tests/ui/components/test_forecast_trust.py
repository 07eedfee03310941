"""What is said of the range of one customer, also where few are expected to buy."""

from __future__ import annotations

import pytest

from analytics.forecast.backtest import Coverage
from i18n.translator import translator
from ui.components.forecast_trust import covered


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_no_dash_stands_inside_the_sentence(lang: str) -> None:
    said = covered(Coverage(0.1, 0.1, 0.954, None), translator(lang))
    assert "–" not in said
    assert translator(lang).percent(0.954) in said


def test_both_shares_are_said_where_they_are_known() -> None:
    said = covered(Coverage(0.1, 0.1, 0.954, 0.81), translator("en"))
    assert "95.4%" in said
    assert "81.0%" in said
