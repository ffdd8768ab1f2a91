"""Mail that wants to keep a machine busy: read with a few times the work of a plain mail.

Work is CPU time of this process, as a ratio to a plain mail of the same size, so that a slow or
busy machine does not matter: what grows faster than the mail gives hundreds, never a few.
"""

import time
from functools import cache

import pytest

from tests.gateway.inbound.mails import HEAD, Reader, multipart, part

MOST_TIMES = 40  # a plain text is read quickly: what is in parts costs up to 27 times as much
SMALLEST = 3_000_000  # a mail of fewer bytes is held against a plain one of so many
PDF = "application/pdf"


def nested(levels, boundary):
    """Multiparts in multiparts; ``boundary`` gives the one of a level."""
    opened = (
        b"Content-Type: multipart/mixed; boundary=" + name + b"\r\n\r\n--" + name + b"\r\n"
        for name in map(boundary, range(levels))
    )
    return HEAD + b"".join(opened)


def file(body, encoding="base64"):
    return (
        HEAD
        + f"Content-Type: {PDF}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + body
    )


BOMBS = {
    "a hundred thousand parts": multipart(*[b""] * 100_000),
    "a thousand files": multipart(*[part(b"x", PDF)] * 990),
    "parts that are only headers": multipart(*[b"X-A: b"] * 990) + b"X: y\r\n" * 50_000,
    "a thousand boundaries that never come": multipart(
        *[b"Content-Type: multipart/mixed; boundary=u%d\r\n\r\nx" % n for n in range(900)],
        part(b"xyz\r\n" * 2_000_000, PDF),
    ),
    "megabytes of parameters": multipart(
        *[part(b"x", PDF + "".join(f";a{n}*0*=%41" for n in range(900)))] * 300
    ),
    "five thousand levels": nested(5000, lambda n: b"b%d" % n),
    "boundaries that begin like each other": nested(28, lambda n: b"a" * (n + 1))
    + (b"\r\n--" + b"a" * 29) * 90_000,
    "the same boundary at every depth": nested(28, lambda _: b"a") + b"\r\n--a" * 90_000,
    "attached mails five thousand deep": b"Content-Type: message/rfc822\r\n\r\n" * 5000,
    "a megabyte of header": b"X: " + b"a" * 1_000_000 + b"\r\n" + HEAD + b"\r\nx",
    "a hundred thousand addresses": b"To: " + b"a@b.example, " * 100_000 + b"\r\n\r\nx",
    "addresses in many fields": (b"From: " + b"a@b.example, " * 200 + b"\r\n") * 90 + b"\r\nx",
    "sixty thousand atoms": b"To: " + b"a " * 60_000 + b"\r\n\r\nx",
    "twenty thousand encoded words": b"Subject: " + b"=?utf-8?b?4LiB?= " * 20_000 + b"\r\n\r\nx",
    "encoded words that never end": b"Subject: " + b"=?a?b?" * 2_700 + b"\r\n\r\nx",
    "twenty thousand continuations": f"Content-Type: {PDF}; ".encode()
    + b"; ".join(b"name*%d*=%%41" % n for n in range(20_000))
    + b"\r\n\r\nx",
    "a hundred thousand fields": b"X: 1\r\n" * 100_000 + b"\r\nx",
    "three thousand comments": b"From: " + b"(" * 3000 + b")" * 3000 + b" a@b.c\r\n\r\nx",
    "comments that never end": b"Content-Type: " + b"(" * 16_000 + b"\r\n\r\nx",
    "a date of brackets": b"Date: " + b"(" * 16_000 + b"\r\n\r\nx",
    "a quotation that never ends": b'Content-Type: x/y; a="' + b"\\" * 16_000 + b"\r\n\r\nx",
    "a text of brackets": b"Content-Type: text/html\r\n\r\n" + b"<" * 2_000_000,
    "a text of references": b"Content-Type: text/html\r\n\r\n" + b"&#x" * 600_000,
    "a text of quotations begun": HEAD + b"\r\n" + b"On x <a@b>\r\n" * 100_000,
    "a text of heads": HEAD + b"\r\n" + b"From: a\r\n" * 150_000,
    "a text of uuencoded beginnings": HEAD + b"\r\n" + b"begin 644 a\r\n" * 100_000,
    "base64 behind its padding": file(b"QQ==\r\n" * 1_000_000),
    "an escape cut in every line": file(b"=3D=" * 1_000_000, "quoted-printable"),
    "a line of 50 MB": HEAD + b"\r\n" + b"x" * 50_000_000,
    "a line of 50 MB of escapes": file(b"=" * 50_000_000, "quoted-printable"),
    "NULs": HEAD + b"\r\n" + b"\x00" * 5_000_000,
}


def work(reader, raw):
    """CPU seconds that reading this mail takes."""
    started = time.process_time()
    reader.read(raw)
    return time.process_time() - started


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A reader for which libmagic and all else is loaded."""
    reader = Reader(tmp_path_factory.mktemp("bombs"))
    reader.read(multipart(part(b"%PDF-1.4", PDF)))
    return reader


@pytest.fixture(scope="module")
def plain_work(reader):
    """What a plain mail of so many bytes costs; measured once for each size."""

    @cache
    def measured(size):
        line = "เรียน ผู้ว่าราชการจังหวัด ตามที่ได้มีหนังสือ\r\n".encode()
        return work(reader, HEAD + b"\r\n" + line * (size // len(line)))

    return measured


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_a_few_times_what_a_plain_mail_costs(reader, plain_work, bomb):
    plain = plain_work(max(len(bomb), SMALLEST))
    assert work(reader, bomb) < MOST_TIMES * plain
