"""The page Quality: what is said of each table."""

from __future__ import annotations

from i18n.translator import translator


def test_no_table_uses_more_columns_than_it_can_be_given(open_page):
    t = translator("en")
    app = open_page("data/quality.py", lang="en")
    assert not app.exception
    table = next(frame.value for frame in app.dataframe if t("quality.columns") in frame.value)
    told = {
        row[t("quality.table")]: row[t("quality.columns")].split(" of ") for row in table.to_dict("records")
    }
    assert t("codes.table.stores") in told
    assert all(0 < int(used) <= int(given) for used, given in told.values())


def test_the_share_of_identified_orders_says_its_days(open_page):
    t = translator("id")
    quality, people = open_page("data/quality.py", lang="id"), open_page("data/people.py", lang="id")
    name = t("kpi.identification_rate.name")

    def under(app):
        return next(metric.delta for metric in app.metric if metric.label == name)

    assert "2026" in under(quality)
    assert under(people) == t("filters.preset.all")
