"""Customers made up for the tests: how they are resolved without files, and a population with known truth."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import duckdb
import pyarrow as pa

from data.people import keys, names, normal
from data.people.decisions import Decisions
from data.people.resolve import Found, resolve

KEY = b"a key of the tests, 32 bytes long"


@dataclass(frozen=True)
class Record:
    """A customer id with what is known of it."""

    customer_id: str
    phone: str | None = None
    email: str | None = None
    name: str | None = None
    member_number: str | None = None


@dataclass(frozen=True)
class Resolved:
    """The people that were found."""

    person: dict[str, str]
    reason: dict[str, str]
    found: Found

    @property
    def groups(self) -> set[frozenset[str]]:
        """Who is together, whatever they are called."""
        by_person: dict[str, set[str]] = defaultdict(set)
        for customer_id, person_id in self.person.items():
            by_person[person_id].add(customer_id)
        return {frozenset(members) for members in by_person.values()}

    def of(self, customer_id: str) -> str:
        """The person's id; the customer's own where nobody was merged."""
        return self.person.get(customer_id, customer_id)


def resolved(
    records: Sequence[Record],
    decisions: Decisions = Decisions(),  # noqa: B008  frozen
    before: Resolved | None = None,
    country: str = "MY",
) -> Resolved:
    """Resolve records as an import would, normalised by the functions the engine's SQL is tested against."""
    values = {
        "phone": lambda r: normal.phone(r.phone, country),
        "email": lambda r: normal.email(r.email),
        "member_number": lambda r: normal.member_number(r.member_number),
        "account": lambda r: normal.account(r.customer_id),
    }
    rows = [
        (r.customer_id, f"account:{value.partition(':')[0]}" if kind == "account" else kind, value, kind)
        for r in records
        for kind, written in values.items()
        if (value := written(r))
    ]
    hashed = {
        "customer_id": [row[0] for row in rows],
        "kind": [row[1] for row in rows],
        "value": [keys.number(KEY, row[3], row[2]) for row in rows],
    }
    connection = _connection()
    connection.register("hashed", pa.table(hashed, _HASHED))
    ids, called = [r.customer_id for r in records], [r.name for r in records]
    connection.register("called", pa.table({"customer_id": ids, "name": called}, _CALLED))
    connection.execute(
        "CREATE OR REPLACE TABLE seen AS SELECT DISTINCT * FROM ("
        "SELECT *, NULL::BIGINT[] AS tokens FROM hashed UNION ALL "
        f"SELECT customer_id, 'name', NULL, tokens FROM ({names.tokens_query('FROM called')}))"
    )
    known = before.person if before else {}
    had = {"customer_id": list(known), "person_id": list(known.values())}
    connection.register("before", pa.table(had, _BEFORE))
    found = resolve(connection, "seen", decisions, lambda column: keys.sql("id", column), "before", "called")
    held = connection.execute("SELECT customer_id, person_id, reason FROM people").fetchall()
    return Resolved({c: p for c, p, _ in held}, {p: reason for _, p, reason in held}, found)


_HASHED = pa.schema([("customer_id", pa.string()), ("kind", pa.string()), ("value", pa.int64())])
_CALLED = pa.schema([("customer_id", pa.string()), ("name", pa.string())])
_BEFORE = pa.schema([("customer_id", pa.string()), ("person_id", pa.string())])


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect(config={"threads": 1})
    keys.prepare(made, KEY)
    return made


MALAY = (
    "Aisyah",
    "Farid",
    "Nurul",
    "Hafiz",
    "Siti",
    "Azlan",
    "Zainab",
    "Ikhwan",
    "Rosnah",
    "Syafiq",
    "Amirul",
)
FATHERS = (
    "Abu",
    "Rahman",
    "Ismail",
    "Yusof",
    "Osman",
    "Salleh",
    "Hamid",
    "Karim",
    "Idris",
    "Zakaria",
    "Latif",
)
CHINESE = ("Wei Ming", "Li Ting", "Jia Hui", "Chee Keong", "Mei Ling", "Kok Wai", "Siew Lan", "Yong Sheng")
FAMILIES = ("Tan", "Lim", "Lee", "Wong", "Chong", "Ng", "Goh", "Teoh", "Ong", "Chan")
JAVANESE = (
    "Dewi",
    "Budi",
    "Sri",
    "Agus",
    "Putri",
    "Rizky",
    "Wahyu",
    "Indah",
    "Eko",
    "Fitri",
    "Yudi",
    "Ratna",
)
SURNAMES = ("Lestari", "Santoso", "Wijaya", "Saputra", "Handayani", "Nugroho", "Hidayat", "Kusuma", "Pratiwi")


