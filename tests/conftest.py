"""Fixtures for every test: a small workspace with real marts, made in a second."""

from __future__ import annotations

import gc
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import settings as hypothesis_settings

from data import snapshots, workspaces
from data.marts.build import build_marts
from data.workspaces import Config, Workspace

# No test is timed: a busy machine is no bug.
hypothesis_settings.register_profile("setia", deadline=None)
hypothesis_settings.load_profile("setia")

# Expressions are small objects by the hundred thousand; looking for rubbish among them every 700 new
# ones takes a seventh of the time of a test that asks many questions.
gc.set_threshold(100_000, 50, 100)

# The Java of Spark lives for minutes here: compiling hard what runs once takes longer than running it.
os.environ.setdefault("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

TOWNS = (
    ("Klang", "MY-10", "Selangor", 3.04, 101.45),
    ("Kuala Lumpur", "MY-14", "Kuala Lumpur", 3.14, 101.69),
    ("George Town", "MY-07", "Pulau Pinang", 5.41, 100.33),
    ("Johor Bahru", "MY-01", "Johor", 1.49, 103.74),
)
STORES = (("KL1", "Bukit Bintang"), ("KL2", "Klang Utama"), ("PG1", "Gurney"), ("JB1", "Tebrau"))
CATEGORIES = ("Coffee", "Bakery", "Gifts")
LAST_DAY = datetime(2026, 11, 22)


def small_tables(customers: int = 240, days: int = 800, seed: int = 7) -> dict[str, pa.Table]:
    """Transactions, customers and stores of a small chain, the same every time."""
    chance = random.Random(seed)
    people = [_customer(number, chance, days) for number in range(customers)]
    lines = [line for person in people for line in _orders(person, chance)]
    lines += [_anonymous(number, chance, days) for number in range(len(lines) // 5)]
    places = [
        {
            "store_id": store,
            "name": name,
            "lat": TOWNS[i][3],
            "lon": TOWNS[i][4],
            "owner": "own",
            "region_code": TOWNS[i][1],
        }
        for i, (store, name) in enumerate(STORES)
    ]
    return {
        "transactions": pa.Table.from_pylist([_with_ids(i, line) for i, line in enumerate(lines)]),
        "customers": pa.Table.from_pylist(people),
        "stores": pa.Table.from_pylist(places),
    }


def _customer(number: int, chance: random.Random, days: int) -> dict[str, Any]:
    town, code, region, lat, lon = TOWNS[min(int(chance.expovariate(0.8)), 3)]
    return {
        "customer_id": f"C{number:04d}",
        "name": f"Customer {number}",
        "email": f"c{number}@example.com",
        "phone": f"+6012{number:07d}",
        "joined_at": LAST_DAY - timedelta(days=chance.randrange(1, days)),
        "kind": "internal" if number % 60 == 0 else "reseller" if number % 40 == 1 else "external",
        "member": number % 3 == 0,
        "city": town,
        "region": region,
        "country": "MY",
        "lat": lat + chance.gauss(0, 0.05),
        "lon": lon + chance.gauss(0, 0.05),
        "geo_precision": "postcode",
        "region_code": code,
    }


def _orders(person: dict[str, Any], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Orders from joining on, more or less often, until the customer stops or the data end."""
    gap, moment = chance.choice((20, 45, 120)), person["joined_at"]
    store = next(i for i, town in enumerate(TOWNS) if town[1] == person["region_code"])
    while moment <= LAST_DAY and chance.random() < 0.88:
        yield _line(person["customer_id"], moment, STORES[store][0], chance)
        moment += timedelta(days=chance.expovariate(1 / gap), hours=chance.random())


def _anonymous(number: int, chance: random.Random, days: int) -> dict[str, Any]:
    moment = LAST_DAY - timedelta(days=chance.randrange(days) if number else 0)
    return _line(None, moment, chance.choice(STORES)[0], chance)


def _line(customer: str | None, moment: datetime, store: str, chance: random.Random) -> dict[str, Any]:
    return {
        "customer_id": customer,
        "ordered_at": moment.replace(microsecond=0),
        "store_id": store,
        "channel": "store" if chance.random() < 0.7 else "web",
        "category": chance.choice(CATEGORIES),
        "quantity": float(chance.randrange(1, 4)),
        "amount": Decimal(chance.randrange(1500, 26000)) / 100,
        "currency": "MYR",
        "status": "completed",
    }


def _with_ids(number: int, line: dict[str, Any]) -> dict[str, Any]:
    return {"order_id": f"S{number:05d}", **line, "order_id_derived": False, "line_hash": number}


def build_workspace(
    home: Path, name: str, tables: dict[str, pa.Table] | None = None, config: Config | None = None
) -> Workspace:
    """Make a workspace under a home and fill it with tables and their marts."""
    workspace = workspaces.create(home, name, config or Config(title=name))
    with snapshots.draft(workspace.path) as draft:
        for table, rows in (tables or small_tables()).items():
            pq.write_table(rows, draft.folder(table) / "part-0.parquet")
        draft.commit(build_marts(draft, workspace.config))
    return workspace


@pytest.fixture(autouse=True)
def own_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that ran in a test stays ``__main__``; a process started later would run that page first."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SETIA_HOME with the workspace "Kedai Ujian". Do not change it."""
    home = tmp_path_factory.mktemp("setia-home")
    build_workspace(home, "Kedai Ujian")
    return home


@pytest.fixture
def small_workspace(small_home: Path) -> Workspace:
    """The small workspace itself."""
    return workspaces.open_workspace(small_home, "Kedai Ujian")


@pytest.fixture
def at_home(small_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app's own settings point at the small workspace's home, for AppTest."""
    return _use_home(small_home, monkeypatch)


@pytest.fixture
def use_home() -> Callable[[Path, pytest.MonkeyPatch], Path]:
    """A function that points the settings of this process at a home until the test ends."""
    return _use_home


def _use_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from data import settings

    monkeypatch.setenv("SETIA_HOME", str(home))
    chosen = settings.from_environment(os.environ)
    monkeypatch.setattr("ui.session.settings", lambda: chosen)
    return home


def need_java() -> None:
    """Leave the test out, loudly, where Java is missing; in CI that is a failure."""
    if shutil.which("java") is not None:
        return
    not_run("NO JAVA: the Spark tests DID NOT RUN. Install a Java 17 runtime.")


def not_run(message: str) -> NoReturn:
    """Leave a test out, loudly, because the machine lacks something; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
