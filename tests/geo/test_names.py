"""Names as people write them are one name; names of different places stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.names import district_key, key, place_key, region_key, subdistrict_key, village_key


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(text)


@given(st.text(max_size=40))
def test_case_and_spacing_do_not_matter(text: str) -> None:
    assert key(f"  {text.upper()}\t") == key(text.upper())


@given(st.one_of(st.none(), st.integers(), st.floats(), st.binary()))
def test_what_is_no_text_has_no_key(value: object) -> None:
    assert key(value) == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Ma‘arang", "maarang"),
        ("S'gor", "sgor"),
        ("Pulau\u200b Pinang", "pulau pinang"),
        ("São Paulo", "sao paulo"),
        ("Ｋｌａｎｇ", "klang"),
        ("kuala_lumpur", "kuala lumpur"),
        ("JOHOR  BAHRU.", "johor bahru"),
    ],
)
def test_accents_widths_and_punctuation_are_folded(written: str, expected: str) -> None:
    assert key(written) == expected


def test_kota_and_kabupaten_are_different_places() -> None:
    assert district_key("Kota Bandung") != district_key("Kabupaten Bandung")
    assert (
        district_key("Kab. Bandung") == district_key("KABUPATEN BANDUNG") == district_key("Bandung Regency")
    )


def test_negeri_is_a_title_except_in_negeri_sembilan() -> None:
    assert region_key("Negeri Johor") == "johor"
    assert region_key("Negeri Sembilan") == region_key("Negeri Sembilan Darul Khusus") == "negeri sembilan"


def test_titles_of_small_places_are_dropped() -> None:
    assert subdistrict_key("Kec. Coblong") == subdistrict_key("KECAMATAN COBLONG") == "coblong"
    assert village_key("Kel. Dago") == village_key("Desa Dago") == "dago"


def test_kota_in_a_malaysian_name_is_part_of_it() -> None:
    assert place_key("Kota Bharu") == place_key("Kota Bahru") == "kota baru"
    assert place_key("Kota Kinabalu") == "kota kinabalu"
