"""Every code of the analytics has its words in the three languages."""

import pytest

from analytics import figures, findings, kpis, lifecycle, rfm_grid
from i18n.numbers import LANGUAGES
from i18n.translator import texts

KEYS = [
    *(f"kpi.{code}.{part}" for code in kpis.CODES for part in ("name", "definition")),
    *(f"kpi.reason.{code}" for code in figures.REASONS),
    *(f"kpi.finding.{code}" for code in findings.CODES),
    *(f"lifecycle.{code}.definition" for code in lifecycle.CODES),
    *(f"codes.lifecycle.{code}" for code in lifecycle.CODES),
    *(f"codes.rfm_segment.{code}" for code in rfm_grid.SEGMENTS),
    *(f"rfm.{code}.definition" for code in rfm_grid.SEGMENTS),
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_its_words(lang):
    assert [key for key in KEYS if not texts(lang).get(key)] == []
