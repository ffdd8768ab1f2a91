"""Which files are not taken, and which are not what they say they are."""

import pytest

from gateway.inbound.forbidden import Forbidden, ending_of, falsely_named
from registry.letter.message import Part
from tests.gateway.inbound.mails import Reader, multipart
from tests.gateway.inbound.mails import part as mail_part


def part(name, claimed, found):
    return Part(0, name, name, found, claimed, 10, "0" * 64)


@pytest.mark.parametrize(
    ("entries", "types", "names", "kind"),
    [
        (("video/*",), ("video/mp4",), (), "video/mp4"),
        (("video/*",), ("audio/mpeg",), (), ""),
        (("Application/PDF",), ("application/pdf",), (), "application/pdf"),
        (("application/x-dosexec",), ("application/x-executable",), (), "application/x-executable"),
        ((" .EXE ",), (), ("a.exe",), ".exe"),
        ((".exe",), ("application/x-dosexec",), ("a.exe.pdf",), ""),
        ((), ("application/x-dosexec",), ("a.exe", ""), ""),
        (("",), ("",), ("",), ""),
    ],
)
def test_an_entry_is_a_type_a_group_or_an_ending(entries, types, names, kind):
    assert Forbidden(entries).among(types, names) == kind


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.PDF", ".pdf"), ("a.exe . .", ".exe"), ("a", ""), (".", ""), ("รายงาน.ปี.docx", ".docx")],
)
def test_an_ending_is_what_windows_goes_by(name, ending):
    assert ending_of(name) == ending


@pytest.mark.parametrize(
    ("name", "claimed", "found", "words"),
    [
        ("a.pdf", "application/pdf", "application/x-dosexec", "อ้างว่าเป็น PDF แต่เป็นโปรแกรม"),
        ("a", "application/pdf", "application/x-executable", "อ้างว่าเป็น PDF แต่เป็นโปรแกรม"),
        ("a.jpg", "image/jpeg", "application/pdf", "อ้างว่าเป็น ภาพ แต่เป็นPDF"),
        ("a.docx", "application/octet-stream", "image/png", "อ้างว่าเป็น เอกสาร Office แต่เป็นภาพ"),
    ],
)
def test_a_file_under_a_false_name_is_told(name, claimed, found, words):
    assert list(falsely_named([part(name, claimed, found)])) == [f"ไฟล์ “{name}” {words}"]


@pytest.mark.parametrize(
    ("name", "claimed", "found"),
    [
        ("a.pdf", "application/octet-stream", "application/pdf"),
        ("a.docx", "application/octet-stream", "application/zip"),
        ("a.jpg", "image/jpeg", "image/png"),
        ("a.exe", "application/octet-stream", "application/x-dosexec"),
        ("a.pdf", "application/pdf", "application/octet-stream"),
        ("a.m4a", "audio/mp4", "video/mp4"),
        ("a.xyz", "text/plain", "application/pdf"),
    ],
)
def test_what_may_well_be_so_is_not_held_against_a_file(name, claimed, found):
    assert list(falsely_named([part(name, claimed, found)])) == []


def test_officers_are_told_of_a_program_that_came_as_a_pdf(tmp_path):
    program = b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0\x4c\x01" + bytes(300)
    raw = multipart(mail_part(b"hello"), mail_part(program, 'application/pdf; name="report.pdf"'))
    message = Reader(tmp_path).read(raw, scan="not_scanned", scan_detail="away")
    assert "ไฟล์ “report.pdf” อ้างว่าเป็น PDF แต่เป็นโปรแกรม" in message.defects
    assert (message.scan, message.scan_detail) == ("not_scanned", "away")
