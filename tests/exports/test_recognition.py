"""A header is one system's, or nobody's: never another's, and never by a guess."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.exports.recognise import nearly, recognise
from data.exports.spec import built_in
from data.exports.spec import key as plain
from tests.exports.merchants import FILES, HEADERS

CODES = sorted(HEADERS)
ENGLISH = {
    "No. Pesanan": "Order No.", "Total Harga Produk": "Product Total", "Nomor Invoice": "Invoice Number",
    "Order ID": "ID Pesanan", "Receipt Number": "No. Resi", "Order Number": "Nombor Pesanan",
    "orderNumber": "nomor pesanan", "Name": "Nama", "Receipt number": "Nombor resit",
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_file_is_known_by_its_header_alone(code: str) -> None:
    found = recognise(FILES[code]().header)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("code", CODES)
def test_the_order_and_the_case_of_columns_do_not_matter(code: str) -> None:
    header = [h.upper() for h in HEADERS[code]]
    random.Random(3).shuffle(header)
    found = recognise(header)
    assert found is not None
    assert found.code == code


def mutated(seed: int) -> tuple[str, list[str], str]:
    """(code, header, what was done): one of six ways to spoil a header, spread evenly over the systems."""
    chance = random.Random(seed)
    code = CODES[seed % len(CODES)]
    header = list(HEADERS[code])
    way = ("missing", "renamed", "reordered", "translated", "mixed", "doubled")[(seed // len(CODES)) % 6]
    at = chance.randrange(len(header))
    if way == "missing":
        del header[at]
    elif way == "renamed":
        header[at] = header[at] + " lama"
    elif way == "reordered":
        chance.shuffle(header)
    elif way == "translated":
        header = [ENGLISH.get(h, h) for h in header]
    elif way == "mixed":
        other = HEADERS[chance.choice([c for c in CODES if c != code])]
        half = len(header) // 2
        header = [*header[:half], *(h for h in other[len(other) // 2 :] if h not in header[:half])]
    else:
        header.insert(0, header[at])
    return code, header, way


@pytest.mark.parametrize("seed", range(300))
def test_a_spoiled_header_is_asked_about_and_never_taken_for_something_else(seed: int) -> None:
    code, header, way = mutated(seed)
    found = recognise(header)
    kind = next(k for k in built_in() if f"{k.system}.{k.name}" == code)
    if found is None:
        assert way != "reordered"
        return
    assert found.code == code
    words = {plain(h) for h in header}
    assert all(plain(h) in words or h in kind.pairs for h in kind.required if h not in kind.aliases)
    for name in kind.optional:  # an optional column is read where it is, and else left out
        assert (name in found.headers) == any(plain(n) in words for n in (name, *kind.aliases.get(name, ())))


def test_each_column_a_kind_reads_is_part_of_its_fingerprint() -> None:
    wrong = 0
    for code in CODES:
        kind = next(k for k in built_in() if f"{k.system}.{k.name}" == code)
        for name in kind.required:
            header = [h for h in HEADERS[code] if plain(h) != plain(name)]
            found = recognise(header)
            wrong += found is not None and found.code == code
    assert wrong == 0


@given(st.lists(st.sampled_from(sorted({h for c in CODES for h in HEADERS[c]})), max_size=60, unique=True))
@settings(max_examples=200)
def test_any_mixture_of_known_columns_is_one_system_or_none(header: list[str]) -> None:
    found = recognise(header)
    if found is not None:
        words = {plain(h) for h in header}
        assert all(plain(h) in words for h in found.kind.required if h not in found.kind.pairs)


@pytest.mark.parametrize("code", CODES)
def test_a_file_that_lacks_a_column_is_told_which(code: str) -> None:
    assert nearly(HEADERS[code]) is None
    found = recognise(HEADERS[code])
    assert found is not None
    lost = found.kind.columns["order_id"].operands[0]
    near = nearly([h for h in HEADERS[code] if h != lost])
    assert near is not None
    assert (near[0].system, near[1]) == (found.kind.system, (lost,))


def test_a_file_of_something_else_is_nearly_none() -> None:
    assert nearly(["Order ID", "Order Date", "Amount", "Customer ID", "Product Name", "Quantity"]) is None


def test_two_systems_side_by_side_are_asked_about() -> None:
    assert recognise([*HEADERS["moka.receipts"], *HEADERS["shopify.orders"]]) is None


def test_the_file_of_the_philippines_says_its_currency() -> None:
    header = [
        f"{h} (PHP)" if h in ("Deal Price", "Product Subtotal") else h for h in HEADERS["shopee_my.orders"]
    ]
    found = recognise(header)
    assert found is not None
    assert (found.code, found.currency) == ("shopee_my.orders", "PHP")
