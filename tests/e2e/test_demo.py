"""A consultant walks a client through the demo, takes the report along, and opens it offline."""

from __future__ import annotations

import io
import re
import shutil

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

expect.set_options(timeout=20_000)  # a busy machine is no bug

HOSTILE = '<img src="http://evil.example/x.png"> ![x](http://evil.example/y.png) $5-$8'


@pytest.fixture(scope="module")
def demo_server(start_server, small_home, tmp_path_factory):
    """A server on a copy of the small workspace, for tests that save into it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(small_home, home)
    return start_server(home)


def logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 120), "#0B6E6E").save(out, format="PNG")
    return out.getvalue()


def turn(page: Page, key: str, title: str) -> None:
    """Press a key and wait for the next title."""
    page.keyboard.press(key)
    expect(page.locator("h1")).to_have_text(re.compile(title))
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")


def jump(page: Page, number: int) -> None:
    """Choose a step from the list between the buttons."""
    page.locator("[class*='st-key-demo-steps'] button").click()
    page.get_by_role("button", name=re.compile(f"^{number} ")).click()
    expect(page.get_by_role("button", name=f"{number} / 7")).to_be_visible()


def test_the_story_is_walked_by_keyboard_and_adds_up(visit, demo_server):
    visitor = visit(demo_server)
    page = visitor.open("demo?lang=en")
    expect(page.locator(".setia-demo-big")).to_have_text("RM211.20")
    expect(page.get_by_text("That is 4.7 times the RM45.00")).to_be_visible()
    turn(page, "PageDown", "What if more of them stay")
    expect(page.locator(".setia-demo-big")).to_have_text("+RM46,933")
    expect(page.locator(".js-plotly-plot")).to_contain_text("RM234.67")
    turn(page, "PageDown", "But it costs")
    expect(page.locator(".setia-demo-bill")).to_contain_text("+RM17,467")
    expect(page.get_by_role("status").filter(has_text="It pays")).to_have_text("✓ It pays.")
    page.get_by_label("Set-up, once (RM)").focus()  # the keys turn the page from inside a field too
    turn(page, "PageDown", "From when does it pay")
    expect(page.locator(".setia-demo-sentence")).to_have_text(
        "The programme pays once retention rises by 3.2 points."
    )
    visitor.settled()
    page.get_by_role("slider").focus()
    for _ in range(4):  # 5 points less two
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".setia-demo-bad")).to_contain_text("✕ At 3 points it does not pay: -RM")
    page.go_back()
    expect(page.locator(".setia-demo-bad")).to_have_count(0)  # 3.5 points: above the 3.2 from which it pays
    page.go_forward()
    expect(page.locator(".setia-demo-bad")).to_contain_text("✕ At 3 points it does not pay: -RM")
    turn(page, "PageDown", "What does your own file say")
    expect(page.get_by_text("Stay from year to year", exact=True)).to_be_visible()
    visitor.settled()
    page.get_by_role("button", name="Take these numbers into the story").click()
    visitor.settled()  # the numbers are taken before the page turns
    turn(page, "PageDown", "Who could come back")
    expect(page.get_by_text("Counts only")).to_be_visible()
    assert "Customer 1" not in page.locator("[data-testid='stMain']").inner_text()
    turn(page, "PageDown", "To take along")
    turn(page, "PageUp", "Who could come back")
    jump(page, 1)
    expect(page.get_by_text("your data").first).to_be_visible()
    assert visitor.problems == []


def test_logo_report_and_link_go_along(visit, demo_server, browser: Browser, tmp_path):
    visitor = visit(demo_server)
    page = visitor.open("demo?lang=en&demo=MYR_2000_60_4_0.4_0.6_45_0.1_0.05_0.02_6000")
    page.get_by_role("button", name="Name and logo").click()
    page.get_by_label("Client's name").fill(HOSTILE)
    page.get_by_label("Client's name").press("Enter")
    upload = page.locator("input[type=file]")
    upload.set_input_files(
        {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    )
    expect(page.get_by_text("An SVG can carry scripts")).to_be_visible()
    # while the refused file goes away, the field stands there twice
    expect(page.locator("input[type=file]")).to_have_count(1)
    page.locator("input[type=file]").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": logo()}
    )
    expect(page.locator(".st-key-setia-demo-head img")).to_be_visible()
    expect(page.get_by_text("An SVG can carry scripts")).to_have_count(0)
    page.keyboard.press("Escape")
    jump(page, 7)
    expect(page.locator("h1")).to_have_text("To take along")
    visitor.settled()

    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    assert re.fullmatch(r"setia-[a-z0-9-]+\.html", download.value.suggested_filename)
    report = tmp_path / "report.html"
    download.value.save_as(report)
    read_offline(browser, report)

    page.get_by_role("button", name="Make the PDF").click()
    with page.expect_download(timeout=60_000) as printed:
        page.get_by_role("button", name="Report (PDF)").click(timeout=60_000)
    printed.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")

    link = page.locator("[data-testid='stCode']").inner_text().replace("\n", "").strip()
    assert "evil" not in link
    other = visit(demo_server)
    other.page.goto(link.replace("_0.6_", "_0.7_"))
    expect(other.settled().locator(".setia-demo-big")).to_have_text("RM264.00")
    assert visitor.problems == other.problems == []


def read_offline(browser: Browser, report) -> None:
    """Open the file without a network: everything is there, nothing is asked for, nothing ran."""
    context = browser.new_context(offline=True)
    asked, said = [], []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: said.append(message.text))
    page.goto(report.as_uri())
    text = page.locator("body").inner_text()
    for amount in ("RM211.20", "+RM46,933", "-RM23,467", "+RM17,467", "3.2 points", "assumed"):
        assert amount in text
    assert HOSTILE.split(" $")[0] in text
    assert page.evaluate("document.images[0].naturalWidth") == 300
    assert page.locator("svg[role=img]").count() == 1
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    context.close()


def test_scenarios_are_saved_and_stand_side_by_side(visit, demo_server):
    visitor = visit(demo_server)
    page = visitor.open("demo?lang=ms")
    jump(page, 7)
    expect(page.locator("h1")).to_have_text("Untuk dibawa pulang")
    page.get_by_label("Nama", exact=True).fill("Rancangan A")
    page.get_by_label("Nama", exact=True).press("Enter")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("button", name="Rancangan A", exact=True)).to_be_visible()
    chart = page.locator(".st-key-setia-figure-demo-scenarios")
    expect(chart.locator(".js-plotly-plot")).to_contain_text("Rancangan A")
    chart.get_by_text("Jadual").click()
    expect(chart.locator("[data-testid='stDataFrame']")).to_be_visible()
    page.get_by_role("button", name="Padam").click()
    expect(page.get_by_role("button", name="Rancangan A")).to_have_count(0)
    assert visitor.problems == []


def test_on_a_phone_the_number_and_the_buttons_are_under_the_thumb(visit, demo_server):
    visitor = visit(demo_server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = visitor.open("demo?lang=id")
    number = page.locator(".setia-demo-big").bounding_box()
    assert number["y"] + number["height"] < 700
    for name in ("Lanjut", "Kembali"):
        box = page.get_by_role("button", name=re.compile(name)).bounding_box()
        assert box["height"] >= 40
        assert box["y"] + box["height"] <= 844
    for _ in range(6):
        page.get_by_role("button", name=re.compile("Lanjut")).click()
        page.wait_for_timeout(300)
        visitor.settled()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visitor.problems == []


def test_the_tornado_and_the_four_questions_on_the_page_value(visit, demo_server):
    visitor = visit(demo_server)
    page = visitor.open("value?lang=en")
    page.get_by_role("tab", name="Calculator").click()
    page.get_by_role("radio", name="What if").click()
    figure = page.locator(".st-key-setia-figure-what-if")
    expect(figure.locator(".js-plotly-plot")).to_contain_text("Cost to serve a year")
    page.get_by_role("button", name="Ranges").click()
    field = page.get_by_label("Customers who stay ± points")
    field.fill("10")
    field.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Customers who stay moves that most")).to_be_visible()
    figure.get_by_text("Table").click()
    expect(figure.locator("[data-testid='stDataFrame']")).to_be_visible()
    page.get_by_role("radio", name="Four questions").click()
    for who in ("Marketing", "Product", "Support", "Sales"):
        expect(page.get_by_text(f"{who}:", exact=False).first).to_be_visible()
    assert visitor.problems == []
