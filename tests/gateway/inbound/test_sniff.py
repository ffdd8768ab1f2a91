"""What a file is by its bytes."""

import io
import threading
import zipfile

import pytest

from gateway.inbound.sniff import MOST_SURE, Sniffer, media_type

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PROGRAM = b"MZ" + b"\x90\x00" * 29 + (128).to_bytes(4, "little") + b"\x00" * 64 + b"PE\x00\x00L\x01"


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "claimed", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "application/octet-stream", "application/pdf"),
        (b"%PDF-1.7\n%\xe2\xe3", "image/png", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "", "image/png"),
        (PROGRAM, "application/pdf", "application/x-dosexec"),
        (zipped(), DOCX, DOCX),
        (zipped(), "application/pdf", "application/zip"),
        ("เรียน ผู้ว่าราชการจังหวัด".encode(), "text/csv", "text/csv"),
        (b"plain words", "application/pdf", "text/plain"),
        (b"\x00\x01\x02\x03", "application/x-own", "application/x-own"),
        (OLE, "application/msword", "application/msword"),
        (b"\x00\x01\x02\x03", "application/pdf", "application/octet-stream"),
        (b"", "application/pdf", "application/octet-stream"),
        (b"", "", "application/octet-stream"),
        (b"", "text/plain", "application/octet-stream"),
    ],
)
def test_bytes_decide_and_the_claim_only_breaks_ties(head, claimed, expected):
    assert media_type(head, claimed) == expected


def test_threads_may_look_at_the_same_time():
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(media_type(b"%PDF-1.4", ""))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["application/pdf"] * 8


@pytest.mark.parametrize(
    ("head", "claimed", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "image/png", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "", "image/png"),
        (PROGRAM, "application/pdf", "application/x-dosexec"),
        (b"\x7fELF\x02\x01\x01", "application/pdf", "application/x-executable"),
        (b"#!/bin/sh\n", "text/plain", "text/x-shellscript"),
        (zipped(), DOCX, DOCX),
        (zipped(), "application/pdf", "application/zip"),
        (OLE, "application/msword", "application/msword"),
        (b" <!DOCTYPE html><p>", "text/plain", "text/html"),
        ("เรียน ผู้ว่าราชการจังหวัด".encode(), "text/csv", "text/csv"),
        (b"plain words", "application/pdf", "text/plain"),
        (b"\x00\x01\x02\x03", "application/x-own", "application/x-own"),
        (b"\x00\x01\x02\x03", "application/pdf", "application/octet-stream"),
        (b"", "application/pdf", "application/octet-stream"),
    ],
)
def test_of_hundreds_of_files_the_later_ones_are_known_by_how_they_begin(head, claimed, expected):
    sniffer = Sniffer()
    sniffer.seen = MOST_SURE
    assert sniffer.media_type(head, claimed) == expected


def test_libmagic_is_asked_for_the_first_hundred_or_for_all():
    odd = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"  # no table of ours knows it
    sniffer, thorough = Sniffer(), Sniffer(all_sure=True)
    kinds = [sniffer.media_type(odd, "") for _ in range(MOST_SURE + 1)]
    assert kinds == ["video/mp4"] * MOST_SURE + ["application/octet-stream"]
    assert {thorough.media_type(odd, "") for _ in range(MOST_SURE + 1)} == {"video/mp4"}
