"""A spooled mail read as a whole: good mail and bad mail."""

import email.policy
import logging
import os
from base64 import b64encode
from email.message import EmailMessage

import pytest

from gateway.inbound import parse as subject
from gateway.inbound.sniff import MOST_SURE
from registry.letter.message import Listener, Means
from registry.settings import AttachmentSettings, OfficeSettings
from tests.gateway.inbound.mails import HEAD, Reader, multipart, part

THAI_NAME = "คู่มือสำหรับประชาชน ฉบับที่ ๒.pdf"


def letter():
    """A letter as an ordinary mail client writes it."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = "สารบรรณ จังหวัดแพร่ <saraban@phrae.example>"
    mail["To"] = "กรมส่งเสริมการปกครองท้องถิ่น <saraban@dla.example>, second@dla.example"
    mail["Cc"] = "copy@dla.example"
    mail["Subject"] = "[ด่วนที่สุด] ขอส่งคู่มือสำหรับประชาชนขององค์กรปกครองส่วนท้องถิ่นในจังหวัดแพร่"
    mail["Date"] = "Fri, 03 Oct 2025 10:00:00 +0700"
    mail["Message-ID"] = "<7@phrae.example>"
    mail["In-Reply-To"] = "<6@dla.example>"
    mail["References"] = "<5@dla.example> <6@dla.example>"
    mail.set_content("เรียน อธิบดี\n\nขอส่งคู่มือมาพร้อมนี้\n")
    mail.add_alternative("<p>เรียน อธิบดี</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf", filename=THAI_NAME)
    mail.add_attachment("ตาราง", subtype="csv", filename="ตาราง.csv")
    return mail


def test_an_ordinary_letter_is_read_whole(tmp_path):
    reader = Reader(tmp_path)
    message = reader.read(letter().as_bytes())
    assert message.sender == "saraban@phrae.example"
    assert message.sender_name == "สารบรรณ จังหวัดแพร่"
    assert message.to == ("saraban@dla.example", "second@dla.example")
    assert message.cc == ("copy@dla.example",)
    assert message.subject.startswith("[ด่วนที่สุด] ขอส่งคู่มือ")
    assert message.message_id == "<7@phrae.example>"
    assert message.references == ("<6@dla.example>", "<5@dla.example>")
    assert message.text == "เรียน อธิบดี\n\nขอส่งคู่มือมาพร้อมนี้"
    assert [(p.name, p.media_type) for p in message.parts] == [
        (THAI_NAME, "application/pdf"),
        ("ตาราง.csv", "text/csv"),
    ]
    assert reader.content(message.parts[0]) == b"%PDF-1.7 x"
    assert (message.parsed, message.defects) == (True, ())


def test_nobody_is_trusted_yet(tmp_path):
    assert Reader(tmp_path).read(letter().as_bytes()).trust.means is Means.NONE


def test_the_envelope_is_handed_on(tmp_path):
    message = Reader(tmp_path).read(letter().as_bytes(), peer="192.0.2.1", mail_from="x@y.z")
    assert (message.peer, message.mail_from) == ("192.0.2.1", "x@y.z")
    assert message.recipients == ("saraban@dla.example",)


@pytest.mark.parametrize("seed", range(6))
def test_well_formed_mail_is_read_as_the_standard_library_reads_it(tmp_path, seed):
    mail = letter()
    for number in range(seed):
        kind = ("base64", "quoted-printable", "8bit")[number % 3]
        mail.add_attachment("ข้อความ\n" * number, cte=kind, filename=f"ไฟล์ {number}.txt")
    raw = mail.as_bytes()
    expected = email.message_from_bytes(raw, policy=email.policy.default)
    reader = Reader(tmp_path)
    message = reader.read(raw)
    assert message.subject == expected["subject"]
    assert message.date_header == expected["date"].datetime
    assert [p.original_name for p in message.parts] == [
        a.get_filename() for a in expected.iter_attachments()
    ]
    assert [reader.content(p).replace(b"\r\n", b"\n") for p in message.parts] == [
        a.get_payload(decode=True).replace(b"\r\n", b"\n") for a in expected.iter_attachments()
    ]


def test_a_letter_without_subject_from_and_date_is_read(tmp_path):
    message = Reader(tmp_path).read(b"To: saraban@dla.example\r\n\r\nhello\r\n")
    assert (message.subject, message.sender, message.senders) == ("", "", ())
    assert (message.date_header, message.message_id) == (None, None)
    assert message.text == "hello"
    assert message.parsed


def test_a_letter_with_several_from_addresses_has_no_sender(tmp_path):
    raw = HEAD.replace(b"From: ", b"From: boss@dla.example, ") + b"\r\nx"
    message = Reader(tmp_path).read(raw)
    assert message.sender == ""
    assert message.senders == ("boss@dla.example", "saraban@phrae.example")


def test_an_attached_mail_is_a_file_and_its_files_are_listed_beside_it(tmp_path):
    inner = multipart(
        part(b"inner text"), part(b"%PDF-1.4", 'application/pdf; name="in.pdf"'), boundary="I"
    )
    attached = b"Content-Type: message/rfc822\r\n\r\n" + inner
    reader = Reader(tmp_path)
    message = reader.read(multipart(part(b"see below"), attached))
    assert [p.name for p in message.parts] == ["test.eml", "in.pdf"]
    assert reader.content(message.parts[0]) == inner.removesuffix(b"\r\n") + b"\r\n"
    assert message.parts[0].media_type == "message/rfc822"


def thai_pdf(**fields):
    return part(b"%PDF-1.4", "application/pdf", **fields)


def test_a_letter_forwarded_as_an_attachment_keeps_its_thai_names(tmp_path):
    """Old mailers wrote names as RFC 2231, as encoded words and as raw TIS-620."""
    raw = b"%".join([b"", *(b"%02X" % byte for byte in THAI_NAME.encode("cp874"))])
    word = b64encode(THAI_NAME.encode("cp874")).decode()
    files = (
        thai_pdf(content_disposition=f"attachment; filename*=windows-874''{raw.decode()}"),
        thai_pdf(content_disposition=f'attachment; filename="=?tis-620?b?{word}?="'),
        b'Content-Type: application/pdf; name="' + THAI_NAME.encode("cp874") + b'"\r\n\r\n%PDF-1.4',
    )
    head = HEAD.replace(b"test", "เรื่องเดิม".encode("cp874"))
    inner = multipart(part("เรียน ท่าน".encode()), *files, boundary="I", head=head)
    forwarded = b"Content-Type: message/rfc822\r\n\r\n" + inner
    message = Reader(tmp_path).read(multipart(part(b"see below"), forwarded))
    assert [one.name for one in message.parts] == ["เรื่องเดิม.eml", *[THAI_NAME] * 3]
    assert message.text == "see below"


def test_a_guess_at_the_name_of_a_file_is_told(tmp_path):
    name = THAI_NAME.encode("cp874").decode("latin-1")
    raw = multipart(thai_pdf(content_disposition=f'attachment; filename="{name}"'))
    message = Reader(tmp_path).read(raw.decode().encode("latin-1"))
    assert message.parts[0].name == THAI_NAME
    assert message.defects == (
        "part 0: name: no charset: read as windows-874 (the bytes are Thai letters)",
    )


def test_a_signed_letter_keeps_its_files_and_its_signature(tmp_path):
    inner = multipart(part(b"text"), part(b"%PDF-1.4", "application/pdf"), boundary="I", head=b"")
    signature = part(b"0\x82", "application/pkcs7-signature; name=smime.p7s")
    message = Reader(tmp_path).read(multipart(inner, signature, kind="signed"))
    assert [p.name for p in message.parts] == ["เอกสาร-1.pdf", "smime.p7s"]
    assert message.text == "text"


def test_a_multipart_without_boundary_is_kept_shown_and_left_to_an_officer(tmp_path):
    raw = HEAD + b"Content-Type: multipart/mixed\r\n\r\nsome words\r\n"
    message = Reader(tmp_path).read(raw)
    assert not message.parsed
    assert "some words" in message.text
    assert len(message.parts) == 1


def test_a_forbidden_type_is_named(tmp_path):
    reader = Reader(tmp_path)
    reader.settings = OfficeSettings(
        attachments=AttachmentSettings(forbidden_types=("application/pdf",))
    )
    message = reader.read(letter().as_bytes())
    assert "part 2: of a forbidden type" in message.defects


def test_a_crowd_of_files_hides_no_forbidden_one(tmp_path):
    film = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    crowd = [part(b"%PDF-1.7", "application/pdf") for _ in range(MOST_SURE)]
    reader = Reader(tmp_path)
    reader.settings = OfficeSettings(attachments=AttachmentSettings(forbidden_types=("video/*",)))
    message = reader.read(multipart(*crowd, part(film, "application/x-own")))
    assert f"part {MOST_SURE}: of a forbidden type" in message.defects


def test_of_a_crowd_of_files_it_is_said_that_the_later_types_are_less_sure(tmp_path):
    crowd = [part(b"%PDF-1.7", "application/pdf") for _ in range(MOST_SURE + 1)]
    message = Reader(tmp_path).read(multipart(*crowd))
    assert {p.media_type for p in message.parts} == {"application/pdf"}
    assert message.defects == ("more than 100 files: the types of the rest by a glance",)


def test_a_letter_sealed_as_a_whole_is_a_file_and_says_so(tmp_path):
    raw = HEAD + b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\n0\x82\x01"
    message = Reader(tmp_path).read(raw)
    assert [p.name for p in message.parts] == ["smime.p7m"]
    assert "sealed as a whole" in message.defects[-1]


@pytest.mark.parametrize(
    ("field", "listener", "bounce"),
    [
        (b"", Listener.MX, True),
        (b"", Listener.COLLECTOR, False),
        (b"Return-Path: <>\r\n", Listener.COLLECTOR, True),
    ],
)
def test_a_mailbox_that_kept_no_return_path_does_not_make_a_bounce(
    tmp_path, field, listener, bounce
):
    raw = field + HEAD + b"\r\nx"
    assert Reader(tmp_path).read(raw, mail_from="", listener=listener).bounce is bounce


def test_machine_parts_are_not_shown_as_files(tmp_path):
    manifest = part(b'{"files": []}', "application/vnd.saraban.letter+json")
    assert Reader(tmp_path).read(multipart(part(b"x"), manifest)).parts == ()


def test_a_fault_in_the_reader_costs_a_persons_time_but_never_the_letter(
    tmp_path, monkeypatch, caplog
):
    """The last net: what nobody thought of."""

    def breaks(_):
        raise RecursionError("secret subject")

    monkeypatch.setattr(subject, "split", breaks)
    with caplog.at_level(logging.ERROR):
        message = Reader(tmp_path).read(HEAD + b"\r\nwords\r\n")
    assert not message.parsed
    assert "words" in message.text
    assert message.defects == ("not readable: RecursionError",)
    assert message.original.form == "whole"


def test_a_full_disk_is_not_a_bad_mail(tmp_path, monkeypatch):
    reader = Reader(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        reader.read(letter().as_bytes())
    monkeypatch.undo()
    assert list(reader.blobs.all()) == []
