"""Made orders and the file they are written to: what each order brought is in Decimal, never read back."""

from __future__ import annotations

import csv
import io
import random
import re
import tomllib
import zipfile
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl

D = Decimal
NONE, SEN = D(0), D("0.01")

HEADERS: dict[str, list[str]] = {
    code: text.split("\n")
    for code, text in tomllib.loads(
        Path(__file__).with_name("headers.toml").read_text(encoding="utf-8")
    ).items()
}
HEADERS["shopee_id.cancelled"] = [
    *(h for h in HEADERS["shopee_id.orders"] if h != "Total Pembayaran"),
    "Alasan Pembatalan",
    "Dibayar Pembeli",
]
HEADERS["shopee_id.failed"] = [
    *(h for h in HEADERS["shopee_id.orders"] if h != "Total Pembayaran"),
    "Status pengiriman gagal",
    "Dibayar Pembeli",
]
"""The newer files of cancelled and failed orders say "Dibayar Pembeli" for "Total Pembayaran"."""


@dataclass(frozen=True)
class Item:
    sku: str
    price: D
    units: int = 1
    seller: D = NONE
    platform: D = NONE
    returned: int = 0


@dataclass(frozen=True)
class Order:
    """A made order and, as properties, what it brought."""

    number: str
    at: datetime
    buyer: int
    items: tuple[Item, ...]
    voucher: D = NONE
    platform_voucher: D = NONE
    charged: D = NONE
    shipping: D = NONE
    reverse: D = NONE
    tax: D = NONE
    service: D = NONE
    rounding: D = NONE
    fee: D = NONE
    status: str = "completed"
    cod: bool = False

    @property
    def gross(self) -> D:
        return sum((i.price * i.units for i in self.items), D(0))

    @property
    def discount(self) -> D:
        return sum((i.seller for i in self.items), D(0))

    @property
    def platform_discount(self) -> D:
        return sum((i.platform for i in self.items), D(0))

    @property
    def amount(self) -> D:
        """Net of the seller's own discounts and vouchers."""
        return self.gross - self.discount - self.voucher

    @property
    def payout(self) -> D:
        """What a platform pays out: nothing for a cancelled order, the cost of a failed parcel."""
        if self.status == "completed":
            return self.amount - self.fee - self.shipping + self.charged
        return -self.shipping - self.reverse if self.status == "failed" else D(0)


@dataclass
class Made:
    """A file and the orders in it."""

    code: str
    orders: list[Order]
    rows: list[list[object]]
    header: list[str]
    above: list[list[object]] = field(default_factory=list)
    below: list[list[object]] = field(default_factory=list)
    sheet: str = "orders"

    def csv(self, path: Path, delimiter: str = ",") -> Path:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter)
        writer.writerows([*self.above, self.header, *([_flat(c) for c in r] for r in self.rows), *self.below])
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    def xlsx(self, path: Path, *, wrong_dimension: bool = False) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = self.sheet
        for row in [*self.above, self.header, *self.rows, *self.below]:
            sheet.append([None if c == "" else float(c) if isinstance(c, D) else c for c in row])
        book.save(path)
        if wrong_dimension:
            _break_dimension(path)
        return path


def _flat(cell: object) -> str:
    return "" if cell is None else str(cell)


def _break_dimension(path: Path) -> None:
    """Say that the sheet is one cell, as some exporters do."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', content)
            book.writestr(name, content)


def orders(
    prefix: str,
    n: int = 30,
    seed: int = 1,
    *,
    unit: D = SEN,
    scale: int = 1,
    fees: bool = True,
    month: int = 3,
) -> list[Order]:
    """Made orders: several lines, discounts, vouchers, a cancelled order, failed parcels."""
    chance = random.Random(seed)

    def money(low: float, high: float) -> D:
        return (D(str(chance.uniform(low, high))) * scale).quantize(unit)

    made = []
    for number in range(n):
        items = []
        for line in range(chance.choice((1, 1, 2, 3))):
            price, units = money(8, 90), chance.choice((1, 1, 2, 3))
            items.append(
                Item(
                    f"SKU-{chance.randrange(20):03d}-{line}",
                    price,
                    units,
                    chance.choice((D(0), money(0.5, 3))),
                    chance.choice((D(0), money(0.2, 2))),
                )
            )
        charged, status = money(2, 6), "completed"
        order = Order(
            f"{prefix}{number:04d}",
            datetime(2026, month, 1) + timedelta(days=number % 27, hours=9 + number % 9, minutes=number % 60),
            chance.randrange(12),
            tuple(items),
            voucher=chance.choice((D(0), money(0.5, 2))),
            platform_voucher=chance.choice((D(0), money(0.5, 2))),
            charged=charged,
            shipping=charged + chance.choice((D(0), money(0.5, 2))),
            fee=money(1, 5) if fees else D(0),
            cod=number % 5 == 0,
        )
        status = "failed" if number % 10 == 5 else "cancelled" if number % 10 == 7 else "completed"
        if status == "failed":
            order = replace(order, status="failed", cod=True, fee=D(0), reverse=money(1, 3))
        elif status == "cancelled":
            order = replace(order, status="cancelled", fee=D(0), shipping=charged, cod=False)
        made.append(order)
    return made


def user(number: int) -> str:
    return f"pembeli_{number:02d}"


def phone(number: int, country: str = "60") -> str:
    return f"{country}{'12' if country == '60' else '812'}3456{number:03d}"


def rupiah(value: D, mark: str = ".") -> str:
    return f"{int(value):,}".replace(",", mark)


def row(code: str, **cells: object) -> list[object]:
    """A row in the header's order; the names are the headers."""
    return [cells.get(h, "") for h in HEADERS[code]]
