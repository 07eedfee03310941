"""A logo is kept as pixels only; what is no picture is refused in one sentence."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from data import client, workspaces
from data.errors import LogoRefused


def drawn(size=(300, 200), form="PNG", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#0B6E6E").save(out, format=form, **options)
    return out.getvalue()


@pytest.fixture
def workspace(tmp_path):
    return workspaces.create(tmp_path, "Kedai Kopi")


@pytest.mark.parametrize("form", client.FORMATS)
def test_a_picture_becomes_a_small_png(form):
    made = client.picture(drawn((3000, 1000), form))
    with Image.open(io.BytesIO(made)) as found:
        assert found.format == "PNG"
        assert found.size == (640, 213)


def test_nothing_but_pixels_is_kept():
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "<script>alert(1)</script>")
    made = client.picture(drawn(pnginfo=note) + b"<svg onload=alert(1)>PK\x03\x04")
    assert b"script" not in made
    assert b"svg" not in made
    assert b"PK" not in made


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo_svg"),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<SVG></SVG>', "logo_svg"),
        (b"", "logo_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "logo_unreadable"),
        (b"%PDF-1.7", "logo_unreadable"),
        (b"GIF89a" + b"\x01" * 30, "logo_unreadable"),
        (b"\x00" * (client.MAX_BYTES + 1), "logo_large"),
        (drawn((5000, 4000)), "logo_unreadable"),
        (drawn()[:-200], "logo_unreadable"),
    ],
)
def test_what_is_no_picture_within_bounds_is_refused(content, code):
    with pytest.raises(LogoRefused) as refused:
        client.picture(content)
    assert refused.value.code == code


def test_name_and_logo_stay_in_the_workspace_and_can_be_forgotten(workspace, tmp_path):
    assert (client.name(workspace), client.logo(workspace)) == ("Kedai Kopi", None)
    client.keep_name(workspace, "  Kopi   <b>Baik</b> ")
    client.keep_logo(workspace, client.picture(drawn()))
    assert client.name(workspace) == "Kopi <b>Baik</b>"
    assert client.logo(workspace).startswith(b"\x89PNG")
    other = workspaces.create(tmp_path, "Toko")
    assert client.logo(other) is None
    client.keep_logo(workspace, None)
    client.keep_name(workspace, "")
    assert (client.name(workspace), client.logo(workspace)) == ("Kedai Kopi", None)
