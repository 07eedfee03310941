"""The tables a merchant can bring: columns, types, units, and what a missing value means.

This is the one place. The importer, the marts, the quality page and ``docs/DATA.md`` read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal["text", "timestamp", "date", "money", "number", "integer", "boolean"]

MONEY_PRECISION: Final = 18
MONEY_SCALE: Final = 4

IDENTIFIED_KINDS: Final = ("external", "reseller", "internal")
UNIDENTIFIED: Final = "unidentified"

GEO_PRECISIONS: Final = (
    "exact",
    "village",
    "subdistrict",
    "district",
    "postcode",
    "city",
    "region",
    "none",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``required`` columns must be mapped and filled; ``missing`` says what an empty cell means;
    ``allowed`` lists the codes a cell may hold after import (empty: anything).
    """

    name: str
    kind: Kind
    description: str
    unit: str = ""
    required: bool = False
    missing: str = "not known"
    allowed: tuple[str, ...] = ()
    personal: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, the key a later file replaces by, and rules across columns."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    any_of: tuple[str, ...] = ()

    @property
    def by_name(self) -> Mapping[str, Column]:
        return MappingProxyType({column.name: column for column in self.columns})

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def given(self) -> tuple[Column, ...]:
        """The columns a file can bring (not those Setia derives)."""
        return tuple(column for column in self.columns if not column.derived)


def _money(name: str, description: str, missing: str = "taken as 0") -> Column:
    return Column(name, "money", description, unit="currency of the line", missing=missing)


TRANSACTIONS: Final = Table(
    name="transactions",
    description="What was sold: one row per order line (or per order).",
    key=("order_id",),
    any_of=("order_id", "customer_id"),
    columns=(
        Column("ordered_at", "timestamp", "When the order was placed.", "local time", required=True),
        Column(
            "amount",
            "money",
            "Net total of the line: after discounts and seller vouchers, without tax, shipping, "
            "service charge and rounding, before returns; negative for a refund line. Where a "
            "file's total holds some of these, the mapping's ``amount_includes`` names them and "
            "the import takes them out.",
            "currency of the line",
            required=True,
        ),
        Column(
            "order_id",
            "text",
            "The order the line belongs to.",
            missing="an order is (customer, timestamp, store)",
        ),
        Column("customer_id", "text", "Who bought.", missing="a sale without a known customer"),
        Column(
            "member_number",
            "text",
            "Number on the buyer's card; where no customer is named, it names one.",
            personal=True,
        ),
        Column("product_id", "text", "Product or SKU."),
        Column("product_name", "text", "Name of the product."),
        Column("category", "text", "Product category."),
        Column("quantity", "number", "Units on the line.", "units", missing="taken as 1"),
        Column("returned_quantity", "number", "Units sent back.", "units", missing="taken as 0"),
        _money("unit_price", "Price of one unit.", missing="not known"),
        _money("gross", "List price of all units of the line, before any discount.", missing="not known"),
        _money("discount", "Seller's own discount, already taken off the amount."),
        _money("cost", "Cost of the goods on the line.", missing="margin is assumed per channel"),
        _money("tax", "Tax charged."),
        _money("service_charge", "Service charge."),
        _money("shipping_charged", "Shipping paid by the buyer."),
        _money("shipping_cost", "Shipping paid by the seller."),
        _money("platform_fee", "Commission and fees of the platform."),
        _money("seller_voucher", "Voucher paid by the seller."),
        _money("platform_discount", "Discount paid by the platform: it is no discount of the seller's."),
        _money("platform_voucher", "Voucher paid by the platform."),
        _money("rounding", "Rounding (5 sen)."),
        Column("currency", "text", "ISO 4217 code.", missing="the workspace's currency"),
        Column("channel", "text", "Where it was sold: shop, web, marketplace ..."),
        Column("store_id", "text", "The store that sold it."),
        Column(
            "status",
            "text",
            "What became of the order.",
            missing="completed",
            allowed=(
                "completed",
                "paid",
                "pending",
                "shipped",
                "delivered",
                "cancelled",
                "refunded",
                "failed",
            ),
        ),
        Column(
            "payment_method",
            "text",
            "How it was paid; ``cod`` is cash on delivery.",
        ),
        Column("courier", "text", "Who carried the parcel."),
        Column("shipped_at", "timestamp", "When the parcel left.", "local time"),
        Column("delivered_at", "timestamp", "When the parcel arrived.", "local time"),
        Column(
            "delivery_status",
            "text",
            "State of the parcel.",
            allowed=("pending", "shipped", "delivered", "failed", "returned"),
        ),
        Column("coupon_code", "text", "Coupon that was used.", missing="none"),
        Column("system", "text", "The system whose export the line comes from.", missing="a mapped file"),
        Column("order_id_derived", "boolean", "True where Setia made the order_id.", derived=True),
        Column("line_hash", "integer", "64-bit hash of the line's values.", derived=True),
    ),
)

