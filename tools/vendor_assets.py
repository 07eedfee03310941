"""Fetch the map's scripts and styles from npm at pinned versions into ``ui/static/vendor``.

``python tools/vendor_assets.py`` writes the files; ``--check`` only compares what is there with the
pinned hashes. The files are kept in the repository, so that the app runs without the internet:
this is for changing a version, and for checking that nobody changed a file.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TARGET: Final = Path(__file__).resolve().parents[1] / "ui" / "static" / "vendor"


@dataclass(frozen=True)
class Package:
    """One npm package: its version, the hash npm publishes for it, and the files taken (SHA-256)."""

    name: str
    version: str
    integrity: str
    files: dict[str, str]

    @property
    def folder(self) -> Path:
        return TARGET / f"{self.name}-{self.version}"


PACKAGES: Final = (
    Package(
        "leaflet",
        "1.9.4",
        "sha512-nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR3XnWyZAxwQixURb+FA74PA==",
        {
            "LICENSE": "53e8dc25862014e4324741ca18fbe3611e11d42ef69f59f86ea8c5389647d4cb",
            "dist/leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
            "dist/leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
            "dist/images/layers.png": "1dbbe9d028e292f36fcba8f8b3a28d5e8932754fc2215b9ac69e4cdecf5107c6",
            "dist/images/layers-2x.png": "066daca850d8ffbef007af00b06eac0015728dee279c51f3cb6c716df7c42edf",
            "dist/images/marker-icon.png": "574c3a5cca85f4114085b6841596d62f00d7c892c7b03f28cbfa301deb1dc437",
            "dist/images/marker-icon-2x.png": "00179c4c1ee830d3a108412ae0d294f55776cfeb085c60129a39aa6fc4ae2528",  # noqa: E501
            "dist/images/marker-shadow.png": "264f5c640339f042dd729062cfc04c17f8ea0f29882b538e3848ed8f10edb4da",  # noqa: E501
        },
    ),
    Package(
        "leaflet-draw",
        "1.0.4",
        "sha512-rsQ6saQO5ST5Aj6XRFylr5zvarWgzWnrg46zQ1MEOEIHsppdC/8hnN8qMoFvACsPvTioAuysya/TVtog15tyAQ==",
        {
            "dist/leaflet.draw.js": "b22a1f7385308e5adadd85a4c2d84e9fc523ebd70d37868cba0fe2387362460b",
            "dist/leaflet.draw.css": "5f30f74696873efee5cd7f6ab7eda7d63e5c5a3e3c3b6e0ab2068662928df31f",
            "dist/images/spritesheet.png": "a8978a1d3d21d8ee6f16cce342ff67fc47c4241f52161f05baf88f15e1058199",
            "dist/images/spritesheet-2x.png": "fa2c95e0610f3787c879645e42b86ad010c305f8312e116841730d00d4ab72b7",  # noqa: E501
            "dist/images/spritesheet.svg": "7077bae968047180921324df351d95fe2f021cdaefa01e20645162402f767da4",
        },
    ),
)


def fetch(package: Package) -> None:
    """Download a package with npm, check it, and write the files that are taken.

    Raises
    ------
    ValueError : the archive or a file is not the pinned one.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "npm",
            "pack",
            f"{package.name}@{package.version}",
            "--silent",
            "--pack-destination",
            folder,
        ]
        subprocess.run(command, check=True, capture_output=True)
        archive = next(Path(folder).glob("*.tgz"))
        found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != package.integrity:
            raise ValueError(
                f"{package.name}@{package.version} should be {package.integrity}, npm gave {found}."
            )
        with tarfile.open(archive) as tar:
            for name in package.files:
                member = tar.extractfile(f"package/{name}")
                if member is None:
                    raise ValueError(f"{package.name}@{package.version} holds no file {name}.")
                target = package.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(member.read())


def differences(package: Package) -> list[str]:
    """What differs from the pinned files: one sentence per file, none when all is as pinned."""
    told = []
    for name, expected in package.files.items():
        path = package.folder / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
        if found != expected:
            told.append(f"{path.relative_to(TARGET)}: pinned {expected}, found {found}")
    return told


def main(arguments: list[str] | None = None) -> int:
    """Fetch and compare; returns 1 when a file is not as pinned."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare only, fetch nothing")
    if not parser.parse_args(arguments).check:
        for package in PACKAGES:
            fetch(package)
    told = [line for package in PACKAGES for line in differences(package)]
    print("\n".join(told) or f"{len(PACKAGES)} packages as pinned in {TARGET}")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
