"""Files as marketplaces and tills write them, of merchants and people that do not exist.

Every file has exactly the headers that the system writes, and its quirks; beside it stands the truth:
what each order brought, in Decimal, worked out from the made order and never from the file.
"""

from __future__ import annotations

import csv
import io
import random
import re
import tomllib
import zipfile
from collections.abc import Callable, Sequence
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


def shopee_id(kind: str = "orders", made: Sequence[Order] | None = None, *, mark: str = ".") -> Made:
    """Order files of Shopee Indonesia; ``mark`` is the thousands mark of the file's locale."""
    wanted = {"orders": ("completed",), "cancelled": ("cancelled",), "failed": ("failed",)}[kind]
    every = list(made or orders("2603SHP", unit=D(1), scale=1000, seed=11))
    chosen = [o for o in every if o.status in wanted]
    words = {"completed": "Selesai", "cancelled": "Batal", "failed": "Batal"}
    code, rows = f"shopee_id.{kind}", []
    for o in chosen:
        for i in o.items:
            net = i.price * i.units - i.seller - i.platform
            rows.append(
                row(
                    code,
                    **{
                        "No. Pesanan": o.number,
                        "Status Pesanan": words[o.status],
                        "Opsi Pengiriman": "SPX Standard",
                        "Waktu Pesanan Dibuat": f"{o.at:%Y-%m-%d %H:%M}",
                        "Metode Pembayaran": "COD (Bayar di Tempat)" if o.cod else "ShopeePay",
                        "Nama Produk": f"Barang {i.sku}",
                        "Nomor Referensi SKU": i.sku,
                        "Harga Awal": rupiah(i.price, mark),
                        "Harga Setelah Diskon": rupiah((net / i.units).quantize(D(1)), mark),
                        "Jumlah": i.units,
                        "Returned quantity": i.returned,
                        "Total Harga Produk": rupiah(net, mark),
                        "Total Diskon": rupiah(i.seller + i.platform, mark),
                        "Diskon Dari Penjual": rupiah(i.seller, mark),
                        "Diskon Dari Shopee": rupiah(i.platform, mark),
                        "Voucher Ditanggung Penjual": rupiah(o.voucher, mark),
                        "Cashback Koin": "0",
                        "Voucher Ditanggung Shopee": rupiah(o.platform_voucher, mark),
                        "Paket Diskon": "N",
                        "Paket Diskon (Diskon dari Shopee)": "0",
                        "Paket Diskon (Diskon dari Penjual)": "0",
                        "Potongan Koin Shopee": "0",
                        "Diskon Kartu Kredit": "0",
                        "Ongkos Kirim Dibayar oleh Pembeli": rupiah(o.charged, mark),
                        "Estimasi Potongan Biaya Pengiriman": "0",
                        "Ongkos Kirim Pengembalian Barang": rupiah(o.reverse, mark),
                        "Total Pembayaran": rupiah(o.amount + o.charged, mark),
                        "Dibayar Pembeli": rupiah(o.amount + o.charged, mark),
                        "Perkiraan Ongkos Kirim": rupiah(o.shipping, mark),
                        "Username (Pembeli)": user(o.buyer),
                        "Nama Penerima": "S****i",
                        "No. Telepon": "******12",
                        "Kota/Kabupaten": "KOTA BANDUNG",
                        "Provinsi": "JAWA BARAT",
                        "Waktu Pesanan Selesai": f"{o.at + timedelta(days=3):%Y-%m-%d %H:%M}"
                        if o.status == "completed"
                        else "",
                        "Alasan Pembatalan": "Ingin mengubah pesanan",
                        "Status pengiriman gagal": "Paket dikembalikan",
                    },
                )
            )
    above: list[list[object]] = [["Laporan Pesanan"]] if kind == "orders" else []
    return Made(code, chosen, rows, HEADERS[code], above=above)


