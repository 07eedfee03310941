"""A sample merchant, put together: the tables a merchant would bring, and the truth behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sample import delivery as parcels
from data.sample import orders as sales
from data.sample.acquisition import Acquisition, acquisition, names
from data.sample.baskets import Lines, baskets, tastes
from data.sample.catalogue import Catalogue, catalogue
from data.sample.channels import CHANNELS, MASKED, SHOP, choose_channels, online_inclination
from data.sample.homes import Homes, homes
from data.sample.marketing import consents, coupons, spend
from data.sample.orders import Orders
from data.sample.parameters import DAYS, KINDS, Parameters, generator
from data.sample.people import Roster, customer_ids, customers, moments
from data.sample.places import Floats, Texts, Towns, towns
from data.sample.process import Latent, Purchases, draw_latent, draw_purchases
from data.sample.season import Season, flat, of_country
from data.sample.stores import Stores, attraction, choose_store, stores
from data.sample.truth import Truth, truth
from data.sample.voice import feedback
from data.schema import TABLES

SEED: Final = 20261122


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample merchant: ``tables`` by name, in the columns of the schema, and its ``truth``."""

    parameters: Parameters
    tables: dict[str, pd.DataFrame]
    truth: Truth


def make_sample(kind: str = "sample", seed: int = SEED, *, pure: bool = False) -> dict[str, pd.DataFrame]:
    """The tables of a sample merchant.

    Parameters
    ----------
    kind : str
        ``sample`` (a Malaysian chain) or ``sample-id`` (an Indonesian web shop).
    seed : int
        The same seed gives the same tables.
    pure : bool
        Leave the season out.

    Returns
    -------
    dict of DataFrame
        By table name; columns as in ``data.schema``, money with at most two decimals.

    Raises
    ------
    ValueError : there is no sample of that kind.
    """
    return make(kind, seed, pure=pure).tables


def make(kind: str = "sample", seed: int = SEED, *, pure: bool = False) -> Sample:
    """A sample merchant with its truth; parameters as in ``make_sample``."""
    if kind not in KINDS:
        raise ValueError(f"make() knows the samples {sorted(KINDS)}; got {kind!r}.")
    parameters = KINDS[kind]
    season = flat() if pure else of_country(parameters.country)
    return _Maker(parameters, season, seed, pure).make()


