"""Who is one person: properties of the rule, its edges, and a population whose truth is known."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.people import keys, normal
from data.people.decisions import Decisions, Undone
from data.people.shared import MOST_NAMES
from tests.data.people.population import KEY, Record, population, resolved, scores

PHONES = ("012-345 6789", "+60123456789", "0198887766", "60198887766", "0133334444", "08******12", None, None)
EMAILS = ("ali@kedai.my", "ALI@kedai.my", "siti@kedai.my", "tan@kedai.my", None, None, None)
NAMES = ("Ali bin Abu", "ALI BIN ABU", "Ali Abu", "Siti Aminah", "Siti", "Tan Wei Ming", "****", None)
FEW = hypothesis_settings(max_examples=25)


@st.composite
def some_records(draw: st.DrawFn, most: int = 9) -> list[Record]:
    count = draw(st.integers(2, most))
    systems = [draw(st.sampled_from(("shopee_my:u", "lazada:u", "C"))) for _ in range(count)]
    return [
        Record(
            f"{system}{number}",
            draw(st.sampled_from(PHONES)),
            draw(st.sampled_from(EMAILS)),
            draw(st.sampled_from(NAMES)),
            draw(st.sampled_from((None, None, "M-1001", "m 1001", "M-2002"))),
        )
        for number, system in enumerate(systems)
    ]


def undone(records: list[str], out: list[str]) -> Undone:
    hashed = {each: keys.number(KEY, "id", each) for each in records}
    return Undone("u", "2026-01-01", tuple(hashed.values()), tuple(hashed[each] for each in out))


def in_conflict(a: Record, b: Record) -> bool:
    """The rule by hand: what is against weighs a point and no less than what is for."""
    mine, other = _values(a), _values(b)
    both = [kind for kind in mine if mine[kind] and other[kind]]
    agree = sum(mine[kind] == other[kind] for kind in both)
    against = len(both) - agree - _names(a.name, b.name)
    return against >= max(1, agree)


def _values(record: Record) -> dict[str, str | None]:
    account = normal.account(record.customer_id)
    return (
        {
            "phone": normal.phone(record.phone, "MY"),
            "email": normal.email(record.email),
            "member_number": normal.member_number(record.member_number),
        }
        | ({account.partition(":")[0]: account} if account else {})
        | dict.fromkeys({"shopee_my", "lazada"} - {(account or "").partition(":")[0]})
    )


def _names(a: str | None, b: str | None) -> int:
    words = [[w for w in (n or "").lower().split() if w not in ("bin", "****")] for n in (a, b)]
    short, long = sorted(words, key=len)
    if not short:
        return 0
    if len(short) == 1:
        return 0 if short[0] == long[0] else -1
    return 1 if set(short) <= set(long) else -1


@FEW
@given(records=some_records(), shuffled=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(records: list[Record], shuffled) -> None:  # type: ignore[no-untyped-def]
    other = list(records)
    shuffled.shuffle(other)
    assert resolved(records).person == resolved(other).person


@FEW
@given(records=some_records())
def test_no_chain_merges_two_records_in_conflict(records: list[Record]) -> None:
    by_id = {record.customer_id: record for record in records}
    for group in resolved(records).groups:
        members = sorted(group)
        for number, one in enumerate(members):
            for other in members[number + 1 :]:
                assert not in_conflict(by_id[one], by_id[other]), (one, other)


@FEW
@given(records=some_records(most=6))
def test_nobody_is_merged_without_a_value_in_common(records: list[Record]) -> None:
    by_id = {record.customer_id: record for record in records}
    for group in resolved(records).groups:
        assert len(group) > 1
        holders: dict[tuple[str, str], set[str]] = defaultdict(set)
        for member in group:
            for kind, value in _values(by_id[member]).items():
                if value and kind in ("phone", "email", "member_number"):
                    holders[kind, value].add(member)
        joined = set(next((h for h in holders.values() if len(h) > 1), set()))
        while more := {m for h in holders.values() if h & joined for m in h} - joined:
            joined |= more
        assert joined == group


@FEW
@given(records=some_records(), data=st.data())
def test_what_was_undone_stays_apart_and_taking_it_back_restores(
    records: list[Record], data: st.DataObject
) -> None:
    before = resolved(records)
    if not before.groups:
        return
    group = sorted(data.draw(st.sampled_from(sorted(before.groups, key=sorted))))
    out = data.draw(st.lists(st.sampled_from(group), unique=True, min_size=1, max_size=len(group)))
    taken = undone(group, out)
    after = resolved(records, Decisions((taken,)), before)
    for one in out:
        for other in group:
            assert one == other or after.of(one) != after.of(other)
    for other_person in (g for g in before.groups if not g & set(group)):
        now = next(g for g in after.groups if other_person & g)
        assert other_person <= now
    assert resolved(records, Decisions(), before).person == before.person


def test_undoing_one_person_leaves_the_other_of_the_household() -> None:
    home = {"phone": "012-345 6789", "email": "ali@kedai.my", "member_number": None}
    ali, siti = ["shopee_my:u0", "shopee_my:u1"], ["shopee_my:u2", "shopee_my:u3"]
    records = [Record(each, name="Ali bin Abu", **home) for each in ali]
    records += [Record(each, name="Siti Aminah", **home) for each in siti]
    before = resolved(records)
    assert before.groups == {frozenset(ali), frozenset(siti)}
    assert resolved(records, Decisions((undone(ali, ali),)), before).groups == {frozenset(siti)}


@FEW
@given(records=some_records(most=6), more=some_records(most=4))
def test_an_id_survives_a_later_import(records: list[Record], more: list[Record]) -> None:
    before = resolved(records)
    later = [replace(record, customer_id=f"A{record.customer_id}") for record in more]
    after = resolved([*records, *later], before=before)
    for group in after.groups:
        had = {c for c in group if before.person.get(c) == c}
        if had:
            assert after.of(min(group)) in had


@FEW
@given(records=some_records())
def test_the_same_again_changes_nothing(records: list[Record]) -> None:
    once = resolved(records)
    assert resolved(records, before=once) == once


def test_one_person_of_four_systems_has_the_merchants_own_id_and_the_reasons() -> None:
    found = resolved(
        [
            Record("shopee_my:siti_88", "012-345 6789", None, "Siti Aminah"),
            Record("lazada:900", "123456789", "siti@kedai.my", "SITI AMINAH"),
            Record("loyverse:77", "6012-3456789", None, "Siti"),
            Record("C0007", None, "Siti@Kedai.my", "Siti Aminah binti Omar"),
            Record("C0008", "0198887766", "tan@kedai.my", "Tan Wei Ming"),
        ]
    )
    assert found.groups == {frozenset({"shopee_my:siti_88", "lazada:900", "loyverse:77", "C0007"})}
    assert found.of("lazada:900") == "C0007"
    assert found.reason == {"C0007": "email,phone"}
    assert "C0008" not in found.person


def test_a_phone_two_people_share_merges_nobody_not_even_through_a_third() -> None:
    found = resolved(
        [
            Record("C1", "012-345 6789", "ali@kedai.my", None),
            Record("C2", "0123456789", "siti@kedai.my", None),
            Record("loyverse:3", "60123456789", None, None),
        ]
    )
    assert found.person == {}
    assert found.found.shared == {"conflict": 1}


def test_a_shared_phone_with_the_same_full_name_is_one_person_of_the_household() -> None:
    found = resolved(
        [
            Record("C1", "0123456789", None, "Ali bin Abu"),
            Record("lazada:2", "0123456789", None, "ALI ABU"),
            Record("C3", "0123456789", None, "Siti Aminah"),
        ]
    )
    assert found.groups == {frozenset({"C1", "lazada:2"})}
    assert found.reason == {"C1": "phone+name"}


def test_a_chain_over_two_values_does_not_join_people_in_conflict() -> None:
    found = resolved(
        [
            Record("C1", "0123456789", None, "Ali bin Abu", "M-1001"),
            Record("lazada:2", "0123456789", "family@kedai.my", None),
            Record("C3", None, "family@kedai.my", "Siti Aminah", "M-2002"),
        ]
    )
    assert "C1" not in found.person, "without phones, the address alone joins the other two"
    assert found.groups == {frozenset({"lazada:2", "C3"})}


@pytest.mark.parametrize("names", [MOST_NAMES, MOST_NAMES + 1])
def test_a_phone_under_more_than_twenty_names_is_the_shops_own(names: int) -> None:
    people = [
        Record(f"C{n:03d}", "03-7728 1234", f"same{n}@kedai.my", f"Customer{chr(97 + n)} One")
        for n in range(names)
    ]
    people += [Record(f"lazada:{n}", "0377281234", None, None) for n in range(2)]
    found = resolved(people)
    assert found.person == {}
    assert found.found.shared == {"many": 1}


def test_masked_and_made_up_values_merge_nobody() -> None:
    for phone in ("****", "08******12", "0000000000", "123456", "1111111111", ""):
        assert resolved([Record("C1", phone), Record("C2", phone)]).person == {}
    for email in ("noreply@kedai.my", "s***@gmail.com", "none@none.com"):
        assert resolved([Record("C1", None, email), Record("C2", None, email)]).person == {}


def test_the_merchants_own_phone_is_no_customers() -> None:
    records = [Record("C1", "0377281234"), Record("C2", "03-7728 1234")]
    assert resolved(records).groups == {frozenset({"C1", "C2"})}
    own = Decisions(own=(("phone", keys.number(KEY, "phone", "+60377281234")),))
    assert resolved(records, own).person == {}


def test_usernames_differ_by_system_and_not_by_case() -> None:
    found = resolved(
        [Record("shopee_my:Siti"), Record("shopee_my:siti"), Record("lazada:siti"), Record("siti")]
    )
    assert found.groups == {frozenset({"shopee_my:Siti", "shopee_my:siti"})}
    assert set(found.reason.values()) == {"account"}


def test_a_new_file_does_not_bring_back_what_was_undone() -> None:
    records = [
        Record("C1", "0123456789", None, "Ali bin Abu"),
        Record("lazada:2", "0123456789", None, "Ali bin Abu"),
    ]
    before = resolved(records)
    taken = Decisions((undone(["C1", "lazada:2"], ["C1", "lazada:2"]),))
    assert resolved(records, taken, before).person == {}
    bridge = Record("moka:3", "0123456789", "ali@kedai.my", "Ali bin Abu")
    known = [replace(records[0], email="ali@kedai.my"), records[1], bridge]
    after = resolved(known, taken, before)
    assert after.of("C1") != after.of("lazada:2")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_population_with_known_truth_is_found(seed: int) -> None:
    records, truth = population(4000, seed)
    precision, recall = scores(records, truth, resolved(records))
    assert precision >= 0.995
    assert recall >= 0.95
