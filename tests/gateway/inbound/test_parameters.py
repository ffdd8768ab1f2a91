"""Content-Type and Content-Disposition as written by everybody."""

from email.message import EmailMessage, Message
from email.utils import encode_rfc2231
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.parameters import read_parameters

LONG = "คู่มือสำหรับประชาชนของกรมส่งเสริมการปกครองท้องถิ่นฉบับแก้ไขเพิ่มเติมครั้งที่สอง.pdf"
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=60
).filter(lambda name: "=?" not in name)


def pieces_of(name, length=30):
    """The name as RFC 2231 continuations, each a whole number of escapes."""
    escaped = quote(name, safe="")
    cuts = [escaped[at : at + length] for at in range(0, len(escaped), length)]
    first = f"filename*0*=utf-8'th'{cuts[0]}"
    return [first, *(f"filename*{n}*={cut}" for n, cut in enumerate(cuts[1:], 1))]


def test_a_type_is_read_without_comments_and_in_lower_case():
    read = read_parameters(b'Text/HTML (a comment); Charset="UTF-8"; format=flowed')
    assert read.value == "text/html"
    assert (read.get("charset"), read.get("format")) == ("UTF-8", "flowed")


def test_a_long_thai_name_in_thirteen_pieces_is_read():
    pieces = pieces_of(LONG, 50)
    assert len(pieces) >= 13
    assert read_parameters(f"attachment; {'; '.join(pieces)}".encode()).get("filename") == LONG


def test_pieces_out_of_order_are_put_in_order():
    pieces = pieces_of(LONG)
    assert read_parameters(f"x; {';'.join(reversed(pieces))}".encode()).get("filename") == LONG


def test_a_missing_piece_leaves_the_rest_readable_and_is_named():
    pieces = pieces_of("ก" * 40 + ".pdf", 27)
    del pieces[2]
    read = read_parameters(f"x; {';'.join(pieces)}".encode())
    assert read.get("filename").startswith("กกก")
    assert read.get("filename").endswith(".pdf")
    assert "lacks a piece" in read.defects[0]


def test_pieces_with_and_without_escapes_are_mixed():
    value = b"x; filename*0*=utf-8''%E0%B8; filename*1*=%81; filename*2=\" (1).pdf\""
    assert read_parameters(value).get("filename") == "ก (1).pdf"


def test_a_name_in_windows_874_is_read_by_its_own_charset():
    escaped = quote(LONG.encode("cp874"), safe="")
    assert read_parameters(f"x; filename*=windows-874''{escaped}".encode()).get("filename") == LONG


def test_the_extended_form_wins_over_the_plain_one():
    value = b"x; filename=\"fallback.pdf\"; filename*=utf-8''%E0%B8%81.pdf"
    assert read_parameters(value).get("filename") == "ก.pdf"


def test_encoded_words_in_a_quoted_name_are_read():
    assert (
        read_parameters(b'x; name="=?utf-8?B?4LiB?= =?utf-8?B?4LiC?=.pdf"').get("name") == "กข.pdf"
    )


def test_raw_thai_bytes_in_a_name_are_read_and_named_as_a_guess():
    read = read_parameters(b'x; filename="' + LONG.encode("cp874") + b'"')
    assert read.get("filename") == LONG
    assert read.defects == ("no charset: read as windows-874 (the bytes are Thai letters)",)


def test_spaces_in_an_unquoted_name_belong_to_it():
    assert read_parameters(b"x; filename=my letter (1).pdf; size=3").get("filename") == (
        "my letter (1).pdf"
    )


def test_semicolons_and_escapes_in_quotation_marks_belong_to_the_name():
    assert read_parameters(rb'x; name="a;b \"c\" \\d"').get("name") == r'a;b "c" \d'


def test_of_two_parameters_of_a_name_the_first_counts():
    read = read_parameters(b"multipart/mixed; boundary=one; boundary=two")
    assert read.get("boundary") == "one"
    assert read.defects == ("parameter boundary stands twice",)


@pytest.mark.parametrize("value", [b"", b";", b";;=;", b"a;b", b'a; b="', b"a; *0=x", b"; x*1=y"])
def test_broken_fields_are_read_as_far_as_they_go(value):
    read_parameters(value)


@given(st.binary(max_size=300))
def test_no_value_breaks_the_reader(value):
    for text in read_parameters(b"x; " + value).parameters.values():
        text.encode("utf-8")


@given(NAMES)
def test_names_that_the_standard_library_writes_in_rfc_2231_are_read_back(name):
    message = EmailMessage()
    message.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    line = message.as_bytes().split(b"\n\n")[0].partition(b":")[2].replace(b"\n", b"")
    assert read_parameters(line).get("filename") == name


@given(NAMES)
def test_names_in_one_extended_parameter_are_read_back(name):
    value = f"x; filename*={encode_rfc2231(name, 'utf-8', 'th')}"
    assert read_parameters(value.encode()).get("filename") == name


@given(NAMES)
def test_names_that_the_standard_library_writes_in_rfc_2047_are_read_back(name):
    from email.header import Header

    word = Header(name, "utf-8", maxlinelen=75).encode().replace("\n", "")
    message = Message()
    message["Content-Type"] = f'application/pdf; name="{word}"'
    assert read_parameters(str(message["Content-Type"]).encode()).get("name") == name
