"""Header fields: nothing breaks out of them, and Thai comes back as it went in."""

import email
import email.policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.outbound import fields
from registry.letter.address import Address

SAFE_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300)


def read_back(raw: bytes, name: str) -> str:
    return str(email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)[name])


def decoded(raw: bytes) -> str:
    value = raw.decode("ascii").partition(": ")[2].replace("\r\n ", " ").removesuffix("\r\n")
    return str(make_header(decode_header(value)))


@pytest.mark.parametrize("bad", ["\r\nBcc: x@example.org", "\n", "\r", "\x00", "\u2028", "\x1b[2J"])
def test_a_value_that_would_break_out_of_its_field_is_refused(bad):
    for make in (
        lambda: fields.text_field("Subject", f"เรื่อง{bad}"),
        lambda: fields.text_field("Subject", f"plain{bad}"),
        lambda: fields.content_fields("application/pdf", f"ก{bad}.pdf", "a.pdf", inline=False),
        lambda: fields.content_fields("application/pdf", "ก.pdf", f"a{bad}.pdf", inline=False),
        lambda: fields.id_field("References", [f"<a{bad}@b>"]),
        lambda: fields.mail_address(f"a{bad}@example.org"),
        lambda: fields.text_field(f"X-A{bad}", "value"),
    ):
        with pytest.raises(fields.UnsafeField):
            make()


def test_a_display_name_cannot_carry_a_line_break_into_a_field():
    address = Address("จังหวัดแพร่\r\nBcc: x@example.org", "saraban@phrae.example")
    raw = fields.address_field("From", [address])
    assert b"\r\nBcc" not in raw
    assert read_back(raw, "From").endswith("<saraban@phrae.example>")


@given(SAFE_TEXT)
def test_every_subject_comes_back_as_it_was(text):
    raw = fields.text_field("Subject", text)
    assert raw.isascii()
    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))
    assert decoded(raw) == text or text.strip() != text or not text


@given(st.lists(st.sampled_from(["ก", "น้ำ", "ที่", "สิ่ง", "ครั้ง", "เอื้อ", "โต๊ะ"]), min_size=1))
def test_an_encoded_word_never_begins_with_a_mark_of_the_word_before(words):
    raw = fields.text_field("Subject", "".join(words))
    for word in raw.decode("ascii").split()[1:]:
        assert str(make_header(decode_header(word)))[0] not in "่้๊๋์ัิีึืุู็"


def test_a_thai_subject_is_read_by_a_strict_parser():
    subject = "ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑ เรื่อง แนวทางการปรับปรุงคู่มือสำหรับประชาชน " * 3
    raw = fields.text_field("Subject", subject.strip())
    assert read_back(raw, "Subject") == subject.strip()


def test_an_ascii_subject_stays_readable_in_the_raw_mail():
    assert fields.text_field("Subject", "Test of SMTP") == b"Subject: Test of SMTP\r\n"


def test_a_subject_that_looks_like_an_encoded_word_is_not_decoded_as_one():
    raw = fields.text_field("Subject", "=?utf-8?B?4LiB?=")
    assert decoded(raw) == "=?utf-8?B?4LiB?="


def test_a_long_word_without_spaces_does_not_pass_the_line_limit():
    raw = fields.text_field("Subject", "x" * 5000)
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert decoded(raw) == "x" * 5000


def test_many_addresses_keep_their_names():
    people = [Address(f"จังหวัดที่ {n}, สำนักงาน", f"saraban{n}@example.org") for n in range(40)]
    raw = fields.address_field("To", people).decode("ascii").removeprefix("To: ")
    read = getaddresses([raw])
    names = [str(make_header(decode_header(name))) for name, _ in read]
    assert [*zip(names, [address for _, address in read], strict=True)] == [
        (one.name, one.email) for one in people
    ]


def test_a_name_with_quotes_and_commas_is_one_name():
    raw = fields.address_field("From", [Address('Office "A", Phrae', "a@example.org")])
    assert 'name="' not in raw.decode()
    message = email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)
    assert message["From"].addresses[0].display_name == 'Office "A", Phrae'


@given(SAFE_TEXT.filter(lambda name: name.strip() and len(name.encode()) < 255))
def test_every_file_name_comes_back_and_an_ascii_one_stands_beside_it(name):
    raw = b"".join(fields.content_fields("application/pdf", name, "enclosure-1.pdf", inline=False))
    message = email.message_from_bytes(raw + b"\r\n")
    assert message.get_filename() == name.strip()  # the standard library strips it
    assert message.get_param("name") == "enclosure-1.pdf"


def test_a_thai_file_name_has_no_defect_and_is_not_split_in_continuations():
    name = "แนวทางการปรับปรุงคู่มือสำหรับประชาชน (ฉบับเต็ม) ๒๕๖๒.pdf"
    raw = b"".join(fields.content_fields("application/pdf", name, "letter.pdf", inline=False))
    part = email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)
    assert part.get_filename() == name
    assert not part["Content-Disposition"].defects
    assert not part["Content-Type"].defects
    assert b"filename*0" not in raw


@pytest.mark.parametrize(
    "odd",
    ["message/rfc822", "multipart/mixed", "text", "a/b; c=d", "", "image/ไทย", "Message/Partial"],
)
def test_a_type_that_may_not_be_base64_or_is_none_becomes_plain_bytes(odd):
    raw = fields.content_fields(odd, "a.eml", "a.eml", inline=False)[0]
    assert raw.startswith(b"Content-Type: application/octet-stream;")


def test_a_thai_domain_is_written_as_its_a_label():
    assert fields.mail_address("saraban@จังหวัดแพร่.ไทย").startswith("saraban@xn--")


def test_an_address_in_thai_stands_in_its_field_as_utf8_and_its_name_does_not():
    """RFC 6532 §3: the address itself cannot be an encoded word."""
    field = fields.address_field("To", [Address("สารบรรณ", "สารบรรณ@example.org")])
    assert "<สารบรรณ@example.org>".encode() in field
    assert field.count(b"=?utf-8?B?") == 1


def test_odd_message_ids_of_strangers_are_left_out_of_references():
    ids = ["<a@b>", None, "", "no brackets", "<with space@b>", "<a@b>", "<c@d>", "<ก@b>"]
    assert fields.usable_ids(ids) == ["<a@b>", "<c@d>"]
