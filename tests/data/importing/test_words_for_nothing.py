"""A word such as ``n/a`` in a required number refuses its row, however plain the other numbers are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from data.importing.places import Placing
from data.importing.run import Request, run
from data.settings import settings


def _nowhere(*_: object) -> pd.DataFrame:
    raise AssertionError("transactions alone place nobody")


@pytest.mark.parametrize("word", ["n/a", "N/A", "-", "tiada", "null"])
def test_an_amount_that_says_nothing_is_refused_and_counted(tmp_path: Path, word: str) -> None:
    rows = ["order_id,customer_id,ordered_at,amount"]
    for number in range(400):
        amount = word if number % 100 == 7 else f"{number % 90 + 1}.50"
        rows.append(f"{number:05d},{number % 50:03d},2026-01-{number % 28 + 1:02d} 10:00:00,{amount}")
    file = tmp_path / "transactions.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    request = Request({"transactions": file}, {}, lambda key, **_: key, Placing(_nowhere, _nowhere, _nowhere))
    outcome = run(replace(settings(), home=tmp_path / "home"), "shop", request)
    report = outcome.tables["transactions"]
    assert report.counts["rejected"] == 4
    assert report.counts["loaded"] == 396
    assert report.reasons == {"missing_value": 4}
