"""The commands as a person types them: exit codes, one JSON object, one sentence."""

# ruff: noqa: E501  a file's rows stand on one line

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.__main__ import main
from data.importing.mapping import from_toml
from data.settings import settings

HEADER = "Order ID,Order Date,Amount,Customer ID\n"
GOOD = HEADER + "1,2026-01-05,10.00,C1\n2,2026-01-06,20.00,C2\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    monkeypatch.setenv("SETIA_HOME", str(tmp_path / "home"))
    settings.cache_clear()

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        out, error = capsys.readouterr()
        return code, out, error

    yield call
    settings.cache_clear()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    return path


def test_import_prints_exactly_the_promised_object(run: Run, good: Path) -> None:
    code, out, _ = run("import", "--workspace", "kedai", "--transactions", good, "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) == {"snapshot", "tables", "rejects"}
    assert found["tables"] == {
        "transactions": {"read": 2, "loaded": 2, "rejected": 0, "duplicates": 0, "updated": 0}
    }
    assert found["rejects"] is None


def test_nothing_new_exits_0_with_the_same_snapshot(run: Run, good: Path) -> None:
    first = json.loads(run("import", "--workspace", "kedai", "--transactions", good, "--json")[1])
    code, out, _ = run("import", "--workspace", "kedai", "--transactions", good, "--json")
    assert code == 0
    assert json.loads(out)["snapshot"] == first["snapshot"]


def test_a_file_with_refused_rows_names_the_file_that_lists_them(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text(GOOD + "3,soon,5,C3\n")
    _, out, _ = run("import", "--workspace", "kedai", "--transactions", path, "--json", "--language", "ms")
    rejects = Path(json.loads(out)["rejects"])
    assert "soon dalam Order Date bukan tarikh." in rejects.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "content", ["", HEADER, HEADER + "1,soon,5,C1\n", "x,y\n1,2\n", HEADER + '1,2026-01-05,"5,C1\n']
)
def test_a_refused_import_exits_2_with_one_sentence(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content)
    code, out, error = run("import", "--workspace", "kedai", "--transactions", path, "--json")
    assert code == 2
    assert out == ""
    assert error.strip().count("\n") == 0
    assert "bad.csv" in error
    assert "Traceback" not in error


@pytest.mark.parametrize("name", ["../evil", "..", "a/b", "", "///", "CON", "\u202e", "x\0y"])
def test_a_workspace_name_cannot_leave_the_home(run: Run, good: Path, tmp_path: Path, name: str) -> None:
    code, _, error = run("import", "--workspace", name, "--transactions", good)
    assert code == 2
    assert "workspace's name" in error
    assert sorted(p.name for p in tmp_path.iterdir()) in (["good.csv"], ["good.csv", "home"])


def test_suggest_prints_toml_that_import_takes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "jualan.csv"
    path.write_text("Tarikh;Jumlah Bayaran;No. Resit;Cukai\n25/01/2026;10,60;R1;0,60\n")
    code, out, _ = run("suggest", path)
    assert code == 0
    mapping = from_toml(out)["transactions"]
    assert mapping.columns["ordered_at"] == "Tarikh"
    assert mapping.amount_includes == ("tax",)
    toml = tmp_path / "m.toml"
    toml.write_text(out)
    assert run("import", "--workspace", "kedai", "--transactions", path, "--mapping", toml)[0] == 0
    as_json = json.loads(run("suggest", path, "--json")[1])
    assert as_json["decided"]["dates"] == {"ordered_at": "dmy"}
    assert as_json["decided"]["decimal"]["amount"] == ","


def test_suggest_of_an_ambiguous_file_says_which_key_to_set(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ambiguous.csv"
    path.write_text("Order ID,Order Date,Amount\n1,03/04/2026,5\n")
    code, _, error = run("suggest", path)
    assert code == 2
    assert 'dates = "dmy"' in error


def test_status_lists_tables_span_and_snapshots_and_rollback_goes_back(
    run: Run, good: Path, tmp_path: Path
) -> None:
    first = json.loads(run("import", "--workspace", "kedai", "--transactions", good, "--json")[1])["snapshot"]
    more = tmp_path / "more.csv"
    more.write_text(HEADER + "3,2026-02-05,5,C3\n")
    run("import", "--workspace", "kedai", "--transactions", more)
    status = json.loads(run("status", "--workspace", "kedai", "--json")[1])
    assert status["tables"] == {"transactions": 3}
    assert (status["first_day"], status["as_of"]) == ("2026-01-05", "2026-02-05")
    assert len(status["snapshots"]) == 2
    assert run("rollback", "--workspace", "kedai", "--to", first)[0] == 0
    assert json.loads(run("status", "--workspace", "kedai", "--json")[1])["tables"] == {"transactions": 2}
    assert "2026-01-05" in run("status", "--workspace", "kedai")[1]
    assert run("rollback", "--workspace", "kedai", "--to", "../../etc")[0] == 2


def test_forget_deletes_the_workspace_for_good(run: Run, good: Path, tmp_path: Path) -> None:
    run("import", "--workspace", "kedai", "--transactions", good)
    assert run("forget", "--workspace", "kedai", "--all")[0] == 0
    assert not (tmp_path / "home" / "workspaces" / "kedai").exists()
    assert run("status", "--workspace", "kedai")[0] == 2


def test_forget_without_all_deletes_nothing(run: Run, good: Path) -> None:
    run("import", "--workspace", "kedai", "--transactions", good)
    with pytest.raises(SystemExit):
        run("forget", "--workspace", "kedai")
    assert run("status", "--workspace", "kedai")[0] == 0


def test_customers_and_stores_are_put_on_the_map_by_the_reference_data(
    run: Run, good: Path, tmp_path: Path
) -> None:
    customers, stores = tmp_path / "customers.csv", tmp_path / "stores.csv"
    customers.write_text("customer_id,poskod,negeri\nC1,41000,Selangor\nC2,,Nowhereland\n")
    stores.write_text("store_id,lat,lon\nS1,3.139,101.687\n")
    code, _, error = run(
        "import", "--workspace", "kedai", "--transactions", good, "--customers", customers, "--stores", stores
    )
    assert code == 0, error
    import duckdb

    from data import workspaces

    snapshot = workspaces.open_workspace(settings().home, "kedai").current()
    assert snapshot is not None
    rows = duckdb.sql(
        f"SELECT customer_id, region_code, geo_precision FROM '{snapshot.folder('customers')}/*.parquet' ORDER BY 1"
    ).fetchall()
    assert rows == [("C1", "MY-10", "postcode"), ("C2", None, "none")]
    found = duckdb.sql(f"SELECT region_code FROM '{snapshot.folder('stores')}/*.parquet'").fetchall()
    assert found == [("MY-14",)]


def test_help_explains_every_command() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "data", "--help"], capture_output=True, text=True, check=True
    )
    for command in ("sample", "import", "suggest", "status", "rollback", "forget"):
        assert command in shown.stdout


def test_the_first_start_leaves_a_home_with_data_alone(run: Run, good: Path, tmp_path: Path) -> None:
    run("import", "--workspace", "kedai", "--transactions", good)
    assert run("sample", "--first-start") == (0, "", "")
    assert [path.name for path in (tmp_path / "home" / "workspaces").iterdir()] == ["kedai"]
