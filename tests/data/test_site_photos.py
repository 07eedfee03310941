"""Photos of sites: only their pixels are kept, they follow their candidate, and nothing else gets in."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from data import site_photos, workspaces
from data.errors import PhotoRefused


@pytest.fixture
def workspace(tmp_path: Path) -> workspaces.Workspace:
    return workspaces.create(tmp_path, "Kedai")


def taken(form: str = "JPEG", size: tuple[int, int] = (1600, 1200), colour: str = "teal") -> bytes:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Siti"
    exif.get_ifd(0x8825).update({1: "N", 2: (3.0, 8.0, 24.0), 3: "E", 4: (101.0, 41.0, 12.0)})
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, format=form, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_only_pixels_are_kept(form: str) -> None:
    given = taken(form)
    assert Image.open(io.BytesIO(given)).getexif().get_ifd(0x8825)
    made = site_photos.photo(given)
    opened = Image.open(io.BytesIO(made))
    assert opened.format == "JPEG"
    assert opened.size == (960, 720)
    assert not opened.getexif()
    assert b"Siti" not in made
    assert b"Exif" not in made


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (300, 200)).save(out, format="JPEG", exif=exif)
    assert Image.open(io.BytesIO(site_photos.photo(out.getvalue()))).size == (200, 300)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_unreadable"),
        (b"<svg onload=alert(1)>", "photo_unreadable"),
        (b"\xff\xd8\xff" + b"\x00" * 40, "photo_unreadable"),
        (b"GIF89a" + b"\x01" * 30, "photo_unreadable"),
        (b"\x00" * (site_photos.MAX_BYTES + 1), "photo_large"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(PhotoRefused) as refused:
        site_photos.photo(content)
    assert refused.value.code == code


def test_a_photo_follows_its_candidate_and_goes_with_it(workspace: workspaces.Workspace) -> None:
    one, two = site_photos.photo(taken()), site_photos.photo(taken(colour="gold"))
    site_photos.keep(workspace, "A", one)
    site_photos.keep(workspace, "B", two)
    site_photos.follow(workspace, {"A": "B", "B": "A"}, ["A", "B"])
    assert (site_photos.kept(workspace, "A"), site_photos.kept(workspace, "B")) == (two, one)
    site_photos.follow(workspace, {}, ["B"])
    assert site_photos.kept(workspace, "A") is None
    site_photos.keep(workspace, "B", None)
    assert site_photos.kept(workspace, "B") is None


def test_a_file_that_is_no_photo_is_not_shown(workspace: workspaces.Workspace) -> None:
    site_photos.keep(workspace, "../A", b"<script>")
    assert site_photos.kept(workspace, "../A") is None
    assert all(path.parent == workspace.path / site_photos.FOLDER for path in workspace.path.rglob("*.jpg"))


def test_what_is_frozen_is_small_and_checked_again() -> None:
    frozen = site_photos.small(site_photos.photo(taken()))
    assert len(frozen) < 60_000
    assert site_photos.embedded(frozen) == f"data:image/jpeg;base64,{frozen}"
    for hostile in (None, 7, "", 'x" onerror="alert(1)', base64.b64encode(b"<svg>").decode()):
        assert site_photos.embedded(hostile) == ""
