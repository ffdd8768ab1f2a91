"""winmail.dat opened without trust."""

import io

import pytest

from gateway.inbound.lzfu import decompress
from gateway.inbound.tnef import DEEPEST, MOST_FILES, read_tnef
from tests.gateway.inbound.tnef_writer import (
    attachment,
    attribute,
    binary,
    message,
    named,
    number,
    text8,
    text16,
)  # fmt: skip

NAME = "หนังสือที่ มท ๐๘๐๓.pdf"
OBJECT_ID = b"I" * 16
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def opened(raw):
    """What is in it, and the bytes of each file by name."""
    file = io.BytesIO(raw)
    tnef = read_tnef(file)
    return tnef, {one.name: b"".join(one.blocks(file)) for one in tnef.files}


def test_a_file_comes_out_under_its_thai_name():
    raw = message(attachment(b"LETTER~1.PDF", b"%PDF-1.4 x", text16(0x3707, NAME)))
    tnef, files = opened(raw)
    assert files == {NAME: b"%PDF-1.4 x"}
    assert (tnef.whole, tnef.defects) == (True, [])


def test_a_name_of_eight_bits_is_read_by_the_code_page():
    tnef, files = opened(message(attachment(NAME.encode("cp874"), b"x")))
    assert list(files) == [NAME]
    assert tnef.defects == []


def test_a_name_in_another_code_page_than_said_is_read_as_thai_and_told():
    tnef, files = opened(message(attachment(NAME.encode("cp874"), b"x"), page=1252))
    assert list(files) == [NAME]
    assert tnef.defects == [
        "winmail.dat: charset cp1252: read as windows-874 (the bytes are Thai letters)"
    ]


def test_subject_and_text_come_out():
    tnef, _ = opened(message(subject="เรื่อง".encode("cp874"), body="เรียน".encode("cp874")))
    assert (tnef.subject, tnef.text) == ("เรื่อง", "เรียน")


def test_a_text_in_html_alone_is_read_by_its_own_code_page():
    page = number(0x3FDE, 65001)
    html = binary(0x1013, "<p>เรียน</p>".encode())
    assert opened(message(those=(named("x", 1), page, html)))[0].text == "เรียน"


def test_a_text_in_rtf_alone_is_unpacked():
    """The example of [MS-OXRTFCP] 4.1.1."""
    tnef, _ = opened(message(those=(binary(0x1009, HELLO),)))
    assert tnef.rtf == rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n"


def test_rtf_never_passes_its_bound():
    assert decompress(HELLO, 10) == rb"{\rtf1\ans"
    run = b"LZFu".join([b"\x00" * 8, b"\x00" * 4]) + b"\xff" + b"\x0c\xef" * 8
    assert len(decompress(run * 1000, 500)) <= 500


def test_type_and_content_id_are_told():
    about = (text8(0x370E, b"image/PNG"), text8(0x3712, b"<logo@x>"))
    one = opened(message(attachment(b"a.png", b"x", *about)))[0].files[0]
    assert (one.media_type, one.content_id) == ("image/png", "logo@x")


def test_a_file_whose_bytes_are_a_property_comes_out():
    raw = message(attachment(b"a.bin", None, binary(0x3701, b"12345")))
    assert opened(raw)[1] == {"a.bin": b"12345"}


def test_an_attached_message_gives_its_text_and_files():
    inner = message(attachment(b"in.pdf", b"%PDF"), subject=b"inner", body=b"hello")
    raw = message(attachment(b"inner", None, binary(0x3701, OBJECT_ID + inner, 0x0D)))
    assert opened(raw)[1] == {"inner.txt": b"hello", "in.pdf": b"%PDF"}


def test_an_object_that_is_no_message_is_a_file():
    raw = message(attachment(b"a.ole", None, binary(0x3701, OBJECT_ID + b"OLE", 0x0D)))
    assert opened(raw)[1] == {"a.ole": b"OLE"}


def test_messages_too_deep_are_left_for_a_person():
    raw = message(attachment(b"a.pdf", b"x"))
    for _ in range(DEEPEST + 1):
        raw = message(attachment(b"m", None, binary(0x3701, OBJECT_ID + raw, 0x0D)))
    tnef, files = opened(raw)
    assert not tnef.whole
    assert files == {}


def test_more_files_than_any_letter_has_are_left_for_a_person():
    tnef, files = opened(message(*[attachment(b"%d" % n, b"x") for n in range(MOST_FILES + 5)]))
    assert (tnef.whole, len(files)) == (False, MOST_FILES)


def test_a_file_linked_but_not_sent_is_told():
    tnef, files = opened(message(attachment(b"a.pdf", None)))
    assert (tnef.whole, files) == (False, {})
    assert tnef.defects == ["a file in winmail.dat without content"]


def test_what_stood_before_the_damage_comes_out():
    raw = message(attachment(b"a.pdf", b"%PDF"), attachment(b"b.pdf", b"%PDF" * 100))
    tnef, files = opened(raw[:-200])
    assert files == {"a.pdf": b"%PDF"}
    assert not tnef.whole


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x" * 100,
        message()[:5],
        message() + b"\x07garbage",
        message() + attribute(1, 0x00069003, b"\xff\xff\xff\xff"),
        message() + attribute(1, 0x00069003, b"\x01\x00\x00\x00\x99\x00\x37\x00"),
        message() + attribute(1, 0x00069007, b""),
    ],
)
def test_garbage_is_damage_and_nothing_else(raw):
    tnef, files = opened(raw)
    assert (tnef.whole, files) == (False, {})
    assert tnef.defects[0].startswith("damaged winmail.dat")


def test_a_line_end_behind_it_does_no_harm():
    assert opened(message(attachment(b"a", b"x")) + b"\r\n")[0].whole
