"""Erasing a customer leaves no trace, no other total, and nothing half done."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data import audiences, erasure, erasure_journal, export_log, forecasts, snapshots, workspaces
from data.errors import DataError
from data.importing import run as importing
from data.importing.mapping import TableMapping
from data.importing.run import Request
from data.settings import Settings
from data.workspaces import Workspace
from tests.data.importing.conftest import NOW, PLACING, words

ID, NAME, PHONE, EMAIL = "P-7788", "Nurul Izzati binti Kassim", "012-998 7766", "nurul.izzati@example.com"
TRACES = (ID, NAME, "Izzati", PHONE, "0129987766", "60129987766", "998 7766", EMAIL)
DAYS = (date(2026, 11, 23), date(2026, 11, 22))

ORDERS = f"""Order ID,Order Date,Amount,Customer ID
1,2026-01-02 10:00:00,100.00,{ID}
2,2026-02-02 10:00:00,50.50,P-1
,2026-03-02 10:00:00,25.25,{ID}
4,2026-03-05 10:00:00,12.00,
5,2026-04-02 10:00:00,8.00,P-2
6,not a day,8.00,{ID}
"""
PEOPLE = f"""Customer ID,Name,Phone,Email,Birthday
{ID},{NAME},{PHONE},{EMAIL},1990-02-03
P-1,Siti,0123456789,siti@example.com,1991-02-03
P-2,Tan,0133456789,tan@example.com,nonsense
"""
CONSENTS = f"""Customer ID,Channel,State,At
{ID},email,granted,2026-01-01
P-1,email,granted,2026-01-01
"""
FEEDBACK = f"""Customer ID,Given At,Kind,Score,Comment
{ID},2026-02-01,nps,9,I am {NAME}
P-1,2026-02-01,nps,7,Good
"""
FILES = {"transactions": ORDERS, "customers": PEOPLE, "consents": CONSENTS, "feedback": FEEDBACK}


def load(home: Path, folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    paths = {}
    for table, content in files.items():
        paths[table] = folder / f"{table}.csv"
        paths[table].write_text(content, encoding="utf-8")
    mappings: dict[str, TableMapping] = {}
    importing.run(Settings(home=home), "kedai", Request(paths, mappings, words, PLACING, now=NOW))


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two snapshots, an audience, a forecast and a log, all of which know the customer."""
    folder = tmp_path_factory.mktemp("erasure")
    home = folder / "home"
    load(home, folder / "files", **FILES)
    load(home, folder / "files", transactions=ORDERS.replace("8.00,P-2", "9.00,P-2"))
    made = workspaces.open_workspace(home, "kedai")
    audiences.save_list(made, f"For {NAME}", [ID, "P-1"], words=f"with {EMAIL}", days=DAYS)
    export_log.append(
        made, title="t", rule=f"{ID} only", columns=["customer_id"], count=1, file="f.csv", language="en"
    )
    current = made.current()
    assert current is not None
    forecasts.save(made, current.id, "key", "{}", None)
    return home


@pytest.fixture
def shop(made_once: Path, tmp_path: Path) -> Workspace:
    """A copy of it, to be changed."""
    shutil.copytree(made_once, tmp_path / "home")
    return workspaces.open_workspace(tmp_path / "home", "kedai")


def everything(root: Path) -> str:
    """All that stands in the files of a workspace, Parquet read out, names of files too."""
    found = []
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        found.append(str(path.relative_to(root)))
        if path.suffix == ".parquet":
            found.append(str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()))
        found.append(path.read_bytes().decode("utf-8", errors="replace"))
    return "\n".join(found)


def traces(root: Path) -> list[str]:
    held = everything(root)
    return [trace for trace in TRACES if trace.lower() in held.lower()]


def totals(shop: Workspace) -> list[tuple[object, ...]]:
    """Orders, purchases and money of every snapshot, by the mart."""
    found = []
    for snapshot in shop.snapshots():
        orders = f"read_parquet('{snapshot.folder('orders')}/*.parquet')"
        sums = "count(*), sum(is_purchase::INT), round(sum(amount), 2), round(sum(margin), 2)"
        query = f"SELECT {sums} FROM {orders}"
        found += duckdb.sql(query).fetchall()
    return found


def test_before_the_erasure_the_workspace_is_full_of_traces(shop):
    assert set(traces(shop.path)) >= {ID, NAME, PHONE, EMAIL}


def test_an_erased_customer_leaves_no_trace_and_the_totals_stay(shop):
    before, ids = totals(shop), [each.id for each in shop.snapshots()]
    done = erasure.erase(shop, ID)
    assert traces(shop.path) == []
    assert totals(shop) == before
    assert len(shop.snapshots()) == len(ids)
    assert not {each.id for each in shop.snapshots()} & set(ids)
    assert [each.id.partition("-")[0] for each in shop.snapshots()] == [i.partition("-")[0] for i in ids]
    assert (done.sales, done.snapshots) == (2, 2)
    current = shop.current()
    assert current is not None
    assert current.id == shop.snapshots()[-1].id
    assert current.manifest["parent"] == shop.snapshots()[-2].id


