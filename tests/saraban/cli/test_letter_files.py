"""What an officer is told of files inside files, and that nothing of it disturbs the books."""

import base64
import io
import zipfile

from tests.gateway.inbound.mails import multipart, part
from tests.gateway.inbound.tnef_writer import attachment, message, text16
from tests.registry.pdf import signing
from tests.saraban.office import DLA, PHRAE, SECRETS

NAME = "หนังสือที่ มท ๐๘๐๓.pdf"
HEAD = (
    f"From: {DLA}\r\nTo: {PHRAE}\r\nMessage-ID: <tnef@dla.go.th>\r\n"
    "Date: Fri, 03 Oct 2025 10:42:00 +0700\r\nMIME-Version: 1.0\r\n"
    "Subject: =?utf-8?b?" + base64.b64encode("ขอส่งคู่มือ".encode()).decode() + "?=\r\n"
).encode()


def letter():
    """A letter as Outlook sends it to those it takes for Outlook: PDF and zip in a winmail.dat."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as file:
        file.writestr("ภาคผนวก.xlsx", b"x" * 1500)
    winmail = message(
        attachment(b"LETTER~1.PDF", b"%PDF-1.4 " + b"x" * 90_000, text16(0x3707, NAME)),
        attachment(b"annex.zip", zipped.getvalue()),
    )
    encoded = base64.encodebytes(winmail).replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    tnef = part(encoded, "application/ms-tnef", content_transfer_encoding="base64")
    return multipart(part("เรียน ผู้ว่าราชการจังหวัดแพร่\r\n".encode()), tnef, head=HEAD)


def test_an_officer_sees_the_files_and_what_they_hold(office):
    office.lay_raw(letter(), DLA, PHRAE)
    office.enter()
    [entry] = office.received()
    assert [one["name"] for one in entry["enclosures"]] == [NAME, "annex.zip"]
    shown = office.run("letter", "show", entry["id"]).stdout
    assert "ภาคผนวก.xlsx (๑.๕ KB)" in shown
    assert shown.count("แยกออกมาจาก") == 2


def test_the_original_comes_back_and_the_proof_holds(office):
    """The winmail.dat is what the mail is put together from; what was in it is only listed."""
    raw = letter()
    office.lay_raw(raw, DLA, PHRAE)
    office.enter()
    [entry] = office.received()
    assert office.run("letter", "original", entry["id"]).stdout_bytes == raw
    assert office.data("proof")["holds"]


def signed(text):
    """A letter that is one S/MIME signature, text and PDF within."""
    paper = base64.encodebytes(b"%PDF-1.4 " + b"x" * 90_000).replace(b"\n", b"\r\n")
    inner = multipart(
        part(text.encode(), "text/plain; charset=utf-8"),
        part(paper, "application/pdf; name=list.pdf", content_transfer_encoding="base64"),
        head=b"",
    )
    seal = signing.signature_around(inner, signing.somying())
    return signing.opaque_mail(seal, HEAD.replace(b"MIME-Version: 1.0\r\n", b"").decode())


def test_a_letter_within_its_signature_is_registered_with_its_text_and_files(office):
    raw = signed("ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔\r\nเรียน ผู้ว่าราชการจังหวัดแพร่\r\n")
    office.lay_raw(raw, DLA, PHRAE)
    office.enter()
    [entry] = office.received()
    assert [one["name"] for one in entry["enclosures"]] == ["list.pdf"]
    assert entry["letter_number"] == "มท 0810.7/ว 3974"
    shown = office.run("letter", "show", entry["id"]).stdout
    assert "แยกออกมาจาก smime.p7m" in shown
    assert office.run("letter", "original", entry["id"]).stdout_bytes == raw
    assert office.data("proof")["holds"]


def test_a_marking_within_a_signature_holds_the_letter_for_those_who_are_cleared(office):
    office.lay_raw(signed("ลับ\r\nรายชื่อผู้ต้องสงสัย\r\n"), DLA, PHRAE)
    office.enter()
    [letter] = office.waiting()
    assert "(ลับ)" in office.run("letter", "waiting").stdout
    assert "list.pdf" not in office.run("letter", "show", letter["id"]).stdout
    assert "list.pdf" in office.run("letter", "show", letter["id"], "--as", SECRETS).stdout
