"""The sample's tables are what a merchant's files would be, and add up to believable figures."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data.reference import loader
from data.sample.files import write_files
from data.sample.make import Sample, make, make_sample
from data.sample.places import towns
from data.schema import TABLES

LAST = pd.Timestamp("2026-11-22")


def _orders(sample: Sample) -> pd.DataFrame:
    lines = sample.tables["transactions"]
    orders = lines.groupby("order_id", sort=False).agg(
        customer_id=("customer_id", "first"),
        at=("ordered_at", "min"),
        amount=("amount", "sum"),
        status=("status", "first"),
        channel=("channel", "first"),
    )
    kind = sample.tables["customers"].set_index("customer_id")["kind"]
    return orders.assign(kind=orders["customer_id"].map(kind).fillna("unidentified"))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_files(make_sample("sample-id", seed=5), tmp_path / "first")
    again = write_files(make_sample("sample-id", seed=5), tmp_path / "again")
    for name in first:
        assert first[name].read_bytes() == again[name].read_bytes(), name


def test_another_seed_gives_another_merchant() -> None:
    one, other = make("sample-id", seed=5), make("sample-id", seed=6)
    assert not one.truth.latent["rate_per_week"].equals(other.truth.latent["rate_per_week"])


def test_an_unknown_sample_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="sample-id"):
        make("nobody")


def test_tables_hold_columns_of_the_schema_only_and_all_required_ones(either: Sample) -> None:
    for name, table in either.tables.items():
        given = [column.name for column in TABLES[name].given]
        assert list(table.columns) == [column for column in given if column in table.columns]
        for column in TABLES[name].given:
            if column.required:
                assert table[column.name].notna().all(), f"{name}.{column.name}"
            if column.allowed and column.name in table:
                assert set(table[column.name].dropna()) <= set(column.allowed)


def test_keys_are_unique(either: Sample) -> None:
    for name, table in either.tables.items():
        if name != "transactions":
            assert not table.duplicated(list(TABLES[name].key)).any(), name


def test_the_chain_has_the_promised_size(chain: Sample) -> None:
    orders = _orders(chain)
    assert len(chain.tables["customers"]) == 8_000
    assert 57_000 <= len(orders) <= 63_000
    owners = chain.tables["stores"]["owner"].value_counts()
    assert owners.to_dict() == {"own": 12, "competitor": 6}


def test_three_years_end_on_the_last_day(either: Sample) -> None:
    at = either.tables["transactions"]["ordered_at"]
    assert at.min().normalize() == pd.Timestamp("2023-11-23")
    assert at.max().normalize() == LAST
    for name, column in (("feedback", "given_at"), ("customers", "joined_at"), ("consents", "at")):
        assert either.tables[name][column].max() < LAST + pd.Timedelta(days=1)


def test_one_sale_in_five_has_no_customer(either: Sample) -> None:
    assert _orders(either)["customer_id"].isna().mean() == pytest.approx(0.20, abs=0.005)


def test_figures_of_the_chain_are_believable(chain: Sample) -> None:
    orders = _orders(chain)
    bought = orders[
        (orders["kind"] == "external") & ~orders["status"].isin(["cancelled", "refunded", "failed"])
    ]
    bought = bought[bought["amount"] > 0]
    per_customer = bought.groupby("customer_id").size()
    assert 0.40 <= (per_customer > 1).mean() <= 0.62
    lapse = pd.Timedelta(days=180)
    opening, closing = pd.Timestamp("2026-01-01"), LAST + pd.Timedelta(days=1)
    then = set(bought.loc[bought["at"].between(opening - lapse, opening), "customer_id"])
    now = set(bought.loc[bought["at"].between(closing - lapse, closing), "customer_id"])
    assert 0.55 <= len(then & now) / len(then) <= 0.65
    assert bought["amount"].quantile(0.15) > 35
    assert bought["amount"].quantile(0.95) < 260


def test_all_four_lifecycle_groups_are_there(chain: Sample) -> None:
    orders = _orders(chain)
    bought = orders[(orders["kind"] == "external") & (orders["status"].isin(["completed", "delivered"]))]
    days = (LAST - bought["at"]).dt.days
    seen = bought.assign(days=days).groupby("customer_id")["days"].agg(["min", "max"])
    year = bought[days < 365].groupby("customer_id").size().reindex(seen.index, fill_value=0)
    lapsed = seen["min"] >= 180
    new = ~lapsed & (seen["max"] < 90)
    loyal = ~lapsed & ~new & (year >= 4)
    active = ~lapsed & ~new & ~loyal
    for group in (lapsed, new, loyal, active):
        assert group.mean() > 0.03


def test_money_of_a_line_adds_up_and_has_two_decimals(either: Sample) -> None:
    lines = either.tables["transactions"]
    value = lines["unit_price"] * lines["quantity"] - lines["discount"] - lines["seller_voucher"]
    np.testing.assert_allclose(lines["amount"], value, atol=0.011)
    for column in ("amount", "unit_price", "discount", "tax"):
        np.testing.assert_allclose(lines[column], lines[column].round(2), atol=1e-9)


def test_a_partly_returned_order_keeps_some_of_its_value(either: Sample) -> None:
    lines = either.tables["transactions"]
    open_lines = lines[~lines["status"].isin(["refunded", "cancelled", "failed"])]
    touched = open_lines.loc[open_lines["returned_quantity"] > 0, "order_id"]
    share = 1 - open_lines["returned_quantity"] / open_lines["quantity"]
    left = (open_lines["amount"] * share).groupby(open_lines["order_id"]).sum()
    assert len(touched) > 50
    assert (left[touched] > 0).all()


def test_ids_and_postcodes_keep_their_leading_zeros(chain: Sample) -> None:
    customers = chain.tables["customers"]
    assert customers["customer_id"].str.fullmatch(r"0\d{6}").all()
    assert customers["postcode"].dropna().str.fullmatch(r"\d{5}").all()
    assert customers["postcode"].dropna().str.startswith("0").any()
    assert chain.tables["stores"]["store_id"].iloc[0] == "01"


def test_store_visits_fall_off_with_distance(chain: Sample) -> None:
    lines = chain.tables["transactions"].drop_duplicates("order_id")
    homes = chain.truth.latent.set_index("customer_id")
    mine = lines[lines["customer_id"].isin(homes.index)]
    in_shop = (mine["channel"] == "shop").to_numpy()
    far = (homes.loc[mine["customer_id"], "distance_km"] > 40).to_numpy()
    assert in_shop[far].mean() < 0.5 * in_shop[~far].mean()


def test_no_store_sells_before_it_opened(chain: Sample) -> None:
    first = chain.tables["transactions"].groupby("store_id")["ordered_at"].min().dt.normalize()
    opened = pd.to_datetime(chain.tables["stores"].set_index("store_id")["opened_on"])
    # A sale without a customer lies up to four trading days from a known one.
    assert (first >= opened.reindex(first.index) - pd.Timedelta(days=14)).all()


def test_every_town_is_inside_its_state() -> None:
    land = loader.regions().set_index("code")["geometry"]
    for country in ("MY", "ID"):
        places = towns(country)
        for code, name, lat, lon in zip(places.region_code, places.name, places.lat, places.lon, strict=True):
            if land[code] is None:
                continue
            # The reference coast is generalised: harbour towns may lie up to 3 km outside it.
            assert land[code].distance(shapely.Point(lon, lat)) < 0.03, (code, name)


def test_every_postcode_belongs_to_the_state_of_its_customer(chain: Sample) -> None:
    known = loader.postcodes_my().groupby("postcode")["region_code"].agg(set)
    codes = loader.regions_of("MY").set_index("name")["code"]
    placed = chain.tables["customers"].dropna(subset=["postcode", "region"])
    for postcode, region in set(zip(placed["postcode"], placed["region"], strict=True)):
        assert codes[region] in known[postcode], (postcode, region)


def test_every_kecamatan_is_in_the_reference_under_its_kabupaten(web_shop: Sample) -> None:
    areas = loader.areas()
    here = areas[areas["region_code"].str.startswith("ID")]
    district = here[here["level"] == "district"].set_index("code")["name"]
    kecamatan = here[here["level"] == "subdistrict"]
    known = set(zip(kecamatan["code"].str[:5].map(district), kecamatan["name"], strict=True))
    named = web_shop.tables["customers"].dropna(subset=["subdistrict"])
    assert set(zip(named["district"], named["subdistrict"], strict=True)) <= known


def test_exact_homes_lie_in_the_state_of_their_customer(chain: Sample) -> None:
    land = loader.regions_of("MY").set_index("name")["geometry"]
    exact = chain.tables["customers"].dropna(subset=["lat"])
    assert 0.3 < len(exact) / len(chain.tables["customers"]) < 0.5
    for region, here in exact.groupby("region"):
        near = land[region].buffer(0.03)
        assert shapely.contains_xy(near, here["lon"], here["lat"]).all(), region


def test_addresses_reach_nobody(either: Sample) -> None:
    customers = either.tables["customers"]
    domains = customers["email"].dropna().str.split("@").str[1]
    assert set(domains) <= {"example.com", "example.net", "example.org"}  # RFC 2606
    digits = customers["phone"].dropna().str.replace(r"\D", "", regex=True)
    # Unassigned: no Malaysian 013-0, 017-0, no Indonesian 084x subscriber numbers exist.
    unassigned = re.compile(r"(?:0|60)1[37]0\d{6}|(?:0|62)84\d{9}")
    assert digits.map(lambda number: bool(unassigned.fullmatch(number))).all()


def test_cash_on_delivery_fails_as_often_as_the_truth_says(web_shop: Sample) -> None:
    lines = web_shop.tables["transactions"].drop_duplicates("order_id")
    cod = lines[(lines["payment_method"] == "cod") & lines["status"].isin(["delivered", "failed"])]
    region = web_shop.tables["customers"].set_index("customer_id")["region"]
    java = ["Jawa Barat", "Jawa Timur", "Jawa Tengah", "Banten"]
    facts = web_shop.truth.facts
    zone = next(zone for zone in facts["zones"] if zone["name"] == "java")
    for courier in facts["couriers"]:
        mine = cod[(cod["courier"] == courier["name"]) & cod["customer_id"].map(region).isin(java)]
        expected = zone["failure"] * courier["failure"]
        error = np.sqrt(expected * (1 - expected) / len(mine))
        assert abs((mine["status"] == "failed").mean() - expected) < 4 * error, courier["name"]


def test_scores_fall_when_parcels_are_late_and_when_the_way_is_long(chain: Sample) -> None:
    feedback = chain.tables["feedback"].dropna(subset=["customer_id"])
    way = chain.truth.latent.set_index("customer_id")["distance_km"]
    region = chain.tables["customers"].set_index("customer_id")["region"]
    nps = feedback[feedback["kind"] == "nps"]
    east = nps["customer_id"].map(region).isin(["Sabah", "Sarawak"])
    assert nps.loc[east, "score"].mean() < nps.loc[~east, "score"].mean()
    ces = feedback[(feedback["kind"] == "ces")]
    distance = ces["customer_id"].map(way)
    assert ces.loc[distance > 30, "score"].mean() < ces.loc[distance < 10, "score"].mean()


def test_customers_won_by_a_marketplace_come_back_less_often(chain: Sample) -> None:
    customers = chain.tables["customers"].set_index("customer_id")
    purchases = chain.truth.latent.set_index("customer_id")["purchases"]
    again = (purchases > 1).groupby(customers["acquisition_channel"].reindex(purchases.index)).mean()
    assert again["shopee"] < again["walk_in"] - 0.1


def test_staff_and_resellers_stand_outside_the_process(either: Sample) -> None:
    customers = either.tables["customers"].set_index("customer_id")["kind"]
    assert (customers.reindex(either.truth.latent["customer_id"]) == "external").all()
    assert {"internal", "reseller"} <= set(_orders(either)["kind"])


def test_consent_is_given_before_it_is_taken_back(either: Sample) -> None:
    consents = either.tables["consents"]
    first = consents.groupby(["customer_id", "channel"])["at"].min()
    back = consents[consents["state"] == "withdrawn"].set_index(["customer_id", "channel"])["at"]
    assert len(back) > 50
    assert (first.reindex(back.index) < back).all()


def test_indonesian_shop_has_five_couriers_and_pays_in_whole_rupiah(web_shop: Sample) -> None:
    lines = web_shop.tables["transactions"]
    assert lines["courier"].dropna().nunique() == 5
    assert "cost" not in lines
    np.testing.assert_allclose(lines["amount"] % 1, 0)
