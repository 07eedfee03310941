"""Buyers of several channels and reach by channel, on both engines against a few lines of pandas."""

from __future__ import annotations

import pandas as pd

from analytics import people
from data.consent import CONTACT_OF, usable
from tests.analytics.conftest import Backend, Marts, Merchant


def test_channels_agree_with_pandas(marts: Marts, merchant: Merchant) -> None:
    bought = merchant.orders[merchant.orders.is_purchase]
    known = bought[bought.customer_key.notna()]
    each = known.groupby("customer_key").agg(times=("order_key", "count"), channels=("channel", "nunique"))
    row = people.across_channels(marts.orders).to_pyarrow().to_pylist()[0]
    assert row == {
        "purchases": len(bought),
        "identified": len(known),
        "buyers": len(each),
        "repeat_buyers": int((each.times > 1).sum()),
        "several": int((each.channels > 1).sum()),
    }
    found = people.channels(marts.orders).to_pandas().set_index("channel").sort_index()
    pairs = known.dropna(subset=["channel"])[["customer_key", "channel"]].drop_duplicates()
    pairs = pairs.join(each, on="customer_key")
    expected = pairs.groupby("channel").agg(
        buyers=("customer_key", "count"),
        elsewhere=("channels", lambda c: int((c > 1).sum())),
        repeat=("times", lambda c: int((c > 1).sum())),
    )
    pd.testing.assert_frame_equal(found[expected.columns.tolist()], expected, check_dtype=False)


CUSTOMERS = pd.DataFrame(
    [
        ("a", "0123456789", "a@kedai.my"),
        ("b", "****", None),
        ("c", "0123456789", "not an address"),
        ("d", "0123456789", "d@kedai.my"),
        ("e", "12", ""),
    ],
    columns=["customer_id", "phone", "email"],
)
SAID = pd.DataFrame(
    [
        ("a", "whatsapp", "granted"),
        ("c", "whatsapp", "withdrawn"),
        ("a", "email", "withdrawn"),
        ("b", "sms", "granted"),
    ],
    columns=["customer_id", "channel", "state"],
)


def test_reach_says_the_first_thing_in_the_way(backend: Backend) -> None:
    found = people.reach_by_channel(
        backend.table(CUSTOMERS), backend.table(SAID), usable, CONTACT_OF
    ).to_pandas()
    counts = {(row.channel, row.reason): row.customers for row in found.itertuples()}
    assert counts == {
        ("whatsapp", "reachable"): 1,
        ("whatsapp", "withdrawn"): 1,
        ("whatsapp", "not_asked"): 1,
        ("whatsapp", "masked"): 1,
        ("whatsapp", "invalid"): 1,
        ("email", "withdrawn"): 1,
        ("email", "not_asked"): 1,
        ("email", "invalid"): 1,
        ("email", "no_contact"): 2,
        ("sms", "not_asked"): 3,
        ("sms", "masked"): 1,
        ("sms", "invalid"): 1,
        ("phone", "not_asked"): 3,
        ("phone", "masked"): 1,
        ("phone", "invalid"): 1,
    }


def test_without_consents_nobody_is_said_to_be_reachable(backend: Backend) -> None:
    found = people.reach_by_channel(backend.table(CUSTOMERS), None, usable, CONTACT_OF).to_pandas()
    assert set(found.reason) == {"unknown", "masked", "invalid", "no_contact"}
