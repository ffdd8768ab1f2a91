"""Files inside files: taken out, listed behind what they lay in, never needed for the original."""

import base64
import binascii
import io
import zipfile

import pytest

from gateway.inbound.inside import MOST_TAKEN_OUT
from tests.gateway.inbound.mails import HEAD, Reader, multipart, part
from tests.gateway.inbound.test_tnef import HELLO
from tests.gateway.inbound.tnef_writer import attachment, binary, message, text16

TNEF = "application/ms-tnef; name=winmail.dat"
NAME = "หนังสือที่ มท ๐๘๐๓.pdf"
PDF = b"%PDF-1.4\n" + b"x" * 100_000


@pytest.fixture
def reader(tmp_path):
    return Reader(tmp_path)


def encoded(raw, content_type=TNEF):
    lines = base64.encodebytes(raw).replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    return part(lines, content_type, content_transfer_encoding="base64")


def uuencoded(data, name="a.pdf"):
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return (f"begin 644 {name}\n".encode() + b"".join(lines) + b"`\nend\n").replace(b"\n", b"\r\n")


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, b"x")
    return out.getvalue()


def test_the_files_of_a_winmail_dat_are_files_of_the_letter(reader):
    raw = message(attachment(b"LETTER~1.PDF", PDF, text16(0x3707, NAME)))
    mail = reader.read(
        multipart(part(b"hello"), encoded(raw), part(b"%PDF-1.4", "application/pdf"))
    )
    outer, inner, last = mail.parts
    assert (inner.name, inner.media_type, inner.bytes) == (NAME, "application/pdf", len(PDF))
    assert reader.content(inner) == PDF
    assert (outer.position, inner.position, last.position) == (1, 2, 3)
    assert (outer.taken_from, inner.taken_from, last.taken_from) == (None, 1, None)


def test_a_winmail_dat_that_gave_everything_is_kept_and_shown_to_nobody(reader):
    raw = message(attachment(b"a.pdf", PDF))
    mail = reader.read(multipart(part(b"hello"), encoded(raw)))
    outer, inner = mail.parts
    assert (outer.decoration, inner.decoration) == (True, False)
    assert reader.content(outer) == raw
    assert mail.defects == ()


def test_the_original_needs_the_winmail_dat_and_nothing_of_what_was_in_it(reader):
    raw = message(attachment(b"a.pdf", PDF))
    sent = multipart(part(b"hello"), encoded(raw))
    mail = reader.read(sent)
    outer, inner = mail.parts
    assert [step["sha256"] for step in mail.original.recipe] == [outer.sha256]
    reader.blobs.path(inner.sha256).unlink()
    assert reader.original(mail) == sent


def test_a_damaged_winmail_dat_stays_a_file_and_says_so(reader):
    raw = message(attachment(b"a.pdf", PDF), attachment(b"b.pdf", PDF))[:-100]
    mail = reader.read(multipart(part(b"hello"), encoded(raw)))
    outer, inner = mail.parts
    assert (outer.name, outer.decoration) == ("winmail.dat", False)
    assert inner.name == "a.pdf"
    assert mail.defects == ("part 1: damaged winmail.dat: a length beyond the end",)


def test_subject_and_text_come_from_the_winmail_dat_where_the_mail_has_none(reader):
    raw = message(subject="ขอเชิญประชุม".encode("cp874"), body="เรียน ท่าน".encode("cp874"))
    head = HEAD.replace(b"Subject: test\r\n", b"")
    mail = reader.read(head + encoded(raw))
    assert (mail.subject, mail.text, mail.own_text) == ("ขอเชิญประชุม", "เรียน ท่าน", "เรียน ท่าน")
    assert mail.parsed


@pytest.mark.parametrize(("said", "files"), [(b"hello", 1), (b"", 2)])
def test_a_text_in_rtf_is_a_file_only_where_the_mail_says_nothing_else(reader, said, files):
    raw = message(those=(binary(0x1009, HELLO),))
    mail = reader.read(multipart(part(said), encoded(raw)))
    assert len(mail.parts) == files
    assert [one.media_type for one in mail.parts[1:]] == ["text/rtf"] * (files - 1)


def test_a_winmail_dat_is_known_by_its_bytes_whatever_it_is_called(reader):
    raw = message(attachment(b"a.pdf", PDF))
    mail = reader.read(multipart(part(b"x"), encoded(raw, "application/octet-stream; name=ATT1")))
    assert [one.name for one in mail.parts] == ["ATT1", "a.pdf"]


def test_a_file_written_into_a_text_is_a_file_and_the_text_keeps_the_rest(reader):
    sent = HEAD + b"\r\nhello\r\n\r\n" + uuencoded(PDF, "../หนังสือ.pdf") + b"\r\nbye\r\n"
    mail = reader.read(sent)
    (file,) = mail.parts
    assert mail.text == "hello\n\n\nbye"
    assert (file.name, file.original_name) == ("หนังสือ.pdf", "../หนังสือ.pdf")
    assert (file.position, file.taken_from, file.media_type) == (1, 0, "application/pdf")
    assert reader.content(file) == PDF


def test_a_uuencoded_file_that_breaks_off_is_kept_as_far_as_it_goes(reader):
    mail = reader.read(HEAD + b"\r\n" + uuencoded(PDF)[:5000])
    assert PDF.startswith(reader.content(mail.parts[0]))
    assert "part 0: a uuencoded file breaks off" in mail.defects


def test_more_files_inside_than_any_letter_has_are_left_in_the_original(reader):
    raw = message(*[attachment(b"a.txt", b"%d" % n) for n in range(300)])
    mail = reader.read(multipart(part(b"x"), encoded(raw), encoded(raw)))
    assert len(mail.parts) == MOST_TAKEN_OUT + 2
    assert [one.decoration for one in mail.parts if one.taken_from is None] == [True, False]
    assert "files inside others" in mail.defects[0]


def test_an_officer_sees_what_a_zip_holds(reader):
    mail = reader.read(multipart(part(b"x"), encoded(zipped(NAME), "application/zip; name=a.zip")))
    assert mail.parts[0].contents == ("๑ ไฟล์ เมื่อแตกแล้วรวม ๑ ไบต์", f"{NAME} (๑ ไบต์)")


def test_a_zip_inside_a_winmail_dat_is_listed_too(reader):
    raw = message(attachment(b"a.zip", zipped("../x")))
    mail = reader.read(multipart(part(b"x"), encoded(raw)))
    assert mail.parts[1].contents[1] == "มีชื่อไฟล์ที่ชี้ออกนอกโฟลเดอร์ ไม่ควรแตกไฟล์"
    assert mail.defects == ("part 2: zip with names that lead out of its folder",)