def shopee_id_settlement(made: Sequence[Order] | None = None, *, mark: str = ".") -> Made:
    """The income file: the fees of each order, five rows above the header."""
    every = [o for o in made or orders("2603SHP", unit=D(1), scale=1000, seed=11) if o.status != "cancelled"]
    rows = []
    for o in every:
        part = (o.fee / 4).quantize(D(1))
        fees = [part, part, part, o.fee - 3 * part]
        names = ("Biaya Komisi AMS", "Biaya Administrasi", "Biaya Layanan", "Biaya Proses Pesanan")
        rows.append(
            row(
                "shopee_id.settlement",
                **{
                    "No. Pesanan": o.number,
                    "Username (Pembeli)": user(o.buyer),
                    "Tanggal Dana Dilepaskan": f"{o.at + timedelta(days=5):%Y-%m-%d}",
                    **{
                        name: f"-{rupiah(fee, mark)}" if fee else "0"
                        for name, fee in zip(names, fees, strict=True)
                    },
                    "Total Penghasilan": rupiah(o.payout, mark),
                },
            )
        )
    above: list[list[object]] = [
        ["Laporan Penghasilan"],
        ["Username (Penjual)", "toko_contoh"],
        ["Dari", "2026-03-01"],
        ["ke", "2026-03-31"],
        [],
    ]
    return Made(
        "shopee_id.settlement", every, rows, HEADERS["shopee_id.settlement"], above=above, sheet="Income"
    )


def shopee_my(made: Sequence[Order] | None = None) -> Made:
    """Shopee Malaysia: the fees stand in the order file, once an order, repeated on its lines."""
    code, rows = "shopee_my.orders", []
    every = list(made or orders("2603MY", seed=12))
    words = {"completed": "Completed", "cancelled": "Cancelled", "failed": "Failed Delivery"}
    for o in every:
        for i in o.items:
            net = i.price * i.units - i.seller - i.platform
            part = (o.fee / 3).quantize(D("0.01"))
            rows.append(
                row(
                    code,
                    **{
                        "Order ID": o.number,
                        "Order Type": "Normal Order",
                        "Order Status": words[o.status],
                        "Shipping Option": "SPX Express",
                        "Order Creation Date": f"{o.at:%Y-%m-%d %H:%M}",
                        "Product Name": f"Barang {i.sku}",
                        "SKU Reference No.": i.sku,
                        "Original Price": f"{i.price:.2f}",
                        "Deal Price": f"{net / i.units:.2f}",
                        "Quantity": i.units,
                        "Returned quantity": i.returned,
                        "Product Subtotal": f"{net:,.2f}",
                        "Seller Rebate": "0.00",
                        "Seller Discount": f"{i.seller:.2f}",
                        "Shopee Rebate": f"{i.platform:.2f}",
                        "Discount Voucher Amount Sponsored by Seller": f"{o.voucher:.2f}",
                        "Coin Cashback Voucher Amount Sponsored by Seller": "0.00",
                        "Discount Voucher Amount Sponsored by Shopee": f"{o.platform_voucher:.2f}",
                        "Bundle Deal Indicator": "N",
                        "Shopee Bundle Discount": "0.00",
                        "Seller Bundle Discount": "0.00",
                        "Coin Cashback Voucher Amount Sponsored by Shopee": "0.00",
                        "Credit Card Discount Total": "0.00",
                        "Total Amount": f"{o.amount + o.charged:.2f}",
                        "Buyer Paid Shipping Fee": f"{o.charged:.2f}",
                        "Shipping Rebate Estimate": "0.00",
                        "Reverse Shipping Fee": f"{o.reverse:.2f}",
                        "Transaction Fee": f"{part:.2f}",
                        "Commission Fee": f"{part:.2f}",
                        "Service Fee": f"{o.fee - 2 * part:.2f}",
                        "Grand Total": f"{o.payout:.2f}",
                        "Estimated Shipping Fee": f"{o.shipping:.2f}",
                        "Username (Buyer)": user(o.buyer),
                        "Receiver Name": "N****",
                        "Phone Number": "*****78",
                        "District": "Petaling",
                        "City": "Shah Alam",
                        "Province": "Selangor",
                        "Country": "MY",
                        "Zip Code": "40100",
                    },
                )
            )
    return Made(code, every, rows, HEADERS[code])


