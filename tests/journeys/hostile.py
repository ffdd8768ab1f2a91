"""Mails written to break, to deceive or to hide, and what an office does with each.

The bytes of whole mails, as those of :mod:`tests.journeys.odd`; from a host whose word on senders
is taken, unless the deceit is about the sender: then from a stranger.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass

import dkim

from tests.gateway.inbound.sealing import SIGNED, rsa_key
from tests.journeys import odd
from tests.journeys.odd import MIXED

NUMBERED, SHOWN, KEPT, BOUNCE = "registered", "waiting", "automatic", "bounce"
"""What becomes of a letter: it has its number, or waits for an officer, or is a machine's."""
RECORDS = {"s1._domainkey.dla.go.th": rsa_key().record}
"""What the name server of these mails knows."""
_RELAXED = (b"relaxed", b"relaxed")


@dataclass(frozen=True, slots=True)
class Hostile:
    """A mail, what becomes of it, and the address that it comes from."""

    raw: bytes
    state: str
    peer: str = "127.0.0.1"


def mails() -> dict[str, Hostile]:
    """Give the mails by name."""
    return _large() | _deceitful() | _files() | _broken()


def _large() -> dict[str, Hostile]:
    """Mails of which there is too much: parts, depth, header, addresses."""
    many = b", ".join(b"a%d@b.example" % number for number in range(100_000))
    deep = b"".join(
        b'--B%d\r\nContent-Type: multipart/mixed; boundary="B%d"\r\n\r\n' % (level, level + 1)
        for level in range(5_000)
    )
    attached = b"Content-Type: message/rfc822\r\n\r\n" * 5_000
    return {
        "100,000 empty parts": Hostile(
            odd.mail("empty-parts", odd.multipart(*[b""] * 100_000), Content_Type=MIXED), SHOWN
        ),
        "5,000 levels": Hostile(
            odd.mail("levels", deep, Content_Type=b'multipart/mixed; boundary="B0"'), SHOWN
        ),
        "5,000 mails in mails": Hostile(
            odd.mail("mails-in-mails", attached, Content_Type=b"message/rfc822"), NUMBERED
        ),
        "a header of 1 MB": Hostile(odd.mail("header", X_Long=b"a" * 1_000_000), SHOWN),
        "a header of 1 MB, folded": Hostile(odd.mail("folded", X_Long=b"a\r\n " * 250_000), SHOWN),
        "a subject of 1 MB": Hostile(odd.mail("subject", subject=b"x" * 1_000_000), SHOWN),
        "100,000 addresses in To": Hostile(odd.mail("to-many", To=many), SHOWN),
        "100,000 addresses in From": Hostile(odd.mail("from-many", From=many), SHOWN),
        "50,000 From fields": Hostile(
            b"From: saraban@dla.go.th\r\n" * 50_000 + odd.mail("from-fields"), SHOWN
        ),
        "5,000 signatures": Hostile(
            b"DKIM-Signature: v=1; a=rsa-sha256; d=dla.go.th; s=s1; b=AA\r\n" * 5_000
            + odd.mail("signatures"),
            SHOWN,
        ),
        "200,000 open tags": Hostile(
            odd.mail("tags", b"<div>" * 200_000 + b"\r\n", Content_Type=b"text/html"), SHOWN
        ),
    }


def _deceitful() -> dict[str, Hostile]:
    """Mails of strangers that claim to be somebody's, and ours with a boundary of two meanings."""
    signed = odd.mail("signed-in-part")
    above = dkim.sign(
        signed, b"s1", b"dla.go.th", rsa_key().pem, canonicalize=_RELAXED,
        include_headers=SIGNED, length=True,
    )  # fmt: skip
    forged = b"saraban.test; dkim=pass header.d=dla.go.th; dmarc=pass header.from=dla.go.th\r\n"
    hidden = b"--A\r\n\r\nsee\r\n--A--\r\n--C\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--C--"
    of_two = b"multipart/mixed; boundary=A; boundary=C"
    return {
        "DKIM with l=": Hostile(above + signed + b"and this was added\r\n", SHOWN, "127.0.0.2"),
        "forged Authentication-Results": Hostile(
            b"Authentication-Results: " + forged + odd.mail("forged"), SHOWN, "127.0.0.2"
        ),
        "two boundaries": Hostile(
            odd.mail("two-boundaries", hidden + b"\r\n", Content_Type=of_two), NUMBERED
        ),
        "an empty boundary": Hostile(
            odd.mail("empty-boundary", b"--\r\n\r\nx\r\n----\r\n",
                     Content_Type=b'multipart/mixed; boundary=""'),
            SHOWN,
        ),
        "the same boundary inside": Hostile(
            odd.mail("same-boundary", odd.multipart(b"Content-Type: " + MIXED + b"\r\n\r\n--B\r\n"),
                     Content_Type=MIXED),
            SHOWN,
        ),
        "a boundary with NUL": Hostile(
            odd.mail("nul-boundary", b"--B\x00\r\n\r\nx\r\n--B\r\n\r\ny\r\n--B--\r\n",
                     Content_Type=MIXED),
            NUMBERED,
        ),
        "names of codecs for charsets": Hostile(
            odd.mail("codecs", b"504b\r\n", Content_Type=b"text/plain; charset=hex_codec",
                     subject=b"=?zlib?q?abc?= =?undefined?q?x?= =?idna?q?a=2E?= =?utf-16?b?2AA=?="),
            NUMBERED,
        ),
    }  # fmt: skip


