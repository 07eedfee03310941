"""The board pack: a frozen decision as one page a site, in one HTML file that opens offline and prints on A4.

Everything lies inside the file. A content policy forbids it to run or fetch anything. Every text is
escaped here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from charts.amounts import whole_money
from charts.escaping import plain_text
from charts.maps.paper_map import Spot, draw
from data.site_photos import embedded
from data.site_scenarios import Scenario
from geo.sensitivity import DEMAND_DOWN, RENT_UP
from i18n.numbers import DASH, absent
from i18n.translator import Translator
from ui.report import POLICY

MAP_KM: Final = 60.0
"""What a page's map shows from left to right."""


def page(scenario: Scenario, land: Sequence[Any], client: str, t: Translator) -> str:
    """Write the pack in one language.

    Parameters
    ----------
    scenario : Scenario
    land : sequence of polygons
        Regions to draw, in degrees.
    client : str
        The workspace's title, as typed.
    t : Translator

    Returns
    -------
    str
        A whole HTML document.
    """
    sites = scenario.results.get("sites", [])
    body = "".join(
        f"<main>{_head(scenario, client, t)}{_site(place, site, scenario, land, t)}</main>"
        for place, site in enumerate(sites, start=1)
    )
    if not sites:
        nothing = f"<p>{_safe(t('sites.answer.nothing'), 300)}</p>"
        body = f"<main>{_head(scenario, client, t)}{nothing}{_foot(scenario, t)}</main>"
    return (
        f'<!doctype html>\n<html lang="{t.lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{_safe(scenario.name)}</title><style>{STYLE}</style></head><body>{body}</body></html>\n"
    )


def _head(scenario: Scenario, client: str, t: Translator) -> str:
    return (
        f"<header><p class='client'>{_safe(client, 80)}</p>"
        f"<p class='note'>{_safe(scenario.name, 80)} · {_safe(t.date(scenario.saved_on))}</p></header>"
    )


def _site(place: int, site: Mapping[str, Any], scenario: Scenario, land: Sequence[Any], t: Translator) -> str:
    title = t("sites.pack.title", place=t.number(place), name=plain_text(site.get("name"), 60))
    return (
        f"<h1>{_safe(title, 120)}</h1>"
        f"{_numbers(site, scenario, t)}{_errors(scenario, t)}{_map(site, scenario, land, t)}"
        f"<div class='two'>{_losses(site, scenario, t)}{_alike(site, scenario, t)}</div>"
        f"{_cases(site, scenario, t)}{_assumptions(scenario, t)}{_dissent(scenario, t)}{_foot(scenario, t)}"
    )


def _numbers(site: Mapping[str, Any], scenario: Scenario, t: Translator) -> str:
    low, middle, high = (_money(site.get(name), scenario, t) for name in ("p10", "p50", "p90"))
    cells = (
        (t("sites.pack.sales"), middle, t("sites.pack.between", low=low, high=high)),
        (t("sites.column.lost"), _money(site.get("lost"), scenario, t), t("sites.pack.lost_note")),
        (
            t("sites.column.contribution"),
            _money(site.get("net"), scenario, t),
            _payback(site, t)[1]
            if absent(site.get("net_low"))
            else t(
                "sites.pack.between",
                low=_money(site.get("net_low"), scenario, t),
                high=_money(site.get("net_high"), scenario, t),
            ),
        ),
        (t("sites.column.payback"), *_payback(site, t)),
        (
            t("sites.column.highest_rent"),
            _money(site.get("highest_rent"), scenario, t),
            t("sites.pack.a_month"),
        ),
    )
    made = "".join(
        f"<div><p class='note'>{_safe(label, 60)}</p><p class='big'>{_safe(value, 60)}</p>"
        f"<p class='note'>{_safe(note, 80)}</p></div>"
        for label, value, note in cells
    )
    return f"<section class='cards'>{made}</section>"