def tiktok(made: Sequence[Order] | None = None, *, us: bool = False) -> Made:
    """TikTok Shop: a row of descriptions, trailing tabs, long ids, failed parcels told by their reason."""
    code = "tiktok.orders"
    every = list(made or orders("5761234567890", unit=D(1), scale=1000, seed=13))
    words = {"completed": "Selesai", "cancelled": "Dibatalkan", "failed": "Dibatalkan"}
    reasons = {"failed": "Pengiriman paket gagal", "cancelled": "Berubah pikiran"}
    style = "%m/%d/%Y %I:%M:%S %p" if us else "%d/%m/%Y %H:%M:%S"
    rows = [row(code, **{"Order ID": "Platform unique order ID.", "Order Status": "Current order status."})]
    for o in every:
        for i in o.items:
            rows.append(
                row(
                    code,
                    **{
                        "Order ID": f"{o.number}\t",
                        "Order Status": words[o.status],
                        "Order Substatus": words[o.status],
                        "Seller SKU": f"{i.sku}\t",
                        "Product Name": f"Barang {i.sku}",
                        "Quantity": i.units,
                        "Sku Quantity of return": i.returned,
                        "SKU Unit Original Price": int(i.price),
                        "SKU Subtotal Before Discount": int(i.price * i.units),
                        "SKU Platform Discount": int(i.platform),
                        "SKU Seller Discount": int(i.seller + (o.voucher if i is o.items[0] else 0)),
                        "SKU Subtotal After Discount": int(
                            i.price * i.units - i.platform - i.seller - (o.voucher if i is o.items[0] else 0)
                        ),
                        "Shipping Fee After Discount": int(o.charged),
                        "Original Shipping Fee": int(o.shipping + o.reverse),
                        "Shipping Fee Seller Discount": 0,
                        "Shipping Fee Platform Discount": 0,
                        "Payment platform discount": int(o.platform_voucher),
                        "Order Amount": int(o.amount + o.charged),
                        "Created Time": f"{o.at.strftime(style)}\t",
                        "Delivered Time": f"{(o.at + timedelta(days=3)).strftime(style)}\t"
                        if o.status == "completed"
                        else "",
                        "Cancel Reason": reasons.get(o.status, ""),
                        "Fulfillment Type": "Dikirim oleh penjual",
                        "Shipping Provider Name": "J&T Express",
                        "Buyer Username": user(o.buyer),
                        "Recipient": "R***i",
                        "Phone #": "(+62)812*****12",
                        "Zipcode": "40111",
                        "Country": "Indonesia",
                        "Province": "Jawa Barat",
                        "Regency and City": "Kota Bandung",
                        "Districts": "Coblong",
                        "Villages": "Dago",
                        "Payment Method": "Bayar di tempat" if o.cod else "GoPay",
                        "Product Category": "Rumah Tangga",
                    },
                )
            )
    return Made(code, every, rows, HEADERS[code], sheet="OrderSKUList")


def tiktok_settlement(made: Sequence[Order] | None = None) -> Made:
    """What TikTok Shop paid out: fees are negative."""
    every = [
        o for o in made or orders("5761234567890", unit=D(1), scale=1000, seed=13) if o.status != "cancelled"
    ]
    rows = [
        row(
            "tiktok.settlement",
            **{
                "Order/adjustment ID": o.number,
                "Type": "Order",
                "Order created time": f"{o.at:%Y/%m/%d}",
                "Order settled time": f"{o.at + timedelta(days=6):%Y/%m/%d}",
                "Currency": "IDR",
                "Total settlement amount": int(o.payout),
                "Total revenue": int(o.payout + o.fee),
                "Total fees": -int(o.fee),
            },
        )
        for o in every
    ]
    return Made("tiktok.settlement", every, rows, HEADERS["tiktok.settlement"], sheet="Order details")