class _Maker:
    """The steps of making one sample; each draws from a generator of its own."""

    def __init__(self, parameters: Parameters, season: Season, seed: int, pure: bool) -> None:
        self.parameters, self.season, self.seed, self.pure = parameters, season, seed, pure
        self.country = parameters.country
        self.places: Towns = towns(self.country)
        self.chain: Stores = stores(parameters, self.places)
        self.products: Catalogue = catalogue(parameters)

    def make(self) -> Sample:
        latent = draw_latent(self.parameters, self.season, self._random("latent"))
        bought = draw_purchases(latent, self.parameters, self.season, self._random("purchases"))
        roster_entered = np.concatenate([latent.entered, self._other_entries()])
        home = homes(self.parameters, self.places, self.chain, roster_entered, self._random("homes"))
        won = acquisition(
            self.parameters, latent.rate, home.distance_km[: len(latent.rate)], self._random("won")
        )
        orders, courier, payment = self._orders(bought, home, won)
        latent = _as_seen(latent, orders)
        return self._tables(latent, home, won, orders, courier, payment)

    def _random(self, part: str) -> np.random.Generator:
        return generator(self.seed, f"{self.parameters.kind} {part}")

    def _other_entries(self) -> Floats:
        """When those joined who lie outside the process: never bought, staff, resellers."""
        p, random = self.parameters, self._random("others")
        registered = random.random(p.registered_only) * DAYS
        return np.concatenate([registered, np.zeros(p.staff + p.resellers)])

    def _orders(
        self, bought: Purchases, home: Homes, won: Acquisition
    ) -> tuple[Orders, NDArray[np.int64], Texts]:
        """All orders with their courier and payment."""
        known = sales.joined(self._process_orders(bought, home, won), *self._regulars())
        void = sales.void_orders(known, self.parameters, self._random("void"))
        receipts = sales.refund_receipts(known, self._random("receipts"))
        known = _at_opening_hours(sales.joined(known, void, receipts))
        courier = parcels.choose_couriers(self.country, known.channel, self._random("couriers"))
        payment = parcels.choose_payments(self.country, known.channel, self._random("payments"))
        known, courier, payment = self._with_failures(known, courier, payment, home)
        nobody = self._anonymous(known)
        paid = parcels.choose_payments(self.country, nobody.channel, self._random("paid"))
        sent = parcels.choose_couriers(self.country, nobody.channel, self._random("sent"))
        # Parcels without a known customer are paid in advance: no customer, no doorstep cash.
        paid[paid == parcels.CASH_ON_DELIVERY] = "transfer" if self.country == "ID" else "fpx"
        return _sorted(
            sales.concatenated(known, nobody),
            np.concatenate([courier, sent]),
            np.concatenate([payment, paid]),
        )

    def _anonymous(self, known: Orders) -> Orders:
        tills = self._random("tills").uniform(0.4, 1.8, len(self.chain.store_id))
        masked = np.array([MASKED.get(name, 0.0) for name in CHANNELS[self.country]])
        random = self._random("anonymous")
        drawn = sales.anonymous(known, tills, masked, self.parameters, self.season, random)
        return _at_opening_hours(drawn)

    def _process_orders(self, bought: Purchases, home: Homes, won: Acquisition) -> Orders:
        p, customer = self.parameters, bought.customer
        day = np.floor(bought.time).astype(np.int64)
        first = np.zeros(len(customer), dtype=bool)
        first[np.unique(customer, return_index=True)[1]] = True
        random = self._random("channels")
        inclination = online_inclination(p, won.source, home.distance_km[: p.customers], random)
        channel = choose_channels(p, inclination[customer], won.source[customer], first, day, random)
        pull = attraction(home.lat, home.lon, self.chain)
        store = choose_store(pull, customer, day, self.chain, self._random("stores"))
        nothing = np.zeros(len(customer), dtype=np.int64)
        store = np.where(channel == SHOP, store, -1)
        return Orders(customer, bought.time, bought.value, nothing, channel, store)

    def _regulars(self) -> tuple[Orders, Orders]:
        p, channels = self.parameters, CHANNELS[self.country]
        always_open = int((self.chain.opened <= 0).sum())
        own = (SHOP,) if self.country == "MY" else (channels.index("web"),)
        trade = (channels.index("whatsapp"), channels.index("web"))
        first = p.customers + p.registered_only
        mean = p.mean_order_value
        random = self._random("regulars")
        return (
            sales.regulars(first, p.staff, 17.0, 0.5 * mean, own, always_open, random),
            sales.regulars(first + p.staff, p.resellers, 34.0, 5.5 * mean, trade, always_open, random),
        )

    def _with_failures(
        self, known: Orders, courier: NDArray[np.int64], payment: Texts, home: Homes
    ) -> tuple[Orders, NDArray[np.int64], Texts]:
        """Add the cash-on-delivery parcels that came back."""
        zone = parcels.zones(self.country, self.places.region_code)[home.place]
        cod = np.flatnonzero((payment == parcels.CASH_ON_DELIVERY) & (known.outcome == sales.PURCHASE))
        chance = parcels.failure(self.country, courier[cod], zone[known.customer[cod]])
        lost, after = sales.failed_parcels(known.take(cod), chance, self._random("failed"))
        return (
            sales.concatenated(known, _at_opening_hours(lost)),
            np.concatenate([courier, courier[cod][after]]),
            np.concatenate([payment, payment[cod][after]]),
        )

    def _tables(
        self,
        latent: Latent,
        home: Homes,
        won: Acquisition,
        orders: Orders,
        courier: NDArray[np.int64],
        payment: Texts,
    ) -> Sample:
        p = self.parameters
        roster = self._roster(latent, home, orders)
        ids = customer_ids(roster.joined)
        others = len(ids) - p.customers
        source = np.concatenate([names(self.country)[won.source], np.full(others, "")])
        cost = np.concatenate([won.cost, np.full(others, np.nan)])
        people = customers(p, roster, ids, self.places, source, cost, self._random("people"))
        member = people.set_index("customer_id")["member"].reindex(ids).to_numpy(bool)
        parcel = self._parcels(orders, courier, payment, home)
        lines = self._lines(orders, len(ids), member)
        tables = {
            "transactions": self._transactions(orders, lines, parcel, ids),
            "customers": people,
            "consents": consents(people, self._random("consents")),
            "stores": self.chain.table,
            "feedback": feedback(p, orders, parcel, ids, home.distance_km, self._random("voice")),
            "spend": spend(
                p,
                latent.entered,
                source[: p.customers],
                won.cost,
                orders.day,
                orders.value,
                self._random("spend"),
            ),
        }
        hidden = truth(p, self.season, self.seed, self.pure, latent, home, ids, orders)
        return Sample(p, {name: _in_schema(name, table) for name, table in tables.items()}, hidden)

    def _roster(self, latent: Latent, home: Homes, orders: Orders) -> Roster:
        p = self.parameters
        n = len(home.place)
        known = orders.take((orders.customer >= 0) & (orders.outcome == sales.PURCHASE))
        last_year = known.time >= DAYS - 365
        spent = np.bincount(known.customer[last_year], known.value[last_year], minlength=n).astype(np.float64)
        kinds = ("external",) * (p.customers + p.registered_only) + ("internal",) * p.staff
        joined = np.concatenate([latent.entered, self._other_entries()])
        return Roster(
            kind=np.array(kinds + ("reseller",) * p.resellers, dtype=object),
            joined=joined,
            place=home.place,
            lat=home.lat,
            lon=home.lon,
            orders=np.bincount(known.customer, minlength=n),
            spent_last_year=spent,
        )

    def _parcels(
        self, orders: Orders, courier: NDArray[np.int64], payment: Texts, home: Homes
    ) -> parcels.Delivery:
        place = home.place[np.maximum(orders.customer, 0)]
        zone = parcels.zones(self.country, self.places.region_code)[place]
        random = self._random("deliveries")
        return parcels.deliveries(orders, courier, payment, zone, self.country, random)

    def _lines(self, orders: Orders, people: int, member: NDArray[np.bool_]) -> Lines:
        p = self.parameters
        holds = np.where(orders.customer >= 0, member[np.maximum(orders.customer, 0)], False)
        used = coupons(p, orders.day, holds, self._random("coupons"))
        liking = tastes(p, self.products, people, self._random("tastes"))
        return baskets(orders, p, self.products, liking, used, self._random("baskets"))

    def _transactions(
        self, orders: Orders, lines: Lines, parcel: parcels.Delivery, ids: Texts
    ) -> pd.DataFrame:
        """The table ``transactions``; Indonesian shops do not know the cost of their goods."""
        per_line = lines.order
        channel = np.array(CHANNELS[self.country], dtype=object)
        with_none = np.append(ids, "")
        courier_names = np.array([c.name for c in parcels.COURIERS[self.country]] + [""], dtype=object)
        products = self.products
        category = np.array([c.name for c in products.categories], dtype=object)
        return pd.DataFrame(
            {
                "ordered_at": moments(orders.time).to_numpy()[per_line],
                "amount": lines.amount,
                "order_id": order_numbers(orders, channel, self.chain.store_id)[per_line],
                "customer_id": with_none[orders.customer][per_line],
                "product_id": products.product_id[lines.product],
                "product_name": products.name[lines.product],
                "category": category[products.category[lines.product]],
                "quantity": lines.quantity,
                "returned_quantity": lines.returned,
                "unit_price": lines.unit_price,
                "discount": lines.discount,
                "cost": lines.cost if self.country == "MY" else np.full(len(per_line), np.nan),
                "tax": lines.tax,
                "shipping_charged": lines.shipping_charged,
                "shipping_cost": lines.shipping_cost,
                "platform_fee": lines.fee,
                "seller_voucher": lines.voucher,
                "platform_voucher": lines.platform_voucher,
                "rounding": lines.rounding,
                "currency": np.full(len(per_line), self.parameters.currency),
                "channel": channel[orders.channel][per_line],
                "store_id": np.append(self.chain.store_id, "")[orders.store][per_line],
                "status": parcel.status[per_line],
                "payment_method": parcel.payment[per_line],
                "courier": courier_names[parcel.courier][per_line],
                "shipped_at": moments(parcel.shipped).to_numpy()[per_line],
                "delivered_at": moments(parcel.delivered).to_numpy()[per_line],
                "delivery_status": parcel.delivery_status[per_line],
                "coupon_code": lines.coupon,
            }
        )