def _files() -> dict[str, Hostile]:
    """Files that are more, or other, than they seem."""
    padded = file(b"JVBERi0xLjc=\r\nTVqQAAMAAAAEAAAA", b'filename="a.pdf"')
    tricked = b'filename="a\x00\xe2\x80\xaefdp.exe"'
    upwards = b'filename="../../../../etc/passwd"'
    parts = {
        "NUL and bidi in a name": odd.file(b"%PDF-1.7 a", tricked),
        "base64 with data after padding": padded,
        "a deflate bomb in a PDF": odd.file(_pdf_bomb(), b'filename="a.pdf"'),
        "a deflate bomb in a zip": odd.file(_zip_bomb(), b'filename="a.zip"', b"application/zip"),
        "a name that leads out": odd.file(b"%PDF", upwards),
        "winmail.dat of noise": odd.file(
            b"\x78\x9f\x3e\x22" + b"\xff" * 3_000, b'filename="winmail.dat"',
            b"application/ms-tnef",
        ),
    }  # fmt: skip
    return {
        name: Hostile(
            odd.mail(name.replace(" ", "-"), odd.multipart(part), Content_Type=MIXED), NUMBERED
        )
        for name, part in parts.items()
    }


def _broken() -> dict[str, Hostile]:
    """Bytes that are hardly mail."""
    report = odd.multipart(
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; \x00\r\n\r\n"
        b"Final-Recipient: rfc822; a\x00@\xff\r\nStatus: 5.0.\x00\r\nDiagnostic-Code: \x00\xff\r\n"
    )
    kind = b'multipart/report; report-type=delivery-status; boundary="B"'
    return {
        "NUL and bidi in Subject and From": Hostile(
            odd.mail(
                "nul", subject=b"a\x00\xe2\x80\xae", From=b'"\x00\xe2\x80\xae" <' + DLA + b">"
            ),
            NUMBERED,
        ),
        "NUL in the Message-ID": Hostile(odd.mail("nul-id", Message_ID=b"<a\x00b@x>"), NUMBERED),
        "a date beyond all calendars": Hostile(
            odd.mail("date", Date=b"Fri, 31 Dec 9999 23:59:59 -9999"), NUMBERED
        ),
        "digits of every kind": Hostile(
            odd.mail("digits", "ที่ มท ²³/①⑨ วันที่ ³¹ กุมภาพันธ์ ๙๙๙๙๙๙๙๙\r\n".encode()), NUMBERED
        ),
        "lines that end in CR alone": Hostile(b"From: " + DLA + b"\rSubject: a\r\rb\r\r\n", SHOWN),
        "no header at all": Hostile(b"abc" * 1_000 + b"\r\n", SHOWN),
        "a report of NULs": Hostile(odd.mail("report", report, Content_Type=kind), BOUNCE),
    }


def file(coded: bytes, name: bytes) -> bytes:
    """Give a part with a file that is base64 already, right or wrong."""
    return odd.file(b"", name) + coded


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made, made.open("a", "w") as entry:
        for _ in range(50):
            entry.write(bytes(1_000_000))
    return out.getvalue()


def _pdf_bomb() -> bytes:
    twice = zlib.compress(zlib.compress(bytes(50_000_000)))
    stream = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>\nstream\n" % len(twice)
    return b"%PDF-1.7\n1 0 obj\n" + stream + twice + b"\nendstream\nendobj\n%%EOF\n"


DLA = odd.DLA.encode()
