"""How one identity is written in one way, and which values are nobody's identity.

Each rule stands once, as regular expressions that Python and DuckDB (RE2) read alike; the SQL of a
column and the Python function of one value are made from the same rules.

- Telephone (Malaysia and Indonesia; ITU-T E.164, the plans of MCMC and Kominfo): spaces, dashes, dots and
  brackets go; a country code may be written ``+``, ``00`` or not at all; a leading zero may be missing,
  as in a numeric cell. A number of another country counts only with ``+`` or ``00``.
- E-mail: lower case. Dots and ``+tag`` are taken out for Gmail only, whose owner says that they do not
  matter; elsewhere ``a.b@`` and ``ab@`` may be two people.
- Username of a marketplace: trimmed, lower case, within its system.
- Member number: upper case, without spaces and dashes, leading zeros kept.
"""

from __future__ import annotations

import re
from typing import Final

Rule = tuple[str, str | None]

KINDS: Final = ("phone", "email", "member_number", "account")
"""The identities two records can agree on; ``account`` is a username within a system."""

SYSTEMS: Final = (
    "shopee_id",
    "shopee_my",
    "shopee",
    "tiktok",
    "tokopedia",
    "lazada",
    "loyverse",
    "moka",
    "easystore",
    "shopify",
)
"""What may stand before the colon of a customer id that is a system's own."""

COUNTRIES: Final = ("MY", "ID")
"""Where a number without a country code can be read."""

CALLING_CODES: Final = {"MY": "60", "ID": "62", "SG": "65", "BN": "673"}
"""What stands before a number that is called from elsewhere, by the country of a workspace."""

_WIDE: Final = "０１２３４５６７８９＋－（）＠．＿　\u00a0\u2013"
_NARROW: Final = "0123456789+-()@._  -"
_EDGE: Final = " \t\r\n'`’"
"""What is trimmed from both ends: spaces, and the apostrophe that keeps a number a text in Excel."""

_MASK: Final = r"[*•●∗＊#?]|[xX]{3,}|\.{4,}|…"
"""What a marketplace puts in place of characters."""

_MY_MOBILE: Final = r"1(?:[02-46-9][0-9]{7}|[15][0-9]{8})"
_MY_LINE: Final = r"(?:3[0-9]{8}|[4-9][0-9]{7})"
_ID_MOBILE: Final = r"8[0-9]{8,11}"
_ID_LINE: Final = r"[2-79][0-9]{7,10}"

_ANYWHERE: Final[tuple[Rule, ...]] = (
    (rf"^(?:\+|00)600?({_MY_MOBILE}|{_MY_LINE})$", "+60"),
    (rf"^(?:\+|00)620?({_ID_MOBILE}|{_ID_LINE})$", "+62"),
    (r"^(?:\+|00)(6[02][0-9]*)$", None),  # of the two countries, and not a number there
    (r"^(?:\+|00)([1-9][0-9]{7,14})$", "+"),
    (rf"^600?({_MY_MOBILE})$", "+60"),
    (rf"^620?({_ID_MOBILE})$", "+62"),
)
_AT_HOME: Final[tuple[Rule, ...]] = (
    (rf"^0?({_MY_MOBILE})$", "+60"),  # no Indonesian number begins with 01
    (rf"^0?({_ID_MOBILE})$", "+62"),  # longer than any Malaysian number that begins with 08
)
_LINES: Final[dict[str, tuple[Rule, ...]]] = {
    "MY": ((rf"^600?({_MY_LINE})$", "+60"), (rf"^0?({_MY_LINE})$", "+60")),
    "ID": ((rf"^0({_ID_LINE})$", "+62"),),
}
_FAKE_PHONE: Final = tuple(str(digit) * 7 for digit in range(10))
"""Made up: the last seven digits are the same."""

_BETWEEN: Final = " \t().-/"
_BETWEEN_RE: Final = r"[ \t().\-/]+"

