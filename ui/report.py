"""The one-page report for a client: one HTML file that opens offline and prints on one A4 page.

Everything lies inside the file: styles, the chart as SVG, the logo as a data address. A content
policy forbids it to run or fetch anything. Every text is escaped here and nowhere else.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from analytics.programme import Outcome, Programme, break_even_points, outcome, rounded_up
from analytics.value_calculators import Business
from charts import paper
from charts.amounts import whole_money
from charts.escaping import plain_text
from i18n.translator import Translator

POLICY: Final = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Assumption:
    """One line of the table: what, how much, and whether it is the client's own number."""

    label: str
    value: str
    own: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What the page says.

    Parameters
    ----------
    client : str
        As typed.
    logo : bytes or None
        A PNG made by ``data.client.picture``.
    on : date
        The day it is made.
    business, programme : Business, Programme
    points : float
        The rise of retention, already within reach of 100%.
    currency : str
    assumptions : tuple of Assumption
    data_to : date or None
        The last day of the client's data, where any number is their own.
    """

    client: str
    logo: bytes | None
    on: date
    business: Business
    programme: Programme
    points: float
    currency: str
    assumptions: tuple[Assumption, ...]
    data_to: date | None = None


def page(report: Report, t: Translator) -> str:
    """Write the report in one language.

    Parameters
    ----------
    report : Report
    t : Translator

    Returns
    -------
    str
        A whole HTML document.

    Raises
    ------
    ValueError : the value has no end (100% retention and no discount).
    """
    found = outcome(report.business, report.programme, report.points)
    title = t("report.title", client=report.client) if report.client else t("report.title_plain")
    return (
        f'<!doctype html>\n<html lang="{t.lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{_safe(title, 120)}</title><style>{STYLE}</style></head><body><main>"
        f"{_head(report, t)}{_number(report, t)}{_chart(report, found, t)}"
        f"{_programme(report, found, t)}{_assumptions(report, t)}{_method(report, t)}"
        "</main></body></html>\n"
    )


def _head(report: Report, t: Translator) -> str:
    picture = ""
    if report.logo:
        coded = base64.b64encode(report.logo).decode("ascii")
        picture = (
            f'<img src="data:image/png;base64,{coded}" alt="{_safe(report.client or t("report.logo"))}">'
        )
    return (
        f"<header>{picture}<div><p class='client'>{_safe(report.client, 80)}</p>"
        f"<p class='note'>{_safe(t.date(report.on))}</p></div></header>"
        f"<h1>{_safe(t('report.question'))}</h1>"
    )


def _number(report: Report, t: Translator) -> str:
    net = report.business.net
    if net.times is None:
        against = t("report.free")
    else:
        key = "report.worth" if net.worth_it else "report.not_worth"
        against = t(
            key,
            times=t.number(net.times, 1),
            cost=t.money(net.acquisition_cost, report.currency),
            net=t.money(net.net, report.currency),
        )
    return (
        f"<section class='big'><p class='number'>{_safe(t.money(net.clv, report.currency))}</p>"
        f"<p>{_safe(t('report.number'))}<br>{_safe(against, 200)}</p></section>"
    )


def _chart(report: Report, found: Outcome, t: Translator) -> str:
    business, currency = report.business, report.currency
    after = found.before + found.gain / business.customers
    sentence = t(
        "report.gain",
        points=points_of(report.points, t),
        total=whole_money(found.gain, currency, t, sign=True),
        n=t.number(business.customers),
    )
    drawn = paper.before_after(
        found.before,
        after,
        business.acquisition_cost,
        (
            t("report.now", rate=t.percent(business.retention)),
            t("report.then", rate=t.percent(business.retention + report.points)),
        ),
        (t.money(found.before, currency), t.money(after, currency)),
        (t("report.cost_line"), t.money(business.acquisition_cost, currency)),
        sentence,
    )
    return f"<section><h2>{_safe(sentence, 200)}</h2>{drawn}</section>"


def _programme(report: Report, found: Outcome, t: Translator) -> str:
    lines = (
        ("report.line.gain", found.gain),
        ("report.line.cashback", -found.cashback_cost),
        ("report.line.set_up", -found.set_up),
        ("report.line.net", found.net),
    )
    rows = "".join(
        f"<tr><td>{_safe(t(key, rate=t.percent(report.programme.cashback)))}</td>"
        f"<td class='figure'>{_safe(whole_money(amount, report.currency, t, sign=True))}</td></tr>"
        for key, amount in lines
    )
    verdict, good = verdict_of(report.business, report.programme, t), found.pays
    word = t("report.pays" if good else "report.pays_not")
    sign = "✓" if good else "✕"
    return (
        f"<section><h2>{_safe(verdict, 200)}</h2><table class='ledger'>{rows}</table>"
        f"<p class='{'good' if good else 'bad'}'>{sign} {_safe(word)}</p></section>"
    )


def verdict_of(business: Business, programme: Programme, t: Translator) -> str:
    """The sentence that sells: from which rise of retention on the programme pays."""
    needed = break_even_points(business, programme)
    if needed is None:
        return t("report.never")
    if needed <= 0:
        return t("report.from_the_start")
    return t("report.pays_once", points=points_of(rounded_up(needed), t))


def points_of(points: float, t: Translator) -> str:
    """Points as a number without empty decimals: 5, 3.2."""
    return t.number(points * 100, 0 if round(points * 100, 6).is_integer() else 1)


def _assumptions(report: Report, t: Translator) -> str:
    lines = "".join(
        f"<div class='line'><span>{_safe(each.label, 80)}</span>"
        f"<span class='figure'>{_safe(each.value, 40)}</span>"
        f"<span class='tag'>{_safe(t('report.tag.own' if each.own else 'report.tag.assumed'))}</span></div>"
        for each in report.assumptions
    )
    return f"<section><h2>{_safe(t('report.assumptions'))}</h2><div class='inputs'>{lines}</div></section>"


def _method(report: Report, t: Translator) -> str:
    where = "" if report.data_to is None else " " + t("report.data_to", date=t.date(report.data_to))
    return (
        f"<footer><p>{_safe(t('report.method.value'), 400)}<br>{_safe(t('report.method.programme'), 400)}</p>"
        f"<p>{_safe(t('report.made') + where, 200)}</p></footer>"
    )


def _safe(text: object, limit: int = 160) -> str:
    return escape(plain_text(text, limit), quote=True)


STYLE: Final = (
    "@page{size:A4;margin:11mm 16mm}*{box-sizing:border-box}"
    "body{margin:0;background:#fff;color:#1F2933;font:14px/1.4 'Segoe UI','Helvetica Neue',Arial,sans-serif;"
    "font-variant-numeric:tabular-nums;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "main{max-width:178mm;margin:0 auto;padding:6mm 4mm}@media print{main{padding:0}}"
    "header{display:flex;justify-content:space-between;align-items:center;gap:8mm;margin-bottom:3mm;"
    "min-height:12mm}header img{max-width:52mm;max-height:16mm;object-fit:contain}"
    "header div{margin-left:auto;text-align:right;min-width:0;overflow-wrap:anywhere}"
    ".client{font-size:16px;font-weight:600}.note,footer{color:#5B6470}"
    "p{margin:0}h1{font-size:25px;line-height:1.2;margin:0 0 3mm}h2{font-size:16px;margin:5mm 0 2mm}"
    ".big{display:flex;align-items:center;gap:6mm;flex-wrap:wrap}"
    ".big p+p{flex:1;min-width:60mm}.number{font-size:52px;line-height:1;font-weight:600;color:#0B6E6E}"
    "svg{display:block;width:100%;max-width:135mm;height:auto;margin:0}"
    "table{border-collapse:collapse;width:100%}td{padding:.6mm 0;border-bottom:1px solid #E3E7EA}"
    ".figure{text-align:right;white-space:nowrap}.ledger{max-width:120mm}"
    ".ledger tr:last-child td{font-weight:600;border-bottom:0;border-top:1px solid #6B7280}"
    ".good{color:#007A55;font-weight:600}.bad{color:#B3261E;font-weight:600}"
    ".inputs{columns:2;column-gap:10mm}.line{display:flex;gap:3mm;align-items:baseline;font-size:13px;"
    "padding:.6mm 0;border-bottom:1px solid #E3E7EA;break-inside:avoid}"
    ".line span:first-child{flex:1;min-width:0;overflow-wrap:anywhere}"
    ".tag{color:#5B6470;font-size:12px;width:17mm;text-align:right}"
    "footer{margin-top:4mm;font-size:12px}footer p+p{margin-top:1mm}section,footer{break-inside:avoid}"
    "@media(max-width:640px){.inputs{columns:1}.number{font-size:40px}}"
)
