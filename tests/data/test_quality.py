"""Quality: counts of a snapshot agree with counting by hand."""

from datetime import date

import pandas as pd
import pytest

from data import quality, snapshots
from data.engines import Tables
from data.marts.build import build_marts
from data.settings import Engine
from data.workspaces import Config


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Tables:
    sold = pd.DataFrame(
        {
            "order_id": ["1", "1", "2", "3"],
            "customer_id": ["a", "a", None, "b"],
            "ordered_at": pd.to_datetime(["2026-01-02", "2026-01-02", "2026-02-01", "2026-03-05"]),
            "amount": [5.0, 5.0, 7.0, 9.0],
            "line_hash": [11, 11, 12, 13],
        }
    )
    people = pd.DataFrame({"customer_id": ["a", "b", "c"], "geo_precision": ["city", "city", "none"]})
    with snapshots.draft(tmp_path_factory.mktemp("quality")) as draft:
        for name, frame in (("transactions", sold), ("customers", people)):
            frame.to_parquet(draft.folder(name) / "part-0.parquet", coerce_timestamps="us")
        return Tables(draft.commit(build_marts(draft, Config(), engine)), engine)


def test_rows_span_and_filled_share_are_counted(tables: Tables) -> None:
    found = quality.table_quality(tables, "transactions")
    assert found is not None
    assert (found.rows, found.first, found.last) == (4, date(2026, 1, 2), date(2026, 3, 5))
    assert found.filled["customer_id"] == 0.75
    assert "category" not in found.filled


def test_a_table_that_is_not_there_is_none(tables: Tables) -> None:
    assert quality.table_quality(tables, "feedback") is None


def test_precision_counts_every_customer_and_identical_lines_are_named(tables: Tables) -> None:
    assert quality.geo_precisions(tables) == {"city": 2, "none": 1}
    assert quality.identical_lines(tables) == 1