def order_numbers(orders: Orders, channel: Texts, store_id: Texts) -> Texts:
    """Receipt numbers by till (``01-000001``) and order numbers by channel (``WEB-0000001``)."""
    till = np.where(
        orders.channel == SHOP,
        np.append(store_id, "")[orders.store],
        np.array([str(name)[:3].upper() for name in channel], dtype=object)[orders.channel],
    )
    number = pd.Series(till).groupby(till).cumcount().to_numpy() + 1
    return np.array([f"{t}-{n:06d}" for t, n in zip(till, number, strict=True)], dtype=object)


def _as_seen(latent: Latent, orders: Orders) -> Latent:
    """The first purchase as the tables show it: at opening hours, not at the process's moment."""
    first = np.full(len(latent.rate), np.inf)
    process = (orders.customer >= 0) & (orders.customer < len(first))
    process &= orders.outcome == sales.PURCHASE
    np.minimum.at(first, orders.customer[process], orders.time[process])
    return replace(latent, entered=first)


def _at_opening_hours(orders: Orders) -> Orders:
    """Move each order within its day: shops open from 10 to 22, the web is quiet at night."""
    day = np.floor(orders.time)
    part = orders.time - day
    shop = np.interp(part, [0, 0.20, 0.40, 0.60, 0.88, 1], np.array([10, 12.5, 14, 17, 20.8, 21.98]) / 24)
    web = np.interp(part, [0, 0.05, 0.35, 0.60, 0.92, 1], np.array([0, 6.5, 13, 18, 22.6, 23.99]) / 24)
    return replace(orders, time=day + np.where(orders.channel == SHOP, shop, web))


def _sorted(
    orders: Orders, courier: NDArray[np.int64], payment: Texts
) -> tuple[Orders, NDArray[np.int64], Texts]:
    by_time = np.lexsort((orders.customer, orders.time))
    return orders.take(by_time), courier[by_time], payment[by_time]


def _in_schema(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The columns of the schema that the table has, in the schema's order; '' becomes missing."""
    columns = [column.name for column in TABLES[name].given if column.name in table.columns]
    ordered = table[columns].reset_index(drop=True)
    for column in TABLES[name].given:
        if column.kind == "text" and column.name in columns:
            values = ordered[column.name].astype("str")
            ordered[column.name] = values.mask(ordered[column.name].isna() | (values == ""))
    return ordered.dropna(axis="columns", how="all")