_EMAIL: Final = r"^[^@\s,;]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$"
FAKE_EMAIL: Final = (
    r"^(?:no-?_?reply|do-?not-?reply|donotreply|none|null|nil|na|n/a|no-?email|noemail|tiada|tidakada|test|"
    r"email|dummy|anonymous|guest|customer|pelanggan|walkin|mailer-daemon|postmaster)(?:\+[^@]*)?@"
    r"|@(?:.*\.)?(?:invalid|localhost|none\.[a-z]+|noemail\.[a-z]+|noreply\.[a-z.]+|privaterelay\.appleid\.com)$"
)
_GMAIL: Final = r"@(?:gmail|googlemail)\.com$"
_FAKE_WORDS: Final = (
    *("12345", "123456", "1234567", "12345678", "123456789", "1234567890", "0123456789", "012345"),
    *("n/a", "na", "nil", "none", "null", "tiada", "tidak ada", "tidakada", "test", "guest"),
    *("pelanggan", "customer", "walk-in", "walkin", "anonymous"),
)
"""What is typed where a number or a name is asked for; so is one character again and again."""


def phone(value: str | None, country: str) -> str | None:
    """A telephone number as ``+<country code><number>``.

    Parameters
    ----------
    value : str or None
        In any spelling, also as a number whose leading zero is lost.
    country : str
        ISO code of the workspace: how a number without a country code is read.

    Returns
    -------
    str or None
        None where it is masked, made up or no number.

    Examples
    --------
    >>> [phone(v, "MY") for v in ("012-345 6789", "6012-3456789", "+60123456789", "123456789", "123456789.0")]
    ['+60123456789', '+60123456789', '+60123456789', '+60123456789', '+60123456789']
    >>> [phone(v, "ID") for v in ("0812-3456-7890", "+62 812 3456 7890", "81234567890", "08******12")]
    ['+6281234567890', '+6281234567890', '+6281234567890', None]
    """
    if value is None or is_masked(value):
        return None
    digits = _compact(_narrow(value))
    if digits.endswith(_FAKE_PHONE):
        return None
    for pattern, prefix in phone_rules(country):
        found = re.search(pattern, digits)
        if found:
            return None if prefix is None else prefix + found.group(1)
    return None


def email(value: str | None) -> str | None:
    """An e-mail address in the one way that is compared; None where it is masked, made up or none.

    Examples
    --------
    >>> email(" Siti.Aminah+shop@GMAIL.com "), email("Siti.Aminah@ymail.com")
    ('sitiaminah@gmail.com', 'siti.aminah@ymail.com')
    >>> email("noreply@kedai.my"), email("s***@x.my")
    (None, None)
    """
    if value is None or is_masked(value):
        return None
    address = _lower(value)
    if not re.search(_EMAIL, address) or re.search(FAKE_EMAIL, address):
        return None
    if re.search(_GMAIL, address):
        local = address.partition("@")[0].partition("+")[0].replace(".", "")
        return f"{local}@gmail.com" if local else None
    return address


def member_number(value: str | None) -> str | None:
    """A member number: upper case, without spaces and dashes; None where it is masked or made up.

    Examples
    --------
    >>> member_number(" 00-12 34a"), member_number("123456")
    ('001234A', None)
    """
    if value is None or is_masked(value):
        return None
    plain = _lower(value)
    bare = re.sub(r"[ -]+", "", plain)
    if len(bare) < 3 or _is_fake(plain) or _is_fake(bare):
        return None
    return bare.upper()


def account(customer_id: str | None) -> str | None:
    """The username within its system, of a customer id that is one; None for a merchant's own id.

    Examples
    --------
    >>> account("shopee_my:Siti_88 "), account("C0012"), account("tiktok:s***i")
    ('shopee_my:siti_88', None, None)
    """
    if customer_id is None or is_masked(customer_id):
        return None
    plain = _lower(customer_id)
    system, colon, name = plain.partition(":")
    name = name.strip(" ")
    if not colon or system not in SYSTEMS or not name or _is_fake(name):
        return None
    return f"{system}:{name}"


def is_masked(value: str) -> bool:
    """Whether characters of a value were replaced: then it says nothing of who it is.

    Examples
    --------
    >>> [is_masked(v) for v in ("****", "08******12", "s***@gmail.com", "Siti")]
    [True, True, True, False]
    """
    return re.search(_MASK, value) is not None


def phone_rules(country: str) -> tuple[Rule, ...]:
    """Patterns in their order, each with what goes before the digits it catches (None: no number)."""
    if country not in COUNTRIES:
        return _ANYWHERE
    return (*_AT_HOME, *_ANYWHERE, *_LINES[country])


def _narrow(value: str) -> str:
    return value.translate(str.maketrans(_WIDE, _NARROW)).strip(_EDGE)


