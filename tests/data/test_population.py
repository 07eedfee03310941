"""Figures per region: read from what people have, kept, replaced and deleted."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from data import population, workspaces
from data.errors import DataError, FileRefused
from data.workspaces import Workspace

TODAY = date(2026, 11, 23)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspaces.create(tmp_path, "kedai")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1,234", "5,678,901"], [1234, 5678901]),
        (["1.234", "5.678.901"], [1234, 5678901]),
        (["1.5", "2.25"], [1.5, 2.25]),
        (["1,5", "2,25"], [1.5, 2.25]),
        (["1.234,5", "7"], [1234.5, 7]),
        (["1,234.5", "7"], [1234.5, 7]),
        (["1 234", "5\u00a0678"], [1234, 5678]),
        (["12", "n/a", ""], [12, np.nan, np.nan]),
        (["=1+1", "1e5"], [np.nan, np.nan]),
    ],
)
def test_numbers_are_read_as_people_write_them(texts: list[str], expected: list[float]) -> None:
    assert population.numbers(texts) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables_of_any_delimiter_and_encoding(encoding: str, delimiter: str) -> None:
    text = f"daerah{delimiter}penduduk\r\nKota Café{delimiter}12\r\n\r\n"
    found = population.read_table(text.encode(encoding), "p.csv")
    assert found.to_dict("list") == {"daerah": ["Kota Café"], "penduduk": ["12"]}


def test_a_workbook_is_read_from_its_first_sheet() -> None:
    import pandas as pd

    out = io.BytesIO()
    pytest.importorskip("openpyxl")
    pd.DataFrame({"code": ["MY-10"], "pop": [7_200_000]}).to_excel(out, index=False)
    assert population.read_table(out.getvalue(), "p.xlsx").to_dict("list") == {
        "code": ["MY-10"],
        "pop": ["7200000"],
    }


@pytest.mark.parametrize("content", [b"", b"only a header\n", b"\x00\x01\x02", b"PK\x03\x04broken"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        population.read_table(content, "x")


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "MOST_ROWS", 10)
    with pytest.raises(FileRefused):
        population.read_table(b"a,b\n" + b"1,2\n" * 20, "x")


def save(workspace: Workspace, value: float = 5.0, year: int = 2024) -> population.Figures:
    return population.save(workspace, "states", "population", year, "DOSM", ["MY-10"], [value], TODAY)


def test_figures_of_the_same_year_are_replaced_and_the_newest_comes_first(workspace: Workspace) -> None:
    save(workspace)
    again = save(workspace, 6.0)
    older = save(workspace, 4.0, 2020)
    assert population.kept(workspace, "states") == (again, older)
    assert population.rows_of(workspace, again.id)["value"].tolist() == [6.0]
    assert population.kept(workspace, "other") == ()
    population.delete(workspace, again.id)
    with pytest.raises(DataError):
        population.rows_of(workspace, again.id)


@pytest.mark.parametrize(
    ("level", "measure", "year", "value"),
    [("../x", "population", 2024, 1.0), ("states", "gdp", 2024, 1.0), ("states", "population", 0, 1.0)],
)
def test_what_cannot_be_kept_is_refused(
    workspace: Workspace, level: str, measure: str, year: int, value: float
) -> None:
    with pytest.raises(DataError):
        population.save(workspace, level, measure, year, "", ["a"], [value], TODAY)
    with pytest.raises(DataError):
        population.save(workspace, "states", "population", 2024, "", ["a"], [float("nan")], TODAY)


def test_a_made_up_id_reaches_nothing(workspace: Workspace) -> None:
    save(workspace)
    population.delete(workspace, "../states")
    assert len(population.kept(workspace)) == 1
    with pytest.raises(DataError):
        population.rows_of(workspace, "../../etc")
