"""The three languages say the same things, each in its own words."""

from __future__ import annotations

import re
import string

import pytest

from i18n.numbers import LANGUAGES
from i18n.translator import FOLDER, NAMES, MissingText, texts, translator

ENGLISH = re.compile(
    r"\b(the|and|of|with|which|your|you|their|customers?|orders?|stores?|not|from|this|that|is|are|was|were|"
    r"have|has|been|will|can|each|every|where|when|how|why|who|no|yes|by|for|download|cancel|filters?|week)\b",
    re.IGNORECASE,
)
# Words of English that the other two write the same, or names of things: (language, word).
SHARED = {
    ("id", "filter"),  # GLOSSARY: "filter" is the Indonesian word
    ("id", "filters"),
}
TECHNICAL = re.compile(r"`[^`]*`|https?://\S+|\b[a-z]+_[a-z_]+\b|\{[^}]*\}|\"[^\"]*\"|“[^”]*”|'[^']*'")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_same_keys(lang):
    missing = sorted(set(texts("en")) - set(texts(lang)))
    extra = sorted(set(texts(lang)) - set(texts("en")))
    assert (missing, extra) == ([], [])


@pytest.mark.parametrize("lang", ["ms", "id"])
def test_every_text_has_the_placeholders_of_the_english_one(lang):
    here, there = texts("en"), texts(lang)
    different = {
        key: (placeholders(here[key]), placeholders(there[key]))
        for key in here.keys() & there.keys()
        if placeholders(here[key]) != placeholders(there[key])
    }
    assert different == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty_or_padded(lang):
    assert [key for key, text in texts(lang).items() if not text.strip() or text != text.strip()] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_placeholders_are_plain_names(lang):
    odd = {k: v for k, v in texts(lang).items() if any(not n.isidentifier() for n in placeholders(v))}
    assert odd == {}


@pytest.mark.parametrize("lang", ["ms", "id"])
def test_no_english_is_left_by_accident(lang):
    found = {}
    for key, text in texts(lang).items():
        words = {w.lower() for w in ENGLISH.findall(TECHNICAL.sub(" ", text))}
        left = {w for w in words if (lang, w) not in SHARED}
        if left:
            found[key] = sorted(left)
    assert found == {}


@pytest.mark.parametrize("lang", ["ms", "id"])
def test_long_texts_are_not_the_english_ones(lang):
    same = [k for k, v in texts(lang).items() if v == texts("en")[k] and len(v.split()) >= 4]
    assert same == []


def test_malay_and_indonesian_take_the_word_of_their_own_column():
    """GLOSSARY: the two differ where it hurts."""
    malay_only = re.compile(r"\b(kedai|hasil jualan|poskod|baharu|penapis|lajur|muat turun|eksport)\b", re.I)
    indonesian_only = re.compile(
        r"\b(toko|omzet|kode pos|unduh|kolom|ekspor|pengaturan|bisa|karyawan)\b", re.I
    )
    # A screen may quote headers and names of files in any language.
    in_malay = {k: v for k, v in texts("ms").items() if indonesian_only.search(TECHNICAL.sub(" ", v))}
    in_indonesian = {k: v for k, v in texts("id").items() if malay_only.search(TECHNICAL.sub(" ", v))}
    in_malay.pop("about.licence.postcodes_id", None)  # the Indonesian thing under its own name
    assert (in_malay, in_indonesian) == ({}, {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_have_no_exclamation_marks(lang):
    assert [key for key, text in texts(lang).items() if "!" in text] == []


@pytest.mark.parametrize("lang", ["ms", "id"])
def test_the_reader_is_addressed_formally(lang):
    informal = re.compile(r"\b(kamu|awak|engkau|kau|lu)\b", re.I)
    assert [key for key, text in texts(lang).items() if informal.search(text)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_same_files(lang):
    written, english = ({path.name for path in (FOLDER / code).iterdir()} for code in (lang, "en"))
    assert written == english


def test_a_missing_text_raises():
    with pytest.raises(MissingText, match=r"no\.such.*ms/no\.toml"):
        translator("ms")("no.such")


def test_an_unknown_language_raises():
    with pytest.raises(ValueError, match="'fr'"):
        translator("fr")


def test_one_is_singular_and_everything_else_is_plural():
    t = translator("en")
    assert [t.plural("page.customers", n) for n in (0, 1, 8012)] == [
        "0 customers",
        "1 customer",
        "8,012 customers",
    ]


def test_a_code_without_a_word_is_shown_as_it_came():
    t = translator("ms")
    assert (t.code("kind", "internal"), t.code("channel", "Kaunter 3"), t.code("kind", None)) == (
        "Kakitangan",
        "Kaunter 3",
        "–",
    )


def test_each_language_is_named_in_itself():
    assert set(NAMES) == set(LANGUAGES)
