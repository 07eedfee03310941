"""The report says the numbers of the talk, holds everything inside, and lets no text run."""

from __future__ import annotations

import io
import os
import re
import stat
import time
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from analytics.programme import Programme
from analytics.value_calculators import Business
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from tests.conftest import not_run
from ui import report_pdf
from ui.report import Assumption, Report, page

DEMO = Business(2000, 60, 4, 0.4, 0.6, 0.1, 45)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</style><link rel=stylesheet href=http://evil.example/x.css>",
    "<base href=http://evil.example/>",
    "javascript:alert(1)",
    "&lt;b&gt; {client} {0} %s",
    "\u202eevil\u0000",
)


def logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (200, 80), "#0B6E6E").save(out, format="PNG")
    return out.getvalue()


def made(client="Kopi Baik", **changes) -> Report:
    fields = {
        "client": client,
        "logo": logo(),
        "on": date(2026, 11, 23),
        "business": DEMO,
        "programme": Programme(0.02, 6000),
        "points": 0.05,
        "currency": "MYR",
        "assumptions": (Assumption("Customers", "2,000", own=False), Assumption("Margin", "40%", own=True)),
    }
    return Report(**(fields | changes))


class Seen(HTMLParser):
    """Tags, attributes and text of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def seen(document: str) -> Seen:
    parser = Seen()
    parser.feed(document)
    return parser


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_numbers_of_the_talk_stand_in_it(lang):
    t = translator(lang)
    text = seen(page(made(), t)).text
    for amount in (211.20, 234.67, 45.00):
        assert t.money(amount, "MYR") in text
    for amount in ("46,933", "23,467", "6,000", "17,467"):
        assert (amount if lang != "id" else amount.replace(",", ".")) in text
    assert t.number(4.7, 1) in text
    assert t("report.pays_once", points=t.number(3.2, 1)) in text
    assert "Kopi Baik" in text
    assert t.date(date(2026, 11, 23)) in text
    assert t("report.tag.own") in text
    assert t("report.tag.assumed") in text
    assert t("report.method.value") in text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(name):
    hostile = made(name, assumptions=(Assumption(name, name, own=False),))
    document, harmless = page(hostile, translator("en")), page(made("x"), translator("en"))
    tags = [tag for tag, _ in seen(document).tags]
    expected = [tag for tag, _ in seen(harmless).tags]
    assert set(tags) == set(expected)
    assert tags.count("svg") == tags.count("style") == 1
    assert not [a for _, attributes in seen(document).tags for a in attributes if a.startswith("on")]


@settings(max_examples=60)
@given(st.text(max_size=120))
def test_any_name_leaves_the_structure_as_it_is(name):
    tags = [tag for tag, _ in seen(page(made(name), translator("ms"))).tags]
    assert tags == [tag for tag, _ in seen(page(made("x"), translator("ms"))).tags]


def test_nothing_in_it_points_outside_or_runs():
    document = page(made(), translator("en"))
    addresses = re.findall(r"""(?:src|href|action|data|url)\s*[=(]\s*["']?([^"')\s>]+)""", document)
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert len(addresses) == 1
    without_namespace = document.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "http" not in without_namespace.replace("http-equiv", "")
    assert "<script" not in document
    assert "default-src 'none'" in document


def test_it_says_in_words_when_it_does_not_pay_and_when_it_never_does():
    t = translator("en")
    assert "✕ It does not pay." in seen(page(made(points=0.01), t)).text
    assert "✓ It pays." in seen(page(made(), t)).text
    assert t("report.never") in seen(page(made(programme=Programme(0.4, 0)), t)).text
    assert t("report.from_the_start") in seen(page(made(programme=Programme()), t)).text


def test_without_a_logo_or_a_name_it_is_whole():
    document = page(made("", logo=None), translator("id"))
    assert "<img" not in document
    assert translator("id")("report.title_plain") in document


@pytest.fixture
def fake_browser(tmp_path):
    """A program that stands in for a browser; what it does is a line of shell."""

    def write(line: str) -> str:
        path = tmp_path / "chromium"
        path.write_text(
            f'#!/bin/sh\nfor a in "$@"; do case $a in --print-to-pdf=*) out=${{a#*=}};; esac; done\n{line}\n'
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return write


posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")


@posix
def test_what_the_browser_prints_comes_back_and_its_folder_is_removed(fake_browser):
    program = fake_browser('printf "%%PDF-1.7 %s" "$PWD" > "$out"')
    found = report_pdf.print_pdf("<p>x</p>", program)
    assert found.startswith(b"%PDF-1.7 /")
    assert not os.path.exists(found.split(b" ", 1)[1].decode())  # noqa: PTH110


@posix
@pytest.mark.parametrize("line", ["exit 3", 'echo no > "$out"', "kill -9 $$"])
def test_a_browser_that_writes_no_pdf_is_said_to(fake_browser, line):
    with pytest.raises(report_pdf.NotPrinted):
        report_pdf.print_pdf("<p>x</p>", fake_browser(line))


@posix
def test_a_browser_that_hangs_is_ended_with_what_it_started(fake_browser):
    began = time.monotonic()
    with pytest.raises(report_pdf.NotPrinted, match="took longer"):
        report_pdf.print_pdf("<p>x</p>", fake_browser("sleep 60 & sleep 60"), seconds=0.5)
    assert time.monotonic() - began < 10


def test_a_program_that_is_not_there_is_said_to(tmp_path):
    with pytest.raises(report_pdf.NotPrinted, match="could not be started"):
        report_pdf.print_pdf("<p>x</p>", str(tmp_path / "none"))


def test_no_browser_is_none(monkeypatch):
    monkeypatch.setattr(report_pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(report_pdf, "_PLACES", ())
    assert report_pdf.browser() is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_real_browser_prints_it_on_one_page(lang):
    program = report_pdf.browser()
    if program is None:
        not_run("NO BROWSER: printing the report WAS NOT TESTED. Install chromium.")
    labels = tuple(
        Assumption(f"Stay from one year to the next {i}", "RM1,234,567.00", own=i % 2 == 0) for i in range(11)
    )
    found = report_pdf.print_pdf(
        page(made("A very long name " * 5, assumptions=labels), translator(lang)), program
    )
    assert len(re.findall(rb"/Type\s*/Page[^s]", found)) == 1