def tokopedia(made: Sequence[Order] | None = None, *, spelled: bool = False) -> Made:
    """Tokopedia before the merger: four rows above; one header over a date and a time."""
    code = "tokopedia.orders"
    every = list(made or orders("INV/20260301/MPL/", unit=D(1), scale=1000, seed=14, fees=False))
    every = [replace(o, shipping=o.charged, platform_voucher=D(0), reverse=D(0)) for o in every]
    words = {"completed": "Pesanan Selesai", "cancelled": "Dibatalkan Penjual", "failed": "Pengiriman Gagal"}
    rows: list[list[object]] = []
    header: list[str] = []
    for h in HEADERS[code]:
        pair = h.startswith("Tanggal/Waktu")
        rest = h.removeprefix("Tanggal/Waktu ")
        header += [f"Tanggal {rest}", f"Waktu {rest}"] if pair and spelled else [h, ""] if pair else [h]
    for n, o in enumerate(every):
        for i in o.items:
            each = i.seller / i.units
            unit = each.quantize(D(1))
            cells = {
                "Nomor": n + 1,
                "Nomor Invoice": o.number,
                "Tanggal Pembayaran": f"{o.at:%d-%m-%Y %H:%M:%S}",
                "Status Terakhir": words[o.status],
                "Nama Produk": f"Barang {i.sku}",
                "Nomor SKU": i.sku,
                "Jumlah Produk Dibeli": i.units,
                "Harga Awal (IDR)": int(i.price),
                "Diskon Produk (IDR)": int(unit),
                "Harga Jual (IDR)": int(i.price - unit),
                "Jumlah Subsidi Tokopedia (IDR)": int(i.platform),
                "Nilai Kupon Toko Terpakai (IDR)": int(o.voucher),
                "Total Biaya Pengiriman (IDR)": int(o.charged),
                "Nama Pembeli": "Sari Contoh",
                "No Telp Pembeli": phone(o.buyer, "62"),
                "Kota": "Kota Bandung",
                "Provinsi": "Jawa Barat",
                "Nama Kurir": "SiCepat",
                "COD": "Ya" if o.cod else "Tidak",
                "Jumlah Produk Yang Dikurangkan": 0,
                "Diskon Penawaran Terpakai (IDR)": 0,
            }
            line: list[object] = []
            for h in HEADERS[code]:
                line.append(cells.get(h, ""))
                if h.startswith("Tanggal/Waktu"):
                    done = (
                        o.at + timedelta(days=2)
                        if "Dibatalkan" not in h and o.status == "completed"
                        else None
                    )
                    line[-1] = f"{done:%d-%m-%Y}" if done else ""
                    line.append(f"{done:%H:%M:%S}" if done else "")
            rows.append(line)
    every = [
        replace(
            o, items=tuple(replace(i, seller=(i.seller / i.units).quantize(D(1)) * i.units) for i in o.items)
        )
        for o in every
    ]
    above: list[list[object]] = [["Laporan Penjualan"], ["Toko Contoh"], ["01-03-2026 - 31-03-2026"], []]
    return Made(code, every, rows, header, above=above, sheet="Laporan Penjualan")


def _whole_discount(item: Item) -> Item:
    """The discount as the file tells it: whole rupiah a unit."""
    return replace(item, seller=(item.seller / item.units).quantize(D(1)) * item.units)


def lazada(made: Sequence[Order] | None = None) -> Made:
    """Lazada: a row a unit, numbers for phones and postcodes, full-width commas, negative discounts."""
    code = "lazada.orders"
    every = [
        replace(
            o,
            voucher=D(0),
            platform_voucher=D(0),
            shipping=o.charged,
            fee=D(0),
            reverse=D(0),
            items=tuple(replace(i, platform=D(0)) for i in o.items),
        )
        for o in made or orders("3300900", seed=15, fees=False)
    ]
    words = {"completed": "delivered", "cancelled": "canceled", "failed": "shipped_back_success"}
    rows, real = [], []
    for o in every:
        units = [(i, n) for i in o.items for n in range(i.units)]
        fees = [(o.charged / len(units)).quantize(D("0.01"))] * len(units)
        fees[-1] = o.charged - sum(fees[:-1])
        items = []
        for k, ((i, _), fee) in enumerate(zip(units, fees, strict=True)):
            off = (i.seller / i.units).quantize(D("0.01"))
            items.append(Item(i.sku, i.price, 1, off))
            rows.append(
                row(
                    code,
                    orderItemId=f"{o.number}{k:03d}",
                    orderType="Normal",
                    sellerSku=i.sku,
                    createTime=f"{o.at:%d %b %Y %H:%M}",
                    orderNumber=int(o.number),
                    deliveredDate="",
                    customerName="Nur C.",
                    shippingName="Nur Contoh",
                    shippingPhone=int(phone(o.buyer)[1:]),
                    shippingCity="Johor Bahru，Johor",
                    shippingPostCode=1000,
                    shippingRegion="Perlis",
                    payMethod="COD" if o.cod else "MIXEDCARD",
                    paidPrice=i.price - off + fee,
                    unitPrice=i.price,
                    sellerDiscountTotal=-off,
                    shippingFee=fee,
                    itemName=f"Barang，{i.sku}",
                    shippingProvider="LEX MY",
                    status=words[o.status],
                    bundleDiscount=D(0),
                    refundAmount="",
                )
            )
        real.append(replace(o, items=tuple(items)))
    return Made(code, real, rows, HEADERS[code], sheet="sheet1")