def _lower(value: str) -> str:
    narrow = _narrow(value)
    return narrow.lower() if narrow.isascii() else ""


def _compact(value: str) -> str:
    """Without what stands between digits, and without the ``.0`` of a numeric cell."""
    return value.removesuffix(".0").translate(str.maketrans("", "", _BETWEEN))


def _is_fake(value: str) -> bool:
    return value in _FAKE_WORDS or (len(value) > 1 and set(value) == {value[0]})


# The same as DuckDB expressions of a text column


def phone_sql(column: str, country: str) -> str:
    """:func:`phone` of a column, as a DuckDB expression."""
    whole = "CASE WHEN ends_with(n, '.0') THEN left(n, -2) ELSE n END"
    bare = f"regexp_replace({whole}, {_q(_BETWEEN_RE)}, '', 'g')"
    fake = ", ".join(_q(each) for each in _FAKE_PHONE)
    cases = " ".join(
        f"WHEN {_has('d', pattern)} THEN "
        + ("NULL" if prefix is None else f"'{prefix}' || regexp_extract(d, {_q(pattern)}, 1)")
        for pattern, prefix in phone_rules(country)
    )
    chosen = f"CASE WHEN d = '' OR right(d, 7) IN ({fake}) THEN NULL {cases} END"
    narrow = f"CASE WHEN {_has(column, _MASK)} THEN NULL ELSE {_narrow_sql(column)} END"
    return f"list_transform(list_transform([{narrow}], lambda n: {bare}), lambda d: {chosen})[1]"


def email_sql(column: str) -> str:
    """:func:`email` of a column, as a DuckDB expression."""
    local = "replace(split_part(split_part(a, '@', 1), '+', 1), '.', '')"
    chosen = (
        f"CASE WHEN NOT {_has('a', _EMAIL)} OR {_has('a', FAKE_EMAIL)} THEN NULL "
        f"WHEN {_has('a', _GMAIL)} THEN nullif({local}, '') || '@gmail.com' ELSE a END"
    )
    return _lowered(column, "a", chosen)


def member_number_sql(column: str) -> str:
    """:func:`member_number` of a column, as a DuckDB expression."""
    bare = "regexp_replace(m, '[ -]+', '', 'g')"
    chosen = f"CASE WHEN length({bare}) < 3 OR {_fake('m')} OR {_fake(bare)} THEN NULL ELSE upper({bare}) END"
    return _lowered(column, "m", chosen)


def account_sql(column: str) -> str:
    """:func:`account` of a column of customer ids, as a DuckDB expression."""
    systems = ", ".join(_q(system) for system in SYSTEMS)
    name = "trim(substr(u, strpos(u, ':') + 1), ' ')"
    chosen = (
        f"CASE WHEN strpos(u, ':') = 0 OR split_part(u, ':', 1) NOT IN ({systems}) OR {name} = '' "
        f"OR {_fake(name)} THEN NULL ELSE split_part(u, ':', 1) || ':' || {name} END"
    )
    return _lowered(column, "u", chosen)


def masked_sql(column: str) -> str:
    """:func:`is_masked` of a column, as a DuckDB expression."""
    return _has(column, _MASK)


def _lowered(column: str, name: str, chosen: str) -> str:
    """A rule over the narrowed value in lower case, worked out once; null where it is masked."""
    narrow = f"CASE WHEN {_has(column, _MASK)} THEN NULL ELSE {_narrow_sql(column)} END"
    lower = "CASE WHEN strlen(n) = length(n) THEN lower(n) END"
    return f"list_transform(list_transform([{narrow}], lambda n: {lower}), lambda {name}: {chosen})[1]"


def _narrow_sql(column: str) -> str:
    """Trimmed; what is ASCII already, which is nearly everything, is not translated: that is slow."""
    wide = f"trim(translate({column}, {_q(_WIDE)}, {_q(_NARROW)}), {_q(_EDGE)})"
    return f"CASE WHEN strlen({column}) = length({column}) THEN trim({column}, {_q(_EDGE)}) ELSE {wide} END"


def _fake(value: str) -> str:
    words = ", ".join(_q(word) for word in _FAKE_WORDS)
    again = f"length({value}) > 1 AND replace({value}, left({value}, 1), '') = ''"
    return f"({value} IN ({words}) OR ({again}))"


def _has(value: str, pattern: str) -> str:
    return f"regexp_matches({value}, {_q(pattern)})"


def _q(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
