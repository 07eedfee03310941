"""Features, levels and verdicts of look-alikes in the reader's words."""

from __future__ import annotations

import datetime as dt
from typing import Final

from analytics.lookalikes import OTHER, Effect
from charts.escaping import plain_text
from geo.lookalike_areas_features import PLACE, SHARE
from i18n.translator import Translator
from ui.regions import region_name

ICONS: Final = {
    "reliable": ":material/check_circle:",
    "rough": ":material/change_history:",
    "do_not_use": ":material/block:",
}


def feature(effect: Effect, t: Translator, *, against: bool = True) -> str:
    """What an effect is about, as plain text: "First order by WhatsApp, not Shop"."""
    if effect.level is None:
        return t(f"lookalikes.feature.{effect.feature}")
    if effect.feature == "second":
        return t(f"lookalikes.feature.second.{effect.level}")
    if effect.level == OTHER:
        return t(f"lookalikes.feature.other.{effect.feature}")
    name = t(f"lookalikes.feature.{effect.feature}", value=level(effect.feature, effect.level, t))
    if not against or effect.against is None:
        return name
    return t("lookalikes.feature.instead", name=name, against=level(effect.feature, effect.against, t))


def level(name: str, value: str, t: Translator) -> str:
    """A level of a feature in words; what came in a file as one line of plain text."""
    if not value:
        return t("lookalikes.feature.unknown")
    if name == "region_code":
        return region_name(value, t)
    if name == "weekday":
        return t.weekday(dt.date(2024, 1, 1) + dt.timedelta(days=int(value)))
    return plain_text(t.code("channel", value) if name == "first_channel" else value, 30)


def area_feature(name: str, t: Translator) -> str:
    """A feature of an area, as plain text: "Inhabitants within 10 km", "Orders by Web shop"."""
    if not name.startswith(SHARE):
        return t(f"lookalikes.areas.feature.{name}")
    kind, _, value = name[len(SHARE) :].partition(".")
    word = plain_text(t.code("channel", value) if kind == "channel" else value, 30)
    return t(f"lookalikes.areas.feature.{kind}", value=word)


def area_value(name: str, value: float, currency: str, t: Translator) -> str:
    """A feature of an area as written: people, km, money or a share."""
    if name == "average_order":
        return t.money(value, currency)
    if name.startswith("km_"):
        return t("lookalikes.areas.km", n=t.number(value, 1 if value < 10 else 0))
    if name in PLACE:
        return t.number_short(value)
    return t.percent(value, 0)