def population(people: int, seed: int) -> tuple[list[Record], dict[str, int]]:
    """Customers of seven systems, and who each of them really is.

    One in twelve uses the phone of somebody at home, one in fifteen has a second address, one in
    twenty a second phone, one in forty two accounts in one system; spellings differ, cashiers write
    short names, marketplaces mask, tills keep placeholders and the shop's own phone.
    """
    chance = random.Random(seed)
    records: list[Record] = []
    truth: dict[str, int] = {}
    phones: list[str] = []
    for person in range(people):
        name = _name(chance)
        phone, address = _phone(chance), _address(name, person, chance)
        if phones and chance.random() < 1 / 12:
            phone = chance.choice(phones[-3:])
        phones.append(phone)
        second_phone = _phone(chance) if chance.random() < 0.05 else phone
        second_address = _address(name, person + people, chance) if chance.random() < 1 / 15 else address
        systems = chance.sample(SYSTEMS, min(len(SYSTEMS), 1 + int(chance.expovariate(0.9))))
        if chance.random() < 0.025:
            systems.append(systems[0])
        for number, system in enumerate(systems):
            used = second_phone if number % 2 else phone
            written = second_address if number % 3 == 2 else address
            record = _record(system, person, number, name, used, written, chance)
            records.append(record)
            truth[record.customer_id] = person
    chance.shuffle(records)
    return records, truth


SYSTEMS = ("shopee_my", "lazada", "tiktok", "shopify", "loyverse", "moka", "")


def _record(
    system: str, person: int, number: int, name: str, phone: str, email: str, chance: random.Random
) -> Record:
    customer_id = f"{system}:u{person}x{number}" if system else f"M{person:06d}{number}"
    if system in ("loyverse", "moka"):
        name = name.split()[0] if chance.random() < 0.15 else name
        if chance.random() < 0.06:
            return Record(customer_id, chance.choice(("0000000000", "123456", "03-7728 1234")), None, name)
        return Record(customer_id, _spelt(phone, chance), None, name)
    if system == "tiktok":
        masked = chance.random() < 0.5
        hidden = Record(customer_id, "(+60)12*****89", None, "S***i")
        return hidden if masked else Record(customer_id, _spelt(phone, chance), None, name)
    if system == "shopee_my":
        masked = chance.random() < 0.4
        return Record(
            customer_id,
            "****" if masked else _spelt(phone, chance),
            email if chance.random() < 0.2 else None,
            "****" if masked else name,
        )
    if system == "lazada":
        return Record(
            customer_id, phone.removeprefix("0"), email if chance.random() < 0.7 else None, name.upper()
        )
    return Record(
        customer_id, _spelt(phone, chance) if chance.random() < 0.8 else None, email.capitalize(), name
    )


def _name(chance: random.Random) -> str:
    which = chance.random()
    if which < 0.45:
        first = chance.choice(("", "", "Muhammad ", "Nur ")) + chance.choice(MALAY)
        return f"{first} {chance.choice(('bin', 'binti'))} {chance.choice(FATHERS)}"
    if which < 0.75:
        return f"{chance.choice(FAMILIES)} {chance.choice(CHINESE)}"
    return f"{chance.choice(JAVANESE)} {chance.choice(SURNAMES)}"


def _phone(chance: random.Random) -> str:
    if chance.random() < 0.7:
        return f"01{chance.choice('2346789')}{chance.randrange(10**7):07d}"
    return f"08{chance.choice(('12', '13', '57', '78'))}{chance.randrange(10**7):07d}"


def _spelt(phone: str, chance: random.Random) -> str:
    code, bare = ("60" if phone[1] == "1" else "62"), phone[1:]
    return chance.choice(
        (
            phone,
            bare,
            f"+{code}{bare}",
            f"{code}{bare}",
            f"{code}{bare[:2]}-{bare[2:]}",
            f"0{bare[:2]}-{bare[2:5]} {bare[5:]}",
            f"'{phone}",
            f"{bare}.0",
        )
    )


def _address(name: str, number: int, chance: random.Random) -> str:
    local = name.lower().replace(" ", chance.choice((".", "", "_")))
    return f"{local}{number}@{chance.choice(('gmail.com', 'yahoo.com', 'hotmail.com'))}"


def scores(
    records: Iterable[Record], truth: dict[str, int], found: Resolved, country: str = "MY"
) -> tuple[float, float]:
    """Precision and recall over pairs of records.

    Recall is over the pairs of one person that share an unmasked value, directly or through other
    records of the same person: what nobody wrote down cannot be found.
    """
    true = _pairs(_findable(records, truth, country))
    said = _pairs(found.groups)
    right = sum(truth[a] == truth[b] for a, b in said)
    return right / len(said), len(said & true) / len(true)


def _pairs(groups: Iterable[frozenset[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def _findable(records: Iterable[Record], truth: dict[str, int], country: str) -> set[frozenset[str]]:
    """Records of one person, joined where they share a value that is written out."""
    parent: dict[object, object] = {}

    def root(node: object) -> object:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for record in records:
        person = truth[record.customer_id]
        for value in (normal.phone(record.phone, country), normal.email(record.email)):
            if value is not None:
                parent[root((person, value))] = root(record.customer_id)
    groups: dict[object, set[str]] = defaultdict(set)
    for customer_id in truth:
        groups[root(customer_id)].add(customer_id)
    return {frozenset(group) for group in groups.values() if len(group) > 1}
