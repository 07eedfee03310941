"""Sentences with a count under Places speak of one as of one."""

from __future__ import annotations

import re
from typing import Final

import pytest

from i18n.translator import texts, translator

AREAS: Final = ("ads", "boundaries", "map", "regions", "territories")
MANY: Final = {
    "ads.all_few": "the least number that is shown",
    "ads.files_note": "the least number that is shown",
    "ads.none": "the least number that is shown",
    "ads.open": "offered from the least number that is shown",
    "ads.upload.note": "a limit",
    "ads.upload.unread": "a limit",
    "boundaries.limits": "a limit",
    "map.place.few": "the least number that is shown",
    "map.privacy_help": "the least number that is shown",
    "regions.months_note": "two months or more",
    "regions.privacy_help": "the least number that is shown",
    "territories.gap.note": "the least number that is shown",
}
"""Texts with a count that is never one, and why."""

COUNTED: Final = re.compile(
    r"\{\w+\}\*{0,2} (?:chosen )?"
    r"(?:customers|people|stores|places|regions|sites|rows|candidates|months|areas|towns)"
)


def test_a_count_that_may_be_one_has_a_text_for_one() -> None:
    found = {
        key
        for key, text in texts("en").items()
        if key.split(".")[0] in AREAS and COUNTED.search(text) and not key.endswith((".one", ".other"))
    }
    assert found == set(MANY)


@pytest.mark.parametrize(
    ("key", "fields", "one"),
    [
        ("map.place.download", {}, "Download 1 customer"),
        ("map.legend.in_view", {"customers": "1 customer"}, "1 customer in 1 place in view"),
        ("regions.inside", {"inside": "1"}, "1 of 1 customer of these days lives in a region of this map."),
        ("territories.gap.everywhere", {}, "Everywhere: 1 customer"),
        ("sites.longlist.kept", {}, "**1** candidate stays"),
        ("sites.longlist.out", {}, "**1** is left out"),
    ],
)
def test_one_is_one(key: str, fields: dict[str, str], one: str) -> None:
    assert translator("en").plural(key, 1, **fields) == one
