"""Names and sizes of enclosures."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.letter.enclosure import Enclosure, human_size, safe_name

NASTY = st.text(
    alphabet=st.characters() | st.sampled_from("/\\:. \x00\u202eก่้ำpdfCON<>|?*"), max_size=300
)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "๐ ไบต์"),
        (999, "๙๙๙ ไบต์"),
        (1000, "๑.๐ KB"),
        (999_949, "๙๙๙.๙ KB"),
        (999_950, "๑.๐ MB"),
        (25_000_000, "๒๕.๐ MB"),
        (40_000_000, "๔๐.๐ MB"),
        (1_000_000_000, "๑.๐ GB"),
        (5 * 10**15, "๕๐๐๐.๐ TB"),
    ],
)
def test_a_megabyte_is_a_million_bytes(size, text):
    assert human_size(size) == text


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("แบบรายงานผล.pdf", "แบบรายงานผล.pdf"),
        ("ว 12/2569.pdf", "ว 12-2569.pdf"),
        ("C:\\Users\\me\\หนังสือ.pdf", "หนังสือ.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("a:b*c?.pdf", "a b c .pdf"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        (" .. name.pdf. . ", "name.pdf"),
        ("con.txt", "_con.txt"),
        ("COM1", "_COM1"),
        ("nul .txt", "_nul .txt"),
        ("console.txt", "console.txt"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("", "เอกสาร"),
        ("...", "เอกสาร"),
        ("/", "เอกสาร"),
        ("../หนังสือ.pdf", "หนังสือ.pdf"),
        ("ท\uf702\uf70aดิน.pdf", "ที่ดิน.pdf"),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(name, safe):
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension():
    short = safe_name("หนังสือ" * 60 + ".tar.gz")
    assert short.endswith(".tar.gz")
    assert 250 < len(short.encode()) <= 255


def test_a_long_name_without_an_extension_is_only_cut():
    assert len(safe_name("x" * 300)) == 255
    assert len(safe_name("x" * 300 + "." + "ก" * 12)) == 255


@given(NASTY)
@settings(max_examples=300)
def test_whatever_a_sender_writes_is_a_name_on_any_system(name):
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 255
    assert not set(safe) & set('/\\:*?"<>|\n\r\t\x00')
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in safe)
    assert safe.strip(". ") == safe
    assert unicodedata.is_normalized("NFC", safe)


@given(NASTY)
def test_a_safe_name_is_left_as_it_is(name):
    assert safe_name(safe_name(name)) == safe_name(name)


def test_an_enclosure_says_how_it_travels():
    annex = Enclosure(
        "ผนวก.pdf", "enclosure", 40_000_000, "0" * 64, "application/pdf", "", split=True
    )
    assert (annex.split, annex.url) == (True, None)
