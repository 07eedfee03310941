"""The figures of the Customers pages: what they carry, mark and leave out."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics import cohorts
from analytics.figures import ratio
from analytics.ladder import Ladder
from analytics.pareto import Concentration
from analytics.rfm_grid import default_grid
from charts import cell_grid, cohort, lifecycle, palette, pareto, rfm, value
from charts.amounts import round_money
from i18n.numbers import LANGUAGES
from i18n.translator import translator

EN = translator("en")
SIZES = pd.DataFrame(
    {
        "lifecycle": ["new", "active", "loyal", "lapsed"],
        "customers": [10, 20, 30, 40],
        "revenue": [100.0, 200.0, 600.0, 100.0],
        "orders": [10, 30, 90, 10],
        "share_of_customers": [0.1, 0.2, 0.3, 0.4],
        "share_of_revenue": [0.1, 0.2, 0.6, 0.1],
    }
)


def _cells() -> pd.DataFrame:
    """Two cohorts of 10 and 20; on 15 March the last month of each is not over."""
    found = pd.DataFrame(
        {
            "cohort": [date(2026, 1, 1)] * 3 + [date(2026, 2, 1)] * 2,
            "period": [0, 1, 2, 0, 1],
            "customers": [10, 5, 2, 20, 4],
            "orders": [10, 5, 2, 20, 4],
            "revenue": [100.0, 50.0, 20.0, 200.0, 40.0],
            "margin": [40.0, 20.0, 8.0, 80.0, 16.0],
        }
    )
    return cohorts.triangle(found, date(2026, 3, 15))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_lifecycle_bar_has_its_colour_its_outline_and_its_numbers(lang):
    figure = lifecycle.shares(SIZES, "MYR", translator(lang))
    people, money = figure.data
    assert list(people.marker.color) == [palette.LIFECYCLE[code] for code in SIZES["lifecycle"]]
    assert list(people.marker.line.color) == [palette.LIFECYCLE_OUTLINE[code] for code in SIZES["lifecycle"]]
    assert people.text[3] == f"40 · {translator(lang).percent(0.4)}"
    assert money.text[2].startswith("RM600")


def test_a_click_on_a_bar_carries_the_code_not_the_word():
    assert [row[0] for row in lifecycle.shares(SIZES, "MYR", translator("ms")).data[0].customdata] == [
        "new", "active", "loyal", "lapsed",
    ]  # fmt: skip


def test_a_share_that_cannot_be_computed_is_a_dash_beside_an_empty_bar():
    figure = lifecycle.shares(SIZES.assign(share_of_revenue=float("nan"), revenue=0.0), "MYR", EN)
    assert figure.data[1].text[0].endswith("–")
    assert list(figure.data[1].x) == [0, 0, 0, 0]


def _rungs(found: Ladder) -> list[str]:
    """What stands above each bar, from the widest to the narrowest."""
    return [note.text for note in lifecycle.ladder(found, EN).layout.annotations]


def test_members_that_are_not_known_are_a_dash():
    texts = _rungs(Ladder(1000, 300, None))
    assert "30.0%" in texts[1]
    assert "–" in texts[2]


def test_the_ladder_says_the_conversions_of_the_reference_numbers():
    # 1000 buyers, 300 bought again, 120 members: 30%, 40% (REFERENCE-NUMBERS of the house)
    texts = _rungs(Ladder(1000, 300, 120, 150))
    assert "30.0% of buyers" in texts[1]
    assert "40.0% of customers" in texts[2]


def _look(measure: str = "rate", **more: object) -> cohort.Look:
    write = (lambda v: EN.number(v * 100)) if measure == "rate" else EN.number
    return cohort.Look(measure, write, lambda row: EN.month(row), ["0", "1", "2"], "Months", **more)


def _triangle(cells: pd.DataFrame, look: cohort.Look | None = None):
    totals = [("Average", cohorts.averages(cells)), ("Median", cohorts.medians(cells))]
    return cohort.triangle(cells.assign(row=cells["cohort"]), totals, look or _look(), EN, "light").data[0]


def test_immature_months_are_hatched_and_mature_ones_are_not():
    bars = _triangle(_cells())
    drawn = {tuple(d): s for d, s in zip(bars.customdata, bars.marker.pattern.shape, strict=True) if d}
    assert drawn["2026-01-01", 1] == ""
    assert drawn["2026-01-01", 2] == "/"
    assert drawn["2026-02-01", 1] == "/"
    assert drawn["2026-02-01", 0] == "", "the size of a cohort is known at once"


def test_the_total_rows_are_made_of_mature_months_only():
    bars = _triangle(_cells())
    rows = [[text for text, y in zip(bars.text, bars.y, strict=True) if y == place] for place in (0, 1)]
    assert rows[0] == ["30", "50"], "30 customers in all; month 1: 5 of the 10 whose month 1 is over"
    assert rows[1] == ["15", "50"]


def test_a_click_on_a_cell_carries_the_day_even_where_the_frame_holds_timestamps():
    bars = _triangle(_cells().assign(cohort=lambda c: pd.to_datetime(c["cohort"])))
    assert {row[0] for row in bars.customdata if row} == {"2026-01-01", "2026-02-01"}


def test_immature_is_said_in_words_too():
    assert EN("cohorts.immature") in _triangle(_cells()).hovertext[-1]


def test_money_has_a_column_for_the_first_period_and_the_cost_one_of_its_own():
    cells = _cells().assign(paid_back=lambda c: c["value_per_customer"] >= 6)
    look = _look("value_per_customer", extra={date(2026, 1, 1): "6"}, extra_title="Cost")
    bars = _triangle(cells, look)
    january = [t for t, d, y in zip(bars.text, bars.customdata, bars.y, strict=True) if 2 < y < 3]
    assert january == ["10", "6", "4", "6✓", "7✓"]


def test_a_hostile_name_of_a_row_is_shown_as_written():
    cells = _cells().assign(row="<b>x</b>", value="x")
    look = cohort.Look("rate", EN.number, str, ["0", "1", "2"], "Months")
    figure = cohort.triangle(cells, [], look, EN, "light")
    assert "<b>x" not in figure.layout.yaxis.ticktext[0]


def test_with_a_money_score_every_rfm_cell_has_exactly_one_name():
    cells = pd.DataFrame({"r": [5], "f": [5], "customers": [3], "revenue": [900.0]})
    figure = rfm.heat(cells, default_grid(), 5, "MYR", EN, "light")
    texts = dict(zip(map(tuple, figure.data[0].customdata), figure.data[0].text, strict=True))
    assert len(texts) == 25
    assert texts[5, 5] == f"3<br>{EN.code('rfm_segment', 'champions')}"
    assert all(text.count("<br>") == 1 for text in texts.values())


@pytest.mark.parametrize("bins", [3, 4, 5])
def test_the_grid_has_as_many_cells_as_scores(bins):
    empty = pd.DataFrame(columns=["r", "f", "customers", "revenue"])
    figure = rfm.heat(empty, default_grid(bins), None, "MYR", EN, "dark")
    assert len(figure.data[0].text) == bins * bins


def test_more_is_further_from_the_page_in_both_modes():
    for mode in ("light", "dark"):
        low, high = (palette.contrast(cell_grid.shade(v, mode), palette.BACKGROUND[mode]) for v in (0, 0.999))
        assert high > low


def test_the_gold_mark_says_the_share():
    # 10 customers, the top 2 bring 800 of 1000: 80% (REFERENCE-NUMBERS of the house)
    found = Concentration(
        10, 1000.0, 2, 800.0,
        ratio("gold_share", 800, 1000, "share", "not_computable"),
        ratio("smallest_share", 2, 10, "share", "not_computable"), 0.8,
    )  # fmt: skip
    points = pd.DataFrame(
        {"customers": [0, 2, 10], "value": [0.0, 800.0, 1000.0],
         "share_of_customers": [0.0, 0.2, 1.0], "share_of_value": [0.0, 0.8, 1.0]}
    )  # fmt: skip
    figure = pareto.curve(points, found, "revenue", EN, "light")
    assert any("80.0%" in (note.text or "") for note in figure.layout.annotations)


def test_before_and_after_are_written_in_full_on_bars_from_zero():
    figure = value.before_after(211.2, 234.67, 45.0, ("now", "then"), "MYR", EN, "light")
    assert list(figure.data[0].text) == ["RM211.20", "RM234.67"]
    assert figure.layout.yaxis.range[0] == 0


def test_a_hostile_group_name_is_shown_as_written():
    groups = pd.DataFrame({"customers": [3], "mean_revenue": [5.0]})
    figure = value.by_group(["<a href='http://x.test'>y</a>$$"], groups, "mean_revenue", "MYR", EN)
    assert "<a" not in figure.layout.yaxis.ticktext[0]
    assert "$" not in figure.layout.yaxis.ticktext[0]


def test_what_a_group_brings_and_its_customers_stand_in_two_lines_that_fit_a_phone():
    groups = pd.DataFrame({"customers": [379, 1], "mean_value": [437895.0, 12485.0]})
    figure = value.by_group(["a", "b"], groups, "mean_value", "IDR", translator("id"))
    assert list(figure.data[0].text) == ["Rp437.895<br>379 pelanggan", "Rp12.485<br>1 pelanggan"]


def test_brackets_below_and_above_are_named():
    brackets = pd.DataFrame(
        {"low": [float("-inf"), 1.0, 2.0], "high": [1.0, 2.0, float("inf")], "customers": [1, 2, 3]}
    )
    assert value.bracket_names(brackets, EN) == ["below 1", "1 – 2", "2 and more"]


def test_round_amounts_lose_empty_decimals_in_each_language():
    assert [round_money(100, "MYR", translator(lang)) for lang in LANGUAGES] == ["RM100"] * 3
    assert round_money(100_000, "IDR", translator("id")) == "Rp100 rb"


def test_the_column_of_sizes_is_wider_where_cells_are_narrow_and_nothing_overlaps():
    cells = [cell_grid.Cell(column, 0, 0.5, "1,234", data=(column,)) for column in range(12)]
    names = [str(column) for column in range(12)]
    figure = cell_grid.draw(cells, names, ["row"], EN, "light", first_width=1.8)
    bars = figure.data[0]
    ends = [start + width for start, width in zip(bars.base, bars.x, strict=True)]
    assert bars.x[0] == 1.8
    assert list(ends[:-1]) == pytest.approx(list(bars.base[1:]))
    assert tuple(figure.layout.xaxis.range) == pytest.approx((bars.base[0], ends[-1]))
    middles = [start + width / 2 for start, width in zip(bars.base, bars.x, strict=True)]
    assert list(figure.layout.xaxis.tickvals) == pytest.approx(middles)
