"""Bytes to text, whatever the label says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.charset import codec_of, read_text

THAI = "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑ เรื่อง คู่มือสำหรับประชาชน"
LABELS = ["windows-874", "WINDOWS-874", "ms874", "x-windows-874", "dos-874", "cp874", "tis-620"]
LABELS += ["TIS620", "tis-620.2533", "iso-8859-11", "iso8859_11", "x-mac-thai", "IBM874"]


@pytest.mark.parametrize("label", LABELS)
def test_every_thai_label_means_windows_874(label):
    reading = read_text(THAI.encode("cp874"), label)
    assert (reading.text, reading.guess) == (THAI, "")


def test_quotation_marks_of_windows_survive_the_label_tis_620():
    assert read_text("“คู่มือ”".encode("cp874"), "tis-620").text == "“คู่มือ”"


@pytest.mark.parametrize("label", ["", "us-ascii", "x-unknown", "charset", "utf-8", "iso-8859-1"])
def test_raw_thai_is_recognised_under_a_wrong_label_and_said_to_be_guessed(label):
    reading = read_text(THAI.encode("cp874"), label)
    assert reading.text == THAI
    assert "windows-874" in reading.guess


@pytest.mark.parametrize("label", ["tis-620", "windows-874", "iso-8859-1", "us-ascii", "nonsense"])
def test_utf_8_is_recognised_under_a_wrong_label(label):
    reading = read_text(THAI.encode(), label)
    assert reading.text == THAI
    assert "utf" in reading.guess


THAI_CODECS = ["windows-874", "tis-620", "iso-8859-11"]
REASONS = {
    "cp874": "windows-874 (the bytes are Thai letters)",
    "utf-8": "utf-8 (the bytes are UTF-8)",
}


@pytest.mark.parametrize("label", [*THAI_CODECS, "utf-8", "iso-8859-1", "us-ascii", "x-none", ""])
@pytest.mark.parametrize("really", ["cp874", "utf-8"])
def test_thai_under_any_of_its_wrong_labels_is_read_and_the_guess_is_told(label, really):
    """What was said, what was used, and why."""
    reading = read_text(THAI.encode(really), label)
    assert reading.text == THAI
    right = label in (THAI_CODECS if really == "cp874" else ["utf-8", ""])
    reason = REASONS[really]
    if label == "x-none":
        reason = reason.replace("(", "(an unknown name, ")
    if label == "utf-8":
        reason = reason.replace("(", "(the bytes do not fit it, ")
    said = f"charset {label}" if label else "no charset"
    assert reading.guess == ("" if right else f"{said}: read as {reason}")


def test_utf_7_is_text_and_never_markup():
    """A browser may have run it; here it is characters that whoever prints them escapes."""
    assert read_text(b"+ADw-script+AD4-", "utf-7").text == "<script>"
    assert read_text(b"+ADw-script", "").text == "+ADw-script"
    assert read_text(b"+\xa1", "utf-7").text


def test_plain_ascii_and_unlabelled_utf_8_are_no_guess():
    assert read_text(b"hello").guess == ""
    assert read_text(THAI.encode()).guess == ""


def test_western_text_is_not_taken_for_thai():
    text = "Déjà vu – façade, naïve, Zürich, Señor"
    assert read_text(text.encode("cp1252"), "iso-8859-1").text == text
    assert read_text("über café".encode("latin-1")).text == "über café"


def test_a_byte_order_mark_decides():
    assert read_text("\ufeffเรื่อง".encode("utf-16-le")).text.lstrip("\ufeff") == "เรื่อง"
    assert read_text(b"\xef\xbb\xbf" + "เรื่อง".encode()).text == "เรื่อง"


@pytest.mark.parametrize(
    "label", ["zlib", "base64", "rot13", "unicode_escape", "idna", "os", "../x"]
)
def test_a_label_never_names_anything_but_a_charset(label):
    assert codec_of(label) is None


def test_nul_bytes_are_taken_out_and_said_to_be():
    reading = read_text(b"a\x00b", "utf-8")
    assert reading.text == "ab"
    assert "NUL" in reading.guess


def test_bytes_that_windows_874_lacks_do_not_stop_the_text():
    reading = read_text(b"\xa1\xdb\xa2", "windows-874")
    assert reading.text == "ก\ufffdข"
    assert reading.guess


@given(
    st.binary(max_size=200), st.text(max_size=20) | st.sampled_from([*LABELS, "utf-7", "utf-16"])
)
def test_any_bytes_under_any_label_become_text_that_a_database_takes(data, label):
    text = read_text(data, label).text
    assert "\x00" not in text
    text.encode("utf-8")
