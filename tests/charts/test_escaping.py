"""What came in a file is shown as written and never runs (FIELD-NOTES: folium; Streamlit, Markdown)."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from charts.escaping import LABEL_LENGTH, map_text, markdown_text, plain_text

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "${alert(1)}",
    "`+alert(1)+`",
    "\\`${alert(1)}\\`",
    "\\u0060${alert(1)}",
    "&#96;&#36;{alert(1)}",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "{{ config }}{% raw %}",
    "![x](http://outside.example/x.png)",
    "[x](javascript:alert(1))",
    "$500-$800",
    ":material/home: :red[x] :smile:",
    "http://outside.example www.outside.example a@outside.example",
    "# heading\n- list\n1. item\n    code",
    "\u202egnp.exe",
    "Ali\u200b\u2060\ufeffAbu",
    "x" * 5000,
]
# Pieces that are dangerous together more often than letters drawn at random.
HOSTILE = st.lists(
    st.sampled_from(
        ["<", ">", "&", '"', "'", "`", "$", "{", "}", "\\", "script", "/", "!", "[", "](", ")", "\n", "*"]
    )
    | st.text(max_size=4),
    max_size=30,
).map("".join)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_leaves_nothing_that_a_map_could_run(payload: str) -> None:
    assert_inert_in_a_map(map_text(payload, limit=10_000))


@given(HOSTILE)
def test_no_text_opens_a_tag_an_attribute_or_a_template_literal(text: str) -> None:
    assert_inert_in_a_map(map_text(text))


def assert_inert_in_a_map(escaped: str) -> None:
    assert not re.search(r"[<>\"'`$\\{]", escaped)
    assert all(re.match(r"&(#\d+|#x\w+|\w+);", escaped[m.start() :]) for m in re.finditer("&", escaped))


@given(HOSTILE)
def test_a_map_shows_the_text_as_it_was_written(text: str) -> None:
    assert html.unescape(map_text(text)) == plain_text(text)


@given(HOSTILE)
def test_a_template_literal_gives_the_escaped_text_back_unchanged(text: str) -> None:
    escaped = map_text(text)
    assert not {"`", "$", "\\"} & set(escaped)


@given(st.text(max_size=400))
def test_plain_text_is_one_visible_line_within_the_limit(text: str) -> None:
    line = plain_text(text)
    assert len(line) <= LABEL_LENGTH
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029\ufeff]", line)
    assert plain_text(line) == line


def test_a_missing_value_is_an_empty_text() -> None:
    assert (plain_text(None), map_text(None), markdown_text(None)) == ("", "", "")


def test_letters_that_need_a_joiner_keep_it() -> None:
    assert plain_text("👩\u200d🔧") == "👩\u200d🔧"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_a_label_is_only_text(payload: str) -> None:
    assert_only_text(markdown_text(payload))


@given(HOSTILE)
def test_no_text_becomes_markup_in_a_label(text: str) -> None:
    assert_only_text(markdown_text(text))


@given(HOSTILE)
def test_a_label_shows_the_text_as_it_was_written(text: str) -> None:
    shown = "".join(token.content for token in inline(markdown_text(text)))
    assert shown.replace("\u2060", "") == plain_text(text)


@pytest.mark.parametrize("text", ["see http://a.example", "www.a.example", "me@a.example", ":material/home:"])
def test_what_is_linked_after_parsing_is_broken_by_a_word_joiner(text: str) -> None:
    shown = "".join(token.content for token in inline(markdown_text(text)))
    assert not re.search(r"https?://|www\.|\w@\w|:\w+", shown)


def assert_only_text(label: str) -> None:
    blocks = [token.type for token in MarkdownIt().parse(label)]
    assert blocks in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert {token.type for token in inline(label)} <= {"text", "text_special"}


def inline(label: str) -> list[Token]:
    return [child for token in MarkdownIt().parse(label) for child in token.children or []]