CUSTOMERS: Final = Table(
    name="customers",
    description="Who buys: one row per customer.",
    key=("customer_id",),
    columns=(
        Column("customer_id", "text", "The customer.", required=True),
        Column("name", "text", "Name.", personal=True),
        Column("email", "text", "E-mail address.", personal=True),
        Column("phone", "text", "Telephone number.", personal=True),
        Column("joined_at", "timestamp", "When the customer registered.", "local time"),
        Column("birthday", "date", "Date of birth.", personal=True),
        Column(
            "kind",
            "text",
            "external, internal (staff) or reseller.",
            missing="external",
            allowed=("external", "internal", "reseller"),
        ),
        Column("member", "boolean", "Holds the loyalty card.", missing="no"),
        Column("member_since", "timestamp", "When the card was taken.", "local time"),
        Column("member_number", "text", "Number on the card.", personal=True),
        Column("tier", "text", "Tier of the card."),
        Column("postcode", "text", "Postcode, leading zeros kept."),
        Column("village", "text", "Village (kelurahan, desa, kampung)."),
        Column("subdistrict", "text", "Sub-district (kecamatan, mukim)."),
        Column("district", "text", "District (daerah; kabupaten or kota)."),
        Column("city", "text", "Town or city."),
        Column("region", "text", "State or province."),
        Column("country", "text", "ISO 3166 code or name.", missing="the workspace's country"),
        Column("lat", "number", "Latitude.", "degrees, WGS 84", missing="placed by name"),
        Column("lon", "number", "Longitude.", "degrees, WGS 84", missing="placed by name"),
        Column("acquisition_channel", "text", "What won the customer."),
        _money("acquisition_cost", "Cost to win this customer.", missing="not known"),
        Column(
            "do_not_profile",
            "boolean",
            "Does not want to be profiled: in no score and no list, in every total.",
            missing="no",
        ),
        Column(
            "geo_precision",
            "text",
            "What the coordinates stand for.",
            allowed=GEO_PRECISIONS,
            derived=True,
        ),
        Column("region_code", "text", "ISO 3166-2 code of the state or province.", derived=True),
    ),
)

SETTLEMENTS: Final = Table(
    name="settlements",
    description="What a platform paid out for an order, and what it kept.",
    key=("system", "order_id", "settled_at"),
    columns=(
        Column("order_id", "text", "The order that was paid out.", required=True),
        Column("system", "text", "The system whose settlement it is.", missing="a mapped file"),
        Column("settled_at", "timestamp", "When the money was released.", "local time", required=True),
        Column("amount", "money", "What was paid out.", "currency of the line", required=True),
        _money("gross", "What the platform counts as the order's sales.", missing="not known"),
        _money("platform_fee", "Commission and fees, taken off.", missing="not known"),
        _money("shipping", "Shipping that the seller bears, taken off.", missing="not known"),
        _money("voucher", "Vouchers that the seller bears, taken off.", missing="not known"),
        _money("tax", "Tax taken off.", missing="not known"),
        _money("other", "Anything else, added.", missing="not known"),
        Column("currency", "text", "ISO 4217 code.", missing="the workspace's currency"),
    ),
)

CONSENTS: Final = Table(
    name="consents",
    description="Who may be written to, by which channel, for what.",
    key=("customer_id", "channel", "purpose", "at"),
    columns=(
        Column("customer_id", "text", "The customer.", required=True),
        Column(
            "channel",
            "text",
            "email, whatsapp, sms, phone, post, push.",
            missing="a withdrawal is about every channel, an agreement about none",
        ),
        Column("purpose", "text", "marketing, service, profiling, all ...", missing="marketing"),
        Column(
            "state",
            "text",
            "Whether the customer agreed.",
            required=True,
            allowed=("granted", "withdrawn"),
        ),
        Column("at", "timestamp", "When it was said; the latest counts.", "local time"),
        Column("source", "text", "Where it was said."),
    ),
)

STORES: Final = Table(
    name="stores",
    description="Own stores and competitors.",
    key=("store_id",),
    columns=(
        Column("store_id", "text", "The store.", required=True),
        Column("name", "text", "Name of the store."),
        Column("lat", "number", "Latitude.", "degrees, WGS 84"),
        Column("lon", "number", "Longitude.", "degrees, WGS 84"),
        Column("owner", "text", "own or competitor.", missing="own", allowed=("own", "competitor")),
        Column("opened_on", "date", "First day of business."),
        Column("size_m2", "number", "Selling space.", "m²"),
        _money("rent", "Rent a month.", missing="not known"),
        Column("region_code", "text", "ISO 3166-2 code of the state or province.", derived=True),
    ),
)

FEEDBACK: Final = Table(
    name="feedback",
    description="What customers said.",
    key=("customer_id", "given_at", "kind"),
    columns=(
        Column("customer_id", "text", "The customer.", missing="anonymous feedback"),
        Column("given_at", "timestamp", "When it was given.", "local time", required=True),
        Column(
            "kind",
            "text",
            "nps 0-10, ces 1-7, csat 1-5, review 1-5.",
            required=True,
            allowed=("nps", "ces", "csat", "review"),
        ),
        Column("score", "number", "The score on that scale.", "points", required=True),
        Column("comment", "text", "What was written.", personal=True),
    ),
)

SPEND: Final = Table(
    name="spend",
    description="What marketing cost: one row per month, channel and kind.",
    key=("month", "channel", "kind"),
    columns=(
        Column("month", "date", "First day of the month.", required=True),
        Column("channel", "text", "Where it was spent.", required=True),
        Column(
            "kind",
            "text",
            "Winning or keeping customers.",
            missing="acquisition",
            allowed=("acquisition", "retention"),
        ),
        Column("amount", "money", "Money spent.", "workspace currency", required=True),
    ),
)

TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {t.name: t for t in (TRANSACTIONS, CUSTOMERS, SETTLEMENTS, CONSENTS, STORES, FEEDBACK, SPEND)}
)

MARTS: Final = (
    "orders",
    "order_categories",
    "customer_summary",
    "customer_month",
    "daily",
    "daily_category",
    "cohorts",
)
