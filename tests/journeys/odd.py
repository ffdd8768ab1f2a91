"""Mails of odd shapes, as old programs, careless ones and hostile ones send them.

Each is the bytes of a whole mail with CRLF at its end, from กรมส่งเสริมฯ to จังหวัดแพร่ unless
the shape is about that.
"""

from base64 import b64encode
from urllib.parse import quote

DLA = "saraban@dla.go.th"
PHRAE = "saraban@phrae.go.th"
THAI = "ขอส่งคู่มือสำหรับประชาชน"


def mail(
    name: str, body: bytes = b"x\r\n", *, subject: bytes | None = b"", **fields: bytes
) -> bytes:
    """Put a mail together from bytes; a field given replaces the usual one, b"" leaves it out."""
    usual = {
        "From": DLA.encode(),
        "To": PHRAE.encode(),
        "Subject": subject or name.encode(),
        "Message-ID": f"<{name}@dla.go.th>".encode(),
        "Date": b"Fri, 03 Oct 2025 10:42:00 +0700",
        "MIME-Version": b"1.0",
    }
    usual |= {key.replace("_", "-"): value for key, value in fields.items()}
    if subject is None:
        del usual["Subject"]
    head = b"".join(key.encode() + b": " + value + b"\r\n" for key, value in usual.items() if value)
    return head + b"\r\n" + body


def multipart(*parts: bytes, end: bool = True) -> bytes:
    """Give a body of parts; each has header and body. Its type is in MIXED."""
    body = b"".join(b"--B\r\n" + part + b"\r\n" for part in parts)
    return body + (b"--B--\r\n" if end else b"")


MIXED = b'multipart/mixed; boundary="B"'


def file(content: bytes, name: bytes, kind: bytes = b"application/pdf") -> bytes:
    """Give a part with a file; ``name`` is the whole parameter, filename and all."""
    coded = b64encode(content)
    lines = b"\r\n".join(coded[at : at + 76] for at in range(0, len(coded), 76))
    return (
        b"Content-Type: " + kind + b"\r\nContent-Disposition: attachment; " + name
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines
    )  # fmt: skip


def continued(name: str, pieces: int) -> bytes:
    """Give a file name in so many pieces (RFC 2231 §4), cut without regard to letters."""
    coded = quote(name, safe="")
    step = -(-len(coded) // (3 * pieces)) * 3
    cut = [coded[at : at + step] for at in range(0, len(coded), step)]
    assert len(cut) == pieces
    given = [f"filename*{place}*={piece}" for place, piece in enumerate(cut)]
    return ";\r\n ".join([given[0].replace("=", "=utf-8''"), *given[1:]]).encode()


def shapes() -> dict[str, bytes]:
    """Give the mails by name."""
    tis = THAI.encode("tis-620")
    pdf = file(b"%PDF-1.7 a", b'filename="a.pdf"')
    inner = mail("inner", multipart(file(b"%PDF inner", b'filename="in.pdf"')), Content_Type=MIXED)
    nested = b"Content-Type: message/rfc822\r\n\r\n" + inner
    text = b"Content-Type: text/plain; charset="
    long_name = f"{THAI}ขององค์กรปกครองส่วนท้องถิ่นในจังหวัด.pdf"
    return {
        "no-subject": mail("no-subject", subject=None),
        "no-from": mail("no-from", From=b""),
        "several-from": mail("several-from", From=f"{DLA}, saraban@other.go.th".encode()),
        "two-from-fields": b"From: saraban@other.go.th\r\n" + mail("two-from-fields"),
        "no-message-id": mail("no-message-id", Message_ID=b""),
        "no-date": mail("no-date", Date=b"yesterday, or so"),
        "windows-874": mail(
            "windows-874", THAI.encode("cp874") + b"\r\n",
            subject=b"=?windows-874?B?" + b64encode(THAI.encode("cp874")) + b"?=",
            Content_Type=b"text/plain; charset=windows-874",
        ),
        "raw-tis-620": mail(
            "raw-tis-620",
            multipart(
                text + b"TIS-620\r\n\r\n" + tis, file(b"%PDF", b'filename="' + tis + b'.pdf"')
            ),
            subject=tis, Content_Type=MIXED,
        ),
        "unknown-charset": mail(
            "unknown-charset", tis + b"\r\n", Content_Type=b"text/plain; charset=x-thai-of-1989"
        ),
        "nul-bytes": mail("nul-bytes", b"a\x00b\r\n\x00\r\n", subject=b"nul\x00bytes"),
        "thirteen-pieces": mail(
            "thirteen-pieces", multipart(file(b"%PDF", continued(long_name, 13))),
            Content_Type=MIXED,
        ),
        "empty-file": mail(
            "empty-file", multipart(file(b"", b'filename="empty.pdf"'), pdf), Content_Type=MIXED
        ),
        "nested": mail("nested", multipart(nested, pdf), Content_Type=MIXED),
        "no-end": mail("no-end", multipart(pdf, end=False), Content_Type=MIXED),
        "no-boundary": mail("no-boundary", multipart(pdf), Content_Type=b"multipart/mixed"),
        "bad-base64": mail(
            "bad-base64", multipart(pdf.replace(b"JVBER", b"JV*B\x80R")), Content_Type=MIXED
        ),
        "same-name-twice": mail(
            "same-name-twice", multipart(pdf, pdf.replace(b"JVBER", b"JVBES")), Content_Type=MIXED
        ),
        "deep": mail("deep", _deep(200), Content_Type=b'multipart/mixed; boundary="B0"'),
        "addresses": mail("addresses", Cc=b"a b " * 20_000),
        "long-line": mail("long-line", b"x" * 100_000 + b"\r\n"),
        "bare-line-ends": mail("bare-line-ends", b"a\nb\rc\r\n.\n\r\n"),
        "only-noise": b"\x00\xff\xfe\x80" * 300 + b"\r\n",
        "nothing": b"\r\n",
    }  # fmt: skip


def _deep(levels: int) -> bytes:
    return b"".join(
        f'--B{level}\r\nContent-Type: multipart/mixed; boundary="B{level + 1}"\r\n\r\n'.encode()
        for level in range(levels)
    )
