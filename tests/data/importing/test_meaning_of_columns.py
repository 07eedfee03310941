"""Headers of three languages and of common systems are recognised; a mapping says the rest."""

# ruff: noqa: E501  a file's rows stand on one line

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import MappingNeeded
from data.importing import headers, mapping, refusals
from data.importing.mapping import TableMapping, fill, from_toml, suggest, to_toml
from data.schema import TABLES


def words_of(name: str) -> dict[str, object]:
    return tomllib.loads(Path(headers.__file__).with_name(name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Order Date", "ordered_at"),
        ("Tarikh Pesanan", "ordered_at"),
        ("Tanggal Pesanan", "ordered_at"),
        ("order_date", "ordered_at"),
        ("OrderDate", "ordered_at"),
        ("Total", "amount"),
        ("Jumlah", "amount"),
        ("Jumlah Bayaran", "amount"),
        ("Total Pembayaran", "amount"),
        ("Grand Total (RM)", "amount"),
        ("No. Pesanan", "order_id"),
        ("Customer ID", "customer_id"),
        ("Kuantiti", "quantity"),
        ("Cawangan", "store_id"),
    ],
)
def test_a_header_of_transactions_is_recognised(header: str, column: str) -> None:
    assert dict(headers.recognise([header], "transactions").columns) == {column: header}


@pytest.mark.parametrize(
    ("header", "column"),
    [("Poskod", "postcode"), ("Kode Pos", "postcode"), ("Latitude", "lat"), ("Longitud", "lon"), ("Negeri", "region"),
     ("Provinsi", "region"), ("Kecamatan", "subdistrict"), ("Kelurahan/Desa", "village"), ("No. Telefon", "phone"),
     ("Tarikh Lahir", "birthday"), ("Kabupaten/Kota", "district")],
)  # fmt: skip
def test_a_header_of_customers_is_recognised(header: str, column: str) -> None:
    assert dict(headers.recognise([header], "customers").columns) == {column: header}


def test_jumlah_is_the_quantity_where_another_column_is_the_total() -> None:
    found = headers.recognise(["Jumlah", "Total Pembayaran", "Tanggal"], "transactions").columns
    assert found["quantity"] == "Jumlah"
    assert found["amount"] == "Total Pembayaran"


def test_the_schemas_own_names_are_recognised_in_every_table() -> None:
    for table in TABLES.values():
        names = [column.name for column in table.given]
        assert dict(headers.recognise(names, table.name).columns) == {name: name for name in names}


def test_every_word_stands_for_one_column_of_a_table_as_it_is_compared() -> None:
    sections = words_of("headers.toml")
    for table in TABLES:
        columns = sections[table]
        assert isinstance(columns, dict)
        assert set(columns) <= set(TABLES[table].by_name)
        for column, known in columns.items():
            assert [headers.plain(word) for word in known] == known, column
            assert len(set(known)) == len(known), column


names = st.text(alphabet="abc \"'=é\\\n", min_size=1, max_size=10)


@given(
    columns=st.dictionaries(st.sampled_from(["ordered_at", "amount", "order_id"]), names, max_size=3),
    dates=st.sampled_from(["", "dmy", "mdy", "ymd"]),
    decimal=st.sampled_from(["", ".", ","]),
    includes=st.none() | st.lists(st.sampled_from(["tax", "rounding"]), unique=True).map(tuple),
    codes=st.dictionaries(
        st.just("status"), st.dictionaries(names, st.just("completed"), min_size=1), max_size=1
    ),
)
def test_a_mapping_comes_back_from_its_toml(columns, dates, decimal, includes, codes) -> None:  # type: ignore[no-untyped-def]
    given_mapping = TableMapping("transactions", columns, dates, decimal, includes, codes=codes)
    assert from_toml(to_toml({"transactions": given_mapping})) == {"transactions": given_mapping}


@pytest.mark.parametrize(
    ("toml", "code"),
    [
        ("[nothing]\n", "mapping_table"),
        ("[transactions]\ndate = 'dmy'\n", "mapping_key"),
        ("[transactions]\ndates = 'dym'\n", "mapping_value"),
        ("[transactions]\ndecimal = 1\n", "mapping_value"),
        ("[transactions]\namount_includes = ['profit']\n", "mapping_value"),
        ("[transactions.columns]\ncolour = 'x'\n", "mapping_column"),
        ("[transactions.columns]\nline_hash = 'x'\n", "mapping_column"),
        ("[transactions.codes.status]\nx = 'finished'\n", "mapping_code"),
        ("[transactions\n", "mapping_toml"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_with_a_sentence(toml: str, code: str) -> None:
    with pytest.raises(MappingNeeded) as question:
        from_toml(toml, "m.toml")
    assert question.value.code == code


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"ordered_at": "When", "amount": "X", "order_id": "A"}, "mapping_header"),
        ({"ordered_at": "A", "order_id": "B"}, "mapping_required"),
        ({"ordered_at": "A", "amount": "B"}, "mapping_any_of"),
        ({"ordered_at": "A", "order_id": "B", "amount": "A * "}, "mapping_formula"),
        ({"ordered_at": "A", "order_id": "B", "amount": "A * Z"}, "mapping_header"),
    ],
)
def test_a_mapping_that_does_not_fit_the_file_is_refused(columns: dict[str, str], code: str) -> None:
    with pytest.raises(MappingNeeded) as question:
        fill(TableMapping("transactions", columns), ["A", "B"], "f.csv")
    assert question.value.code == code


def test_a_column_can_be_left_empty_on_purpose() -> None:
    header = ["Order ID", "Order Date", "Amount", "Category"]
    given_mapping = from_toml('[transactions.columns]\ncategory = ""\n')["transactions"]
    assert "category" not in fill(suggest(header, "transactions", given_mapping), header, "f").columns


def test_each_sentence_says_what_was_found_and_what_to_do() -> None:
    for code, sentence in refusals.sentences().items():
        assert sentence.endswith("."), code
        assert sentence.count(". ") >= 1 or ";" in sentence or ":" in sentence, code


def test_mappings_are_remembered_by_the_set_of_headers() -> None:
    assert headers.fingerprint(["A", "b "], "stores") == headers.fingerprint(["B", "a"], "stores")
    assert headers.fingerprint(["A"], "stores") != headers.fingerprint(["A"], "spend")
    assert mapping.DATE_ORDERS == ("dmy", "mdy", "ymd")
