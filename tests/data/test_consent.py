"""The rule of consent against a plain reading of it, one statement after the other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import people
from data import consent
from data.people import normal

CHANNELS = tuple(consent.CONTACT_OF)
DAY = dt.datetime(2026, 11, 1)

statements = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(["a", "b"]),
            "channel": st.sampled_from(["email", "WhatsApp ", "sms", "all", "", None]),
            "purpose": st.sampled_from(["marketing", "profiling", "service", "all", None]),
            "state": st.sampled_from(["granted", "withdrawn"]),
            "at": st.one_of(st.none(), st.integers(0, 4).map(lambda day: DAY + dt.timedelta(days=day))),
        }
    ),
    min_size=1,
    max_size=9,
)


def _table(rows: list[dict[str, Any]]) -> ibis.Table:
    frame = pd.DataFrame(rows, columns=["customer_id", "channel", "purpose", "state", "at"])
    kinds = dict.fromkeys(("customer_id", "channel", "purpose", "state"), "string") | {"at": "timestamp"}
    return ibis.memtable(frame.assign(at=pd.to_datetime(frame["at"])), schema=kinds)


def _oracle(rows: list[dict[str, Any]], who: str, channel: str, purpose: str) -> str | None:
    """Read the statements in the order they were made; at one moment a no comes last."""
    ordered = sorted(rows, key=lambda r: (r["at"] is not None, r["at"] or DAY, r["state"] == "withdrawn"))
    found = None
    for row in ordered:
        no = row["state"] == "withdrawn"
        said_of = (row["channel"] or "").strip().lower()
        about = (row["purpose"] or "marketing").strip().lower()
        fits = said_of == channel or (no and said_of in ("", "all"))
        if row["customer_id"] == who and fits and (about == purpose or (no and about == "all")):
            found = row["state"]
    return found


@given(statements, st.sampled_from(["marketing", "service"]))
def test_the_latest_statement_counts_for_each_channel_and_purpose(rows, purpose):
    found = consent.latest(_table(rows), purpose).to_pandas()
    states = {(r.customer_id, r.channel): r.state for r in found.itertuples()}
    assert len(states) == len(found)
    expected = {(who, channel): _oracle(rows, who, channel, purpose) for who in "ab" for channel in CHANNELS}
    assert states == {key: state for key, state in expected.items() if state}


def _one(channel: str | None, state: str, day: int = 0, purpose: str | None = None) -> dict[str, Any]:
    at = DAY + dt.timedelta(days=day)
    return {"customer_id": "a", "channel": channel, "purpose": purpose, "state": state, "at": at}


PERSON = pd.DataFrame({"customer_id": ["a"], "email": ["a@example.com"], "phone": ["+60123456789"]})


def _reached(rows: list[dict[str, Any]], **options: Any) -> set[str]:
    found = consent.reachable(ibis.memtable(PERSON), _table(rows), **options).to_pandas().iloc[0]
    return {channel for channel in CHANNELS if found[f"reachable_{channel}"]}


def test_a_withdrawal_without_a_channel_counts_for_all_of_them():
    agreed = [_one("email", "granted"), _one("sms", "granted")]
    assert _reached(agreed) == {"email", "sms"}
    assert _reached([*agreed, _one(None, "withdrawn", 1)]) == set()
    assert _reached([*agreed, _one(None, "withdrawn", 1), _one("sms", "granted", 2)]) == {"sms"}


def test_an_agreement_without_a_channel_is_about_none():
    assert _reached([_one(None, "granted")]) == set()


def test_before_the_day_of_a_withdrawal_the_agreement_still_stood():
    rows = [_one("email", "granted"), _one("email", "withdrawn", 3)]
    assert _reached(rows, as_of=DAY.date()) == {"email"}
    assert _reached(rows, as_of=DAY.date() + dt.timedelta(days=3)) == set()


@pytest.mark.parametrize("email", ["a***@example.com", "a@", "", None])
def test_a_masked_or_broken_contact_reaches_nobody(email):
    people = ibis.memtable(PERSON.assign(email=email), schema=dict.fromkeys(PERSON.columns, "string"))
    found = consent.reachable(people, _table([_one("email", "granted")])).to_pandas()
    assert not found.reachable_email[0]


@given(statements)
def test_a_withdrawal_of_profiling_or_of_everything_takes_a_customer_out(rows):
    against = consent.unprofiled(None, _table(rows))
    assert against is not None
    found = set(against.to_pandas().customer_id)
    expected = set()
    for who in "ab":
        flat = [{**row, "channel": "email"} for row in rows if row["customer_id"] == who]
        if _oracle(flat, who, "email", "profiling") == "withdrawn":
            expected.add(who)
    assert found == expected


def test_the_mark_in_the_customer_table_takes_a_customer_out():
    marks = {"customer_id": ["a", "b", "c"], "do_not_profile": [True, False, None]}
    people = ibis.memtable(pd.DataFrame(marks))
    against = consent.unprofiled(people, None)
    assert against is not None
    assert against.to_pandas().customer_id.tolist() == ["a"]
    assert consent.unprofiled(ibis.memtable(PERSON), None) is None


MADE_UP = [
    ("000-000 0000", "noreply@kedai.my"),
    ("0111111111", "test@kedai.my"),
    ("012 3456789", "siti@kedai.my"),
    ("+60 12-345 6789", "a@b.co"),
    ("****", "s***@x.my"),
    (None, None),
]


def test_the_page_of_people_and_every_list_agree_on_who_can_be_written_to() -> None:
    """Made-up contacts merge nobody and reach nobody; both answers come from one rule."""
    customers = ibis.memtable(
        pd.DataFrame(
            [(f"c{n}", p, e) for n, (p, e) in enumerate(MADE_UP)], columns=["customer_id", "phone", "email"]
        )
    )
    said = ibis.memtable(
        pd.DataFrame(
            [
                (f"c{n}", ch, "marketing", "granted", pd.Timestamp("2026-01-01"))
                for n in range(6)
                for ch in ("sms", "email")
            ],
            columns=["customer_id", "channel", "purpose", "state", "at"],
        )
    )
    marts = consent.reachable(customers, said).execute().set_index("customer_id")
    shown = people.reach_by_channel(
        customers, consent.latest(said), consent.usable, consent.CONTACT_OF
    ).execute()
    by_page = shown[shown.reason == "reachable"].set_index("channel").customers.to_dict()
    assert sorted(marts.index[marts.reachable_sms]) == ["c2", "c3"]
    assert sorted(marts.index[marts.reachable_email]) == ["c2", "c3"]
    assert by_page == {"sms": 2, "email": 2}
    for number, (phone, _) in enumerate(MADE_UP):
        assert bool(marts.reachable_sms[f"c{number}"]) == (normal.phone(phone, "MY") is not None)