def loyverse(
    kind: str = "receipts", made: Sequence[Order] | None = None, *, style: str = "%d/%m/%Y %H:%M"
) -> Made:
    """Loyverse: ids like 1-0003, refunds negative, a cancelled receipt, most buyers unknown."""
    code = f"loyverse.{kind}"
    every = []
    for n, o in enumerate(made or orders("", seed=16, fees=False)):
        tax = ((o.gross - o.discount) * D("0.06")).quantize(D("0.01"))
        total = o.gross - o.discount + tax
        cents = (total * 20).quantize(D(1)) / 20 - total if kind == "receipts" else D(0)
        every.append(
            replace(
                o,
                number=f"1-{n + 1:04d}",
                voucher=D(0),
                platform_voucher=D(0),
                charged=D(0),
                shipping=D(0),
                reverse=D(0),
                tax=tax,
                rounding=cents,
                cod=False,
                status="cancelled" if o.status == "cancelled" else "completed",
                items=tuple(replace(i, platform=D(0)) for i in o.items),
            )
        )
    rows = []
    for n, o in enumerate(every):
        sign = -1 if n == 3 else 1
        known = o.buyer < 3
        shared = {
            "Date": f"{o.at.strftime(style)}",
            "Receipt number": o.number,
            "Receipt type": "Refund" if sign < 0 else "Sale",
            "Payment type": "Cash",
            "POS": "POS 1",
            "Store": "Kedai Klang",
            "Customer name": "Aisyah Contoh" if known else "",
            "Customer contacts": f"+{phone(o.buyer)}, contoh{o.buyer}@example.com" if known else "",
            "Status": "Cancelled" if o.status == "cancelled" else "Closed",
        }
        lines = [None] if kind == "receipts" else list(o.items)
        taxed = D(0)
        for at, i in enumerate(lines):
            gross = o.gross if i is None else i.price * i.units
            off = o.discount if i is None else i.seller
            tax = o.tax if i is None else (gross - off) / (o.gross - o.discount) * o.tax
            tax = o.tax - taxed if i is not None and at == len(lines) - 1 else tax.quantize(D("0.01"))
            taxed += tax
            cost = (gross * D("0.5")).quantize(D("0.01"))
            extra = {
                "Gross sales": f"{sign * gross:.2f}",
                "Discounts": f"{sign * off:.2f}",
                "Net sales": f"{sign * (gross - off):.2f}",
                "Taxes": f"{sign * tax:.2f}",
                "Total collected": f"{sign * (gross - off + tax + o.rounding):.2f}",
                "Cost of goods": f"{sign * cost:.2f}",
                "Gross profit": f"{sign * (gross - off - cost):.2f}",
            }
            if i is not None:
                extra |= {
                    "Item": f"Barang {i.sku}",
                    "SKU": i.sku,
                    "Category": "Kopi",
                    "Quantity": f"{sign * i.units:.3f}",
                }
            rows.append(row(code, **shared, **extra))
    return Made(code, every, rows, HEADERS[code])


def moka(made: Sequence[Order] | None = None) -> Made:
    """Moka: dd-mm-yyyy, PB1 and a service charge, a refund event, a row "Grand Total"."""
    code, rows, every = "moka.receipts", [], []
    for n, o in enumerate(made or orders("", unit=D(1), scale=1000, seed=17, fees=False)):
        net = o.gross - o.discount
        service, tax = (net * D("0.05")).quantize(D(1)), (net * D("0.10")).quantize(D(1))
        o = replace(
            o,
            number=f"MK{n:05d}",
            voucher=D(0),
            platform_voucher=D(0),
            charged=D(0),
            shipping=D(0),
            reverse=D(0),
            status="completed",
            tax=tax,
            service=service,
            rounding=D(100) - (net + service + tax) % 100,
            cod=False,
            items=tuple(replace(i, platform=D(0)) for i in o.items),
        )
        every.append(o)
        refund = n == 4
        sign = -1 if refund else 1
        total = net + service + tax + o.rounding
        rows.append(
            row(
                code,
                **{
                    "Outlet": "Dago",
                    "Date": f"{o.at:%d-%m-%Y}",
                    "Time": f"{o.at:%H:%M:%S}",
                    "Gross Sales": 0 if refund else rupiah(o.gross),
                    "Discounts": 0 if refund else f"-{rupiah(o.discount)}",
                    "Refunds": rupiah(net) if refund else 0,
                    "Net Sales": f"{'-' if refund else ''}{rupiah(net)}",
                    "Gratuity": f"{'-' if refund else ''}{rupiah(service)}",
                    "Tax": f"{'-' if refund else ''}{rupiah(tax)}",
                    "Total Collected": f"{'-' if refund else ''}{rupiah(total)}",
                    "Receipt Number": o.number,
                    "Collected By": "Kasir",
                    "Customer": "Budi Contoh" if o.buyer < 4 else "",
                    "Customer Phone": phone(o.buyer, "62") if o.buyer < 4 else "",
                    "Items": "Kopi Susu x 2, Roti Bakar",
                    "Payment Method": "QRIS",
                    "Event Type": "Refund" if refund else "Payment",
                    "Reason of Refund": "Salah pesan" if refund else "",
                },
            )
        )
        assert sign
    below: list[list[object]] = [["Grand Total", "", "", "1.000.000", *[""] * 15]]
    return Made(code, every, rows, HEADERS[code], below=below)


