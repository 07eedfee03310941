"""The blocks of the Overview."""

from __future__ import annotations

import streamlit as st

from analytics import kpis, trends
from charts import overview as charts
from data.reference import loader
from i18n.translator import Translator
from ui.cached import overview as cached
from ui.cached import places
from ui.cached.segments import sizes as segment_sizes
from ui.components import cards, counts, figures, kpi_cards
from ui.components.known_sales import NEARLY_ALL
from ui.filters import Filters
from ui.page_list import spec
from ui.regions import region_name
from ui.text import plain

FIRST_ROW = ("revenue", "customers", "repeat_rate", "retention_rate", "average_order")
SECOND_ROW = ("orders", "new", "active", "existing_share", "identification_rate")
MOST_BARS = 15
_SPARKS = {
    "revenue": "revenue",
    "orders": "orders",
    "customers": "customers",
    "new": "new_customers",
    "average_order": "average_order",
    "existing_share": "existing_share",
    "identification_rate": "identification_rate",
}


def headline(f: Filters, t: Translator) -> None:
    """Two rows of cards, each with its change against the comparison."""
    now = cached.headline(*f.key, f.windows, f.first_day)
    before = (
        cached.headline(f.workspace, f.snapshot, f.comparison, f.windows, f.first_day)
        if f.comparison
        else None
    )
    months = cached.trend(*f.key, f.windows, spark=True)
    months = months[months["complete"]]
    sparks = {code: list(months[column]) for code, column in _SPARKS.items()}
    changes = kpis.deltas(now, before)
    cards.kpi_row(kpi_cards.row(now.figures, changes, FIRST_ROW, t, f.currency, sparks), t)
    cards.kpi_row(kpi_cards.row(now.figures, changes, SECOND_ROW, t, f.currency, {}), t)


def sentence(f: Filters, t: Translator) -> str:
    """The one sentence that is new; where nothing is, how many orders nobody is known for."""
    found = cached.finding(*f.key, f.comparison, f.windows)
    rate = cached.headline(*f.key, f.windows, f.first_day)["identification_rate"].value
    if found.code in {"steady", "no_comparison"} and rate is not None and rate < NEARLY_ALL:
        return t("kpi.finding.unidentified", share=t.percent(1 - rate))
    fields = dict(found.fields)
    if "value" in fields:
        name = _name(fields["dimension"], fields["value"], t)
        fields["value"] = t("kpi.finding.channel", value=name) if fields["dimension"] == "channel" else name
    for share in ("rate", "others"):
        if share in fields:
            fields[share] = t.percent(fields[share])
    for amount in ("now", "before", "change"):
        if amount in fields:
            fields[amount] = t.money_short(abs(fields[amount]), f.currency)
    if "relative" in fields:
        fields["relative"] = t.change(fields["relative"])
    return t(f"kpi.finding.{found.code}", **fields)


def trend(f: Filters, t: Translator) -> None:
    """New against existing revenue over the window."""
    unit = trends.unit_for(f.scope)
    periods = cached.trend(*f.key, f.windows)
    table = periods.rename(
        columns={name: t(f"overview.column.{name}") for name in periods.columns if name != "complete"}
    ).drop(columns="complete")
    figures.chart(
        charts.trend(periods, unit, f.currency, t),
        table,
        "overview-trend",
        title=t("overview.trend.title"),
    )
    if not periods["complete"].all():
        st.caption(t("overview.trend.incomplete"))


def groups(f: Filters, t: Translator) -> None:
    """The four lifecycle groups."""
    sizes = segment_sizes(*f.key, f.windows)
    table = sizes.assign(lifecycle=[t.code("lifecycle", code) for code in sizes["lifecycle"]])
    names = {name: t(f"overview.column.{name}") for name in table.columns}
    figures.chart(
        charts.groups(sizes.fillna(0), t),
        table.rename(columns=names),
        "overview-groups",
        title=t("overview.groups.title"),
    )
    now = cached.headline(*f.key, f.windows, f.first_day)
    st.caption(counts.beside_cards(sizes, now["active"].value, now["new"].value, f, t))
    st.page_link(spec("segments").target, label=t("overview.groups.link"), icon=":material/arrow_forward:")


def regions(f: Filters, t: Translator) -> None:
    """Customers by region, small; the map page has the rest."""
    found = cached.by_region(*f.key, f.windows)
    known = found[found["region_code"] != ""]
    if known.empty and places.extent(f.workspace, f.snapshot) is None:
        st.subheader(t("overview.regions.title"), anchor=False)
        st.markdown(t("overview.regions.none"))
        st.page_link(
            spec("import_files").target, label=t("empty.no_data.action"), icon=":material/arrow_forward:"
        )
        return
    values = dict(zip(known["region_code"], known["customers"].astype(float), strict=True))
    written = {code: t.plural("page.customers", int(value)) for code, value in values.items()}
    light = loader.regions_light()
    countries = {code.split("-")[0] for code, value in values.items() if value > 0} or {f.country}
    outlines = light[light["country"].isin(countries)]
    table = found.assign(region_code=[region_name(code, t) for code in found["region_code"]])
    names = {name: t(f"overview.column.{name}") for name in table.columns}
    figures.chart(
        charts.region_map(outlines, values, written, t),
        table.rename(columns=names),
        "overview-regions",
        title=t("overview.regions.title"),
    )
    if values:
        best = max(values, key=lambda code: (values[code], code))
        st.caption(t("overview.regions.note", region=region_name(best, t), customers=written[best]))
    st.page_link(
        spec("customer_map").target, label=t("overview.regions.link"), icon=":material/arrow_forward:"
    )


def identification(f: Filters, t: Translator) -> None:
    """Where customers are not asked who they are: the identification rate by store and channel.

    A dimension that the orders do not name is left out.
    """
    rates = {name: cached.identification(*f.key, f.windows, name) for name in ("store_id", "channel")}
    told = {name: found for name, found in rates.items() if found[name].fillna("").ne("").any()}
    told = told or {"channel": rates["channel"]}
    tabs = st.tabs([t(f"overview.column.{dimension}") for dimension in told])
    for place, (dimension, every) in zip(tabs, told.items(), strict=True):
        found = every.head(MOST_BARS)
        labels = [_name(dimension, value, t) for value in found[dimension]]
        names = {name: t(f"overview.column.{name}") for name in found.columns}
        with place:
            figures.chart(
                charts.identification(found, labels, t),
                found.assign(**{dimension: labels}).rename(columns=names),
                f"identification-{dimension}",
            )


def _name(dimension: str, value: str | None, t: Translator) -> str:
    if not value:
        return t("filters.no_store" if dimension == "store_id" else "filters.unknown_place")
    if dimension == "region_code":
        return region_name(value, t)
    if dimension == "store_id":
        from ui import filters

        known = filters.known()
        return plain(dict(known.stores).get(value, value) if known else value, 40)
    return plain(t.code(dimension.removeprefix("first_"), value), 40)