def _payback(site: Mapping[str, Any], t: Translator) -> tuple[str, str]:
    """Months, or a dash and why."""
    months = site.get("payback_months")
    if isinstance(months, (int, float)):
        return t("sites.months", n=t.number(months, 1)), ""
    key = f"sites.reason.{site.get('reason') or 'ranking'}"
    return DASH, t(key) if t.has(key) else ""


def _errors(scenario: Scenario, t: Translator) -> str:
    """The two errors, never one alone."""
    found = scenario.results
    gap, error = found.get("gap"), found.get("median_error")
    if found.get("proved"):
        first, proof = t.percent(0.0), t("sites.gap.proved")
    else:
        first = DASH if absent(gap) else t.percent(gap, 2)
        proof = t("sites.gap.none" if absent(gap) else "sites.gap.bound")
    key = f"sites.word.{found.get('word')}"
    second = DASH if absent(error) else "±" + t.percent(error)
    word = t(key) if t.has(key) else t("sites.error.few")
    return (
        f"<p class='errors'><b>{_safe(t('sites.card.gap.name'))}:</b> {_safe(first)} ({_safe(proof)}) · "
        f"<b>{_safe(t('sites.card.error.name'))}:</b> {_safe(second)} ({_safe(word)})</p>"
    )


def _map(site: Mapping[str, Any], scenario: Scenario, land: Sequence[Any], t: Translator) -> str:
    if absent(site.get("lat")) or absent(site.get("lon")):
        return ""
    here = Spot(float(site["lat"]), float(site["lon"]), str(site.get("name", "")), "site")
    spots = []
    for store in scenario.results.get("stores", []):
        if absent(store.get("lat")) or absent(store.get("lon")):
            continue
        kind = "own" if store.get("own") else "rival"
        spots.append(Spot(float(store["lat"]), float(store["lon"]), str(store.get("name", "")), kind))
    for other in scenario.results.get("sites", []):
        if other is not site and not absent(other.get("lat")) and not absent(other.get("lon")):
            spots.append(Spot(float(other["lat"]), float(other["lon"]), str(other.get("name", "")), "other"))
    drawn = draw(land, spots, here, MAP_KM, t("sites.pack.map"))
    picture = f"<div class='map'>{drawn}{_photo(site, t)}</div>"
    return f"<section>{picture}<p class='note'>{_safe(t('sites.pack.legend'), 200)}</p></section>"


def _photo(site: Mapping[str, Any], t: Translator) -> str:
    """The photo of the site visit, as it was when the decision was frozen."""
    address = embedded(site.get("photo"))
    return f'<img class="photo" alt="{_safe(t("sites.column.photo"))}" src="{address}">' if address else ""


def _losses(site: Mapping[str, Any], scenario: Scenario, t: Translator) -> str:
    rows = [(row.get("name"), _money(row.get("loss"), scenario, t)) for row in site.get("losses", [])[:6]]
    return _section(t("sites.losses.title"), _table(rows))


def _alike(site: Mapping[str, Any], scenario: Scenario, t: Translator) -> str:
    rows = [(row.get("name"), _money(row.get("sales"), scenario, t)) for row in site.get("alike", [])[:4]]
    return _section(t("sites.pack.alike"), _table(rows))


def _cases(site: Mapping[str, Any], scenario: Scenario, t: Translator) -> str:
    made = []
    for row in site.get("cases", [])[:6]:
        if row.get("code") == "rent_up" and not site.get("cases_net"):
            continue  # sales do not change with the rent
        key = f"sites.case.{row.get('code')}"
        label = t(key, rent=t.percent(RENT_UP, 0), demand=t.percent(DEMAND_DOWN, 0)) if t.has(key) else DASH
        made.append(f"<span>{_safe(label, 80)}: <b>{_safe(_money(row.get('value'), scenario, t))}</b></span>")
    if not made:
        return ""
    note = t("sites.sensitivity.net" if site.get("cases_net") else "sites.sensitivity.sales")
    body = f"<p class='cases'>{''.join(made)}</p><p class='note'>{_safe(note, 200)}</p>"
    return _section(t("sites.sensitivity.title"), body)