def test_the_others_stay_as_they_were(shop):
    erasure.erase(shop, ID)
    current = shop.current()
    assert current is not None
    customers = f"read_parquet('{current.folder('customers')}/*.parquet')"
    rows = duckdb.sql(f"SELECT customer_id, name, email FROM {customers} ORDER BY 1").fetchall()
    assert rows == [("P-1", "Siti", "siti@example.com"), ("P-2", "Tan", "tan@example.com")]
    [audience] = audiences.saved(shop)
    assert audiences.ids_of(shop, audience)["customer_id"].to_pylist() == ["P-1"]
    marts = current.folder("customer_summary")
    assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{marts}/*.parquet')").fetchone() == (2,)


def test_the_same_files_imported_again_bring_nobody_back_and_change_nothing(shop, tmp_path):
    erasure.erase(shop, ID)
    before = totals(shop)[-1]
    home = shop.path.parent.parent
    load(home, tmp_path / "files", **{**FILES, "transactions": ORDERS.replace("8.00,P-2", "9.00,P-2")})
    assert traces(shop.path) == []
    assert totals(shop)[-1] == before


def test_a_new_number_for_the_same_e_mail_stays_out_too(shop, tmp_path):
    erasure.erase(shop, ID)
    home = shop.path.parent.parent
    load(home, tmp_path / "files", customers=PEOPLE.replace(ID, "X-1").replace(PHONE, "+60129987766"))
    assert traces(shop.path) == []


def test_the_record_says_that_somebody_was_erased_and_not_who(shop):
    done = erasure.erase(shop, ID)
    assert erasure.erasures(shop) == [done]
    record = (shop.path / "privacy" / "erasures.jsonl").read_text()
    assert not [trace for trace in TRACES if trace in record]
    assert (shop.path / "privacy" / "erased.json").stat().st_mode & 0o777 == 0o600


def test_nobody_can_be_erased_who_is_not_there(shop):
    before = everything(shop.path)
    with pytest.raises(DataError):
        erasure.erase(shop, "P-9999")
    assert everything(shop.path) == before


class _Killed(BaseException):
    """The process ends here."""


STEPS = ("os.rename", "os.replace", "shutil.rmtree", "snapshots.rollback", "snapshots.sync_folder")


@pytest.mark.parametrize("moment", [0, 2, 4, 6, 9, 13])
def test_a_kill_at_any_step_leaves_before_or_after(shop, moment, monkeypatch):
    before = everything(shop.path)
    passed = {"steps": 0}

    def counted(original):
        def step(*args, **options):
            passed["steps"] += 1
            if passed["steps"] > moment:
                raise _Killed
            return original(*args, **options)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "recover", lambda root: None)  # a killed process tidies nothing
        for name in STEPS:
            module, _, function = name.partition(".")
            holder = getattr(erasure_journal, module)
            patch.setattr(erasure_journal, module, _Module(holder, function, counted, erasure_journal, patch))
        with suppress(_Killed):
            erasure.erase(shop, ID)
    again = workspaces.open_workspace(shop.path.parent.parent, "kedai")
    with again.lock():
        pass
    left = traces(again.path)
    assert left == [] or everything(again.path) == before
    assert again.current() is not None
    assert not list(again.path.rglob(".erasing*"))


class _Module:
    """A module one function of which counts; several functions of it can."""

    def __init__(self, module, function, counted, owner, patch):
        self._module, self._counted = module, {function: counted(getattr(module, function))}

    def __getattr__(self, name):
        return self._counted.get(name) or getattr(self._module, name)


def test_a_journal_that_was_written_is_carried_through_by_whoever_opens_the_workspace(shop, monkeypatch):
    def stop(root: Path) -> None:
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "finish", stop)
        with pytest.raises(_Killed):
            erasure.erase(shop, ID)
    assert (shop.path / erasure_journal.JOURNAL).is_file()
    assert not [trace for trace in TRACES if trace in (shop.path / erasure_journal.JOURNAL).read_text()]
    again = workspaces.open_workspace(shop.path.parent.parent, "kedai")
    assert traces(again.path) == []
    assert snapshots.current(again.path) is not None
    assert json.loads((again.path / "privacy" / "erased.json").read_text())["id"]


def test_every_id_that_was_merged_into_the_person_goes(tmp_path):
    home = tmp_path / "home"
    twin = f"shopee_my:nurul,{NAME},{PHONE},{EMAIL},\n"
    orders = ORDERS + "7,2026-05-02 10:00:00,33.00,shopee_my:nurul\n"
    load(home, tmp_path / "files", transactions=orders, customers=PEOPLE + twin)
    shop = workspaces.open_workspace(home, "kedai")
    current = shop.current()
    assert current is not None
    assert set(erasure.ids_of(current, ID)) == {ID, "shopee_my:nurul"}
    before = totals(shop)
    assert erasure.erase(shop, ID).sales == 3
    assert [*traces(shop.path), *(["twin"] if "nurul" in everything(shop.path).lower() else [])] == []
    assert totals(shop) == before
