"""One person's phone, address, number and username are written in one way; a mask is nobody's."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.people import keys, normal

ALI = "+60123456789"
DEWI = "+6281234567890"


@pytest.mark.parametrize(
    "written",
    [
        "012-345 6789",
        "6012-3456789",
        "+60123456789",
        "60123456789",
        "0060123456789",
        "(012) 345.6789",
        "123456789",  # a numeric cell
        "123456789.0",
        "'0123456789",
        "+60 (0)12-345 6789",
        "０１２３４５６７８９",
        " 012–345 6789 ",
    ],
)
@pytest.mark.parametrize("country", ["MY", "ID"])
def test_a_malaysian_phone_is_one_phone_in_any_spelling(written: str, country: str) -> None:
    assert normal.phone(written, country) == ALI


@pytest.mark.parametrize(
    "written",
    [
        "081234567890",
        "+62 812 3456 7890",
        "62812-3456-7890",
        "81234567890",
        "0062 81234567890",
        "+62 0812 34567890",
    ],
)
@pytest.mark.parametrize("country", ["MY", "ID"])
def test_an_indonesian_phone_is_one_phone_in_any_spelling(written: str, country: str) -> None:
    assert normal.phone(written, country) == DEWI


def test_lines_are_read_by_the_country_of_the_workspace() -> None:
    assert normal.phone("03-7728 1234", "MY") == "+60377281234"
    assert normal.phone("377281234", "MY") == "+60377281234"
    assert normal.phone("082-412 345", "MY") == "+6082412345"
    assert normal.phone("(021) 7654321", "ID") == "+62217654321"
    assert normal.phone("+65 8123 4567", "MY") == "+6581234567"
    assert normal.phone("0812345678", "TH") is None, "a Thai number is not an Indonesian one"


@pytest.mark.parametrize(
    "written",
    [
        "****",
        "08******12",
        "(+60)12*****89",
        "0000000000",
        "123456",
        "1111111111",
        "012-0000000",
        "+60000000000",
        "6.01E+10",
        "",
        "-",
        "tiada",
        "+6012",
        "999",
        "012345678901234567",
    ],
)
@pytest.mark.parametrize("country", ["MY", "ID"])
def test_masked_and_made_up_phones_are_nobody(written: str, country: str) -> None:
    assert normal.phone(written, country) is None


def test_dots_and_tags_matter_everywhere_but_at_gmail() -> None:
    assert normal.email("Siti.A+x@Gmail.com") == normal.email("sitia@googlemail.com") == "sitia@gmail.com"
    assert normal.email("siti.a@yahoo.com") != normal.email("sitia@yahoo.com")
    assert normal.email("a+b@kedai.my") == "a+b@kedai.my"
    for nobody in (
        "noreply@kedai.my",
        "no-reply@x.com",
        "n***@gmail.com",
        "none@none.com",
        "a@b",
        "@x.my",
        "a b@x.my",
    ):
        assert normal.email(nobody) is None, nobody


def test_usernames_are_of_their_system_and_masked_ones_are_nobodys() -> None:
    assert normal.account("shopee_my: Siti_88") == normal.account("SHOPEE_MY:siti_88") == "shopee_my:siti_88"
    assert normal.account("tiktok:siti_88") != normal.account("shopee_my:siti_88")
    for nobody in ("C0001", "user:7", "shopee_my:", "shopee_my:s****8", "lazada:guest", "lazada:0000"):
        assert normal.account(nobody) is None, nobody


PIECES = st.text(alphabet="0123456789+-() .*x'", max_size=18)
WORDS = st.text(alphabet="abAB.+@*x-_ 01gmailcom:shopeyt", max_size=24)


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@given(value=PIECES | WORDS | st.text(max_size=12), country=st.sampled_from(["MY", "ID", "SG"]))
def test_the_engine_normalises_as_python_does(
    engine: duckdb.DuckDBPyConnection, value: str, country: str
) -> None:
    value = value.replace("\0", "")
    query = (
        f"SELECT {normal.phone_sql('v', country)}, {normal.email_sql('v')}, "
        f"{normal.member_number_sql('v')}, {normal.account_sql('v')}, {normal.masked_sql('v')} "
        "FROM (SELECT $1::VARCHAR AS v)"
    )
    found = engine.execute(query, [value]).fetchone()
    expected = (
        normal.phone(value, country),
        normal.email(value),
        normal.member_number(value),
        normal.account(value),
        normal.is_masked(value),
    )
    assert found == expected


@given(number=st.integers(1_0000_000, 9_9999_999), spaced=st.sampled_from(["", " ", "-", "."]))
def test_what_is_normal_stays_as_it_is(number: int, spaced: str) -> None:
    once = normal.phone(f"08{spaced}12{spaced}{number}", "ID")
    assert once is None or normal.phone(once, "ID") == once


def test_the_hash_is_the_same_in_the_engine_and_differs_by_key_and_kind(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    for key in (b"k" * 32, b"x" * 70, b""):
        keys.prepare(engine, key)
        found = engine.execute(
            f"SELECT {keys.sql('phone', 'v')} FROM (SELECT '+60123456789' AS v)"
        ).fetchone()
        assert found == (keys.number(key, "phone", "+60123456789"),)
    assert keys.number(b"a", "phone", "1") != keys.number(b"b", "phone", "1")


def test_a_workspace_has_one_key_that_only_its_owner_reads(tmp_path) -> None:  # type: ignore[no-untyped-def]
    key = keys.key_of(tmp_path)
    assert len(key) == 32
    assert keys.key_of(tmp_path) == key
    assert (tmp_path / "people" / "key").stat().st_mode & 0o077 == 0
    assert [file.name for file in (tmp_path / "people").iterdir()] == ["key"]