def _assumptions(scenario: Scenario, t: Translator) -> str:
    heads = "".join(
        f"<th>{_safe(t(f'sites.pack.{name}'))}</th>" for name in ("assumption", "value", "owner", "on")
    )
    rows = []
    for row in scenario.assumptions:
        key = f"sites.assumption.{row.code}"
        cells = (t(key) if t.has(key) else row.code, row.value, row.owner or DASH, row.on or DASH)
        rows.append("<tr>" + "".join(f"<td>{_safe(cell, 90)}</td>" for cell in cells) + "</tr>")
    return _section(t("sites.pack.assumptions"), f"<table><tr>{heads}</tr>{''.join(rows)}</table>")


def _section(title: str, body: str) -> str:
    return f"<section><h2>{_safe(title)}</h2>{body}</section>"


def _table(rows: Sequence[tuple[Any, str]]) -> str:
    made = (
        f"<tr><td>{_safe(name, 40)}</td><td class='figure'>{_safe(value, 40)}</td></tr>"
        for name, value in rows
    )
    return f"<table>{''.join(made)}</table>"


def _dissent(scenario: Scenario, t: Translator) -> str:
    said = _safe(scenario.dissent, 900) if scenario.dissent.strip() else "&nbsp;"
    return _section(t("sites.pack.dissent"), f"<p class='dissent'>{said}</p>")


def _foot(scenario: Scenario, t: Translator) -> str:
    words = t(
        "sites.pack.foot",
        date=t.date(scenario.data_to),
        snapshot=scenario.snapshot[:20],
        owner=scenario.owner or DASH,
    )
    return f"<footer>{_safe(words, 300)}</footer>"


def _money(value: Any, scenario: Scenario, t: Translator) -> str:
    if absent(value) or not isinstance(value, (int, float)):
        return DASH
    return whole_money(float(value), scenario.currency, t)


def _safe(text: object, limit: int = 160) -> str:
    return escape(plain_text(text, limit), quote=True)


STYLE: Final = (
    "@page{size:A4;margin:8mm 14mm}*{box-sizing:border-box}"
    "body{margin:0;background:#fff;color:#1F2933;font:11.5px/1.3 'Segoe UI',Arial,sans-serif;"
    "font-variant-numeric:tabular-nums;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "main{max-width:182mm;margin:0 auto;padding:6mm 4mm;break-after:page}main:last-child{break-after:auto}"
    "@media print{main{padding:0}}header{display:flex;justify-content:space-between;gap:8mm}"
    "p{margin:0}h1{font-size:20px;line-height:1.2;margin:1mm 0 2mm}h2{font-size:13px;margin:2.5mm 0 .5mm}"
    ".client{font-weight:600}.note,footer{color:#5B6470;font-size:11px}.big{font-size:19px;font-weight:600}"
    ".cards{display:flex;flex-wrap:wrap;gap:3mm 6mm}.cards div{min-width:30mm;flex:1}"
    ".cards div:first-child .big{color:#0B6E6E}.errors{margin:2mm 0;padding:1.5mm 3mm;background:#F2F5F6}"
    ".map{display:flex;gap:4mm;align-items:flex-start}.map svg{flex:1}.photo{width:56mm;height:auto;"
    "max-height:60mm;object-fit:cover;border:1px solid #E3E7EA}"
    "svg{display:block;width:100%;height:auto;border:1px solid #E3E7EA}"
    ".two{display:grid;grid-template-columns:1fr 1fr;gap:8mm}table{border-collapse:collapse;width:100%}"
    "td,th{padding:.35mm 2mm .35mm 0;border-bottom:1px solid #E3E7EA;text-align:left;font-weight:400;"
    "overflow-wrap:anywhere}th{color:#5B6470;font-size:11px}.figure{text-align:right;white-space:nowrap}"
    ".cases{display:flex;flex-wrap:wrap;gap:1mm 6mm}.dissent{min-height:12mm;border:1px solid #B8C1C8;"
    "padding:2mm;white-space:pre-wrap}footer{margin-top:2mm}section{break-inside:avoid}"
    "@media(max-width:640px){.two{grid-template-columns:1fr}}"
)
