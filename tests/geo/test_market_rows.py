"""Market data as people write them: read, or refused with the reason."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.market_rows import read

STORES = {"own a": "A", "a": "A", "b": "B", "pesaing": "X"}


def here(places: pd.DataFrame) -> pd.DataFrame:
    """Klang and Ipoh are known, Johor only as a state."""
    known = {"Klang": (3.04, 101.45, False), "Ipoh": (4.6, 101.08, False), "Johor": (1.9, 103.3, True)}
    told = [known.get(f"{row.area}{row.town}", (None, None, False)) for row in places.itertuples()]
    made = pd.DataFrame(told, columns=["lat", "lon", "wide"])
    for name in ("lat", "lon"):
        made[name] = made[name].astype(float).fillna(pd.to_numeric(places[name], errors="coerce"))
    return made


def table(columns: str, *rows: str) -> pd.DataFrame:
    return pd.DataFrame([row.split("|") for row in rows], columns=columns.split("|"))


def visits(found: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {(row.place, row.store_id): round(row.visits, 6) for row in found.itertuples()}


def test_visits_by_town_and_store_add_up() -> None:
    found = read(
        table("Bandar|Kedai|Lawatan", "Klang|Own A|60", "Klang|pesaing|1,200", "Klang|A|5", "Ipoh|B|0"),
        STORES,
        here,
    )
    assert found.kind == "visits"
    assert not found.refused
    assert visits(found.table) == {("Klang", "A"): 65, ("Klang", "X"): 1200, ("Ipoh", "B"): 0}
    assert found.places == 2


def test_shares_are_times_the_people_asked() -> None:
    found = read(
        table("town|store|share|asked", "Klang|a|40%|200", "Klang|pesaing|60%|200", "Ipoh|b|100|50"),
        STORES,
        here,
    )
    assert found.kind == "share"
    assert visits(found.table) == {("Klang", "A"): 80, ("Klang", "X"): 120, ("Ipoh", "B"): 50}


def test_a_percent_sign_alone_says_percent() -> None:
    found = read(table("town|store|share|asked", "Klang|a|0.5%|200", "Ipoh|b|1|50"), STORES, here)
    assert visits(found.table) == {("Klang", "A"): 1.0, ("Ipoh", "B"): 0.5}


def test_shares_without_the_people_asked_weigh_alike() -> None:
    found = read(table("area|toko|share", "Klang|a|0.4", "Klang|pesaing|0.6", "Ipoh|b|1"), STORES, here)
    assert visits(found.table) == {("Klang", "A"): 0.4, ("Klang", "X"): 0.6, ("Ipoh", "B"): 1.0}


def test_positions_stand_for_themselves() -> None:
    found = read(table("lat|lon|store|visits", "3.1|101.5|a|3", "3.1|101.5|pesaing|4"), STORES, here)
    assert found.table[["lat", "lon"]].to_numpy().tolist() == [[3.1, 101.5]] * 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Klang||3", "no_store"),
        ("Klang|Tesco|3", "store_unknown"),
        ("Klang|a|many", "not_a_number"),
        ("Klang|a|", "not_a_number"),
        ("Klang|a|-3", "out_of_range"),
        ("|a|3", "no_place"),
        ("Atlantis|a|3", "place_unknown"),
        ("Johor|a|3", "place_wide"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(row: str, reason: str) -> None:
    found = read(table("town|store|visits", "Klang|b|7", row), STORES, here)
    assert [(each.row, each.reason) for each in found.refused] == [(3, reason)]
    assert visits(found.table) == {("Klang", "B"): 7}


def test_shares_of_more_than_all_are_refused_by_place() -> None:
    found = read(table("town|store|share", "Klang|a|0.9", "Klang|pesaing|0.9", "Ipoh|a|0.5"), STORES, here)
    assert [(each.row, each.reason) for each in found.refused] == [(2, "share_sum")]
    assert visits(found.table)[("Klang", "A")] == 0


@pytest.mark.parametrize("columns", ["town|visits", "store|visits", "town|store"])
def test_a_missing_column_is_named(columns: str) -> None:
    with pytest.raises(ValueError, match="Market data need a place"):
        read(table(columns, "a|b"), STORES, here)