def easystore(made: Sequence[Order] | None = None) -> Made:
    """EasyStore: a row a payment; order data on the first row only."""
    code, rows, every = "easystore.orders", [], []
    for n, o in enumerate(made or orders("#", seed=18, fees=False)):
        total = o.amount
        o = replace(
            o,
            number=f"#{1001 + n}",
            items=(Item("", total),),
            voucher=D(0),
            charged=D(0),
            shipping=D(0),
            platform_voucher=D(0),
        )
        o = replace(
            o, status="cancelled" if o.status == "cancelled" else "completed", cod=False, reverse=D(0)
        )
        every.append(o)
        first = {
            "Order Number": o.number,
            "Date": f"{o.at:%Y-%m-%d %H:%M:%S}",
            "Channel": "Online store",
            "Total Amount": f"{total:.2f}",
            "Order Status": "Cancelled" if o.status == "cancelled" else "Open",
            "Financial Status": "Paid",
        }
        for payment in range(2 if n % 4 == 0 else 1):
            facts = {"Transaction status": "Success", "Transaction date": f"{o.at:%Y-%m-%d}"}
            rows.append(row(code, **(first if payment == 0 else {}), **facts))
    return Made(code, every, rows, HEADERS[code])


def shopify(made: Sequence[Order] | None = None) -> Made:
    """Shopify: totals on the first line of an order only; a postcode with an apostrophe."""
    code, rows, every = "shopify.orders", [], []
    for n, o in enumerate(made or orders("#", seed=19, fees=False)):
        tax = ((o.gross - o.discount - o.voucher) * D("0.08")).quantize(D("0.01"))
        o = replace(
            o,
            number=f"#{2001 + n}",
            tax=tax,
            shipping=D(0),
            reverse=D(0),
            cod=False,
            platform_voucher=D(0),
            status="completed" if o.status != "cancelled" else "cancelled",
            items=tuple(replace(i, platform=D(0)) for i in o.items),
        )
        every.append(o)
        for at, i in enumerate(o.items):
            cells: dict[str, object] = {
                "Name": o.number,
                "Lineitem quantity": i.units,
                "Lineitem name": f"Barang {i.sku}",
                "Lineitem price": f"{i.price:.2f}",
                "Lineitem sku": i.sku,
                "Vendor": "Contoh",
            }
            if at == 0:
                cells |= {
                    "Email": f"contoh{o.buyer}@example.com",
                    "Financial Status": "voided" if o.status == "cancelled" else "paid",
                    "Fulfillment Status": "fulfilled",
                    "Accepts Marketing": "no",
                    "Currency": "MYR",
                    "Subtotal": f"{o.amount:.2f}",
                    "Shipping": f"{o.charged:.2f}",
                    "Taxes": f"{o.tax:.2f}",
                    "Total": f"{o.amount + o.charged + o.tax:.2f}",
                    "Discount Amount": f"{o.discount + o.voucher:.2f}",
                    "Created at": f"{o.at:%Y-%m-%d %H:%M:%S} +0800",
                    "Billing Name": "Mei Contoh",
                    "Shipping Zip": "'01000",
                    "Shipping City": "Kangar",
                    "Refunded Amount": "0.00",
                    "Phone": f"'+{phone(o.buyer)}",
                }
            rows.append(row(code, **cells))
    return Made(code, every, rows, HEADERS[code])


FILES: dict[str, Callable[[], Made]] = {
    "shopee_id.orders": shopee_id,
    "shopee_id.cancelled": lambda: shopee_id("cancelled"),
    "shopee_id.failed": lambda: shopee_id("failed"),
    "shopee_id.settlement": shopee_id_settlement,
    "shopee_my.orders": shopee_my,
    "tiktok.orders": tiktok,
    "tiktok.settlement": tiktok_settlement,
    "tokopedia.orders": tokopedia,
    "lazada.orders": lazada,
    "loyverse.receipts": loyverse,
    "loyverse.items": lambda: loyverse("items"),
    "moka.receipts": moka,
    "easystore.orders": easystore,
    "shopify.orders": shopify,
}
