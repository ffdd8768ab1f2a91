"""The writer of mails: what it writes is read back equal, and nothing wrong leaves."""

import email
import email.policy
import hashlib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.outbound import fields
from gateway.outbound.write import Damaged, File, Mail, Multi, Text, encoded_size, measure, write


def mail_of(body, seed="<1@example.org>"):
    return Mail((fields.text_field("Subject", "ทดสอบ"),), body, seed)


def written(mail: Mail) -> bytes:
    blocks = []
    count = write(mail, blocks.append)
    raw = b"".join(blocks)
    assert count == len(raw) == measure(mail)
    return raw


def parsed(mail: Mail):
    return email.message_from_bytes(written(mail), policy=email.policy.default)


def on_disk(folder: Path, data: bytes, name: str = "แผนผัง.pdf") -> File:
    digest = hashlib.sha256(data).hexdigest()
    path = folder / digest
    path.write_bytes(data)
    return File(name, "enclosure-1.pdf", "application/pdf", len(data), digest, path)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 56, 57, 58, 113, 114, 57 * 4096, 57 * 4096 + 1])
def test_a_file_of_any_size_comes_back_byte_for_byte(tmp_path, size):
    data = bytes(n % 251 for n in range(size))
    read = parsed(mail_of(Multi("mixed", (Text("ข้อความ"), on_disk(tmp_path, data)))))
    part = next(iter(read.iter_attachments()))
    assert part.get_payload(decode=True) == data
    assert part.get_filename() == "แผนผัง.pdf"


def test_the_encoded_size_is_told_without_reading(tmp_path):
    for size in (0, 1, 3, 57, 58, 100, 1_000_000):
        data = b"x" * size
        raw = written(mail_of(on_disk(tmp_path, data)))
        assert raw.endswith(b"\r\n")
        assert encoded_size(size) == len(raw.split(b"\r\n\r\n", 1)[1])


def test_nothing_is_over_the_line_limit_and_everything_is_seven_bit(tmp_path):
    body = Multi("mixed", (Text("ก" * 100_000), on_disk(tmp_path, b"\xff" * 100_000)))
    raw = written(mail_of(body))
    assert raw.isascii()
    assert b"\x00" not in raw
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=500),
    st.lists(st.binary(max_size=300), max_size=4),
)
def test_every_mail_is_read_back_equal_and_without_defects(tmp_path, text, files):
    parts = (
        Text(text),
        *[on_disk(tmp_path, data, f"ไฟล์ที่ {n}.pdf") for n, data in enumerate(files)],
    )
    read = parsed(mail_of(Multi("mixed", parts)))
    leaves = [part for part in read.walk() if not part.is_multipart()]
    assert not any(part.defects for part in read.walk())
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert leaves[0].get_payload(decode=True).decode().split("\r\n") == lines
    assert [part.get_payload(decode=True) for part in leaves[1:]] == files


def test_boundaries_are_unique_at_every_level():
    inner = Multi("alternative", (Text("a"), Multi("related", (Text("<p>", "html"), Text("b")))))
    read = parsed(mail_of(Multi("mixed", (inner, Multi("alternative", (Text("c"), Text("d")))))))
    seen = [part.get_boundary() for part in read.walk() if part.is_multipart()]
    assert len(seen) == len(set(seen)) == 4
    assert not any(part.defects for part in read.walk())


def test_a_retry_is_the_same_mail_to_the_last_byte(tmp_path):
    body = Multi("mixed", (Text("ข้อความ"), on_disk(tmp_path, b"data")))
    assert written(mail_of(body)) == written(mail_of(body))
    assert written(mail_of(body)) != written(mail_of(body, "<2@example.org>"))


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d + b"!", lambda d: b"?" + d[1:]])
def test_a_file_that_is_not_what_the_register_says_stops_the_mail(tmp_path, change):
    file = on_disk(tmp_path, b"the letter" * 50_000)
    file.path.write_bytes(change(file.path.read_bytes()))
    with pytest.raises(Damaged):
        written(mail_of(file))


def test_a_missing_file_stops_the_mail(tmp_path):
    file = on_disk(tmp_path, b"the letter")
    file.path.unlink()
    with pytest.raises(Damaged):
        written(mail_of(file))


def test_a_picture_of_the_text_is_inline_and_has_an_id():
    picture = File("qr.png", "qr.png", "image/png", data=b"\x89PNG", content_id="qr@saraban")
    read = parsed(mail_of(Multi("related", (Text("<img src='cid:qr@saraban'>", "html"), picture))))
    part = list(read.iter_parts())[1]
    assert part["Content-ID"] == "<qr@saraban>"
    assert part.get_content_disposition() == "inline"


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "large"
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(100):
            digest.update(b"\x00" * 1_000_000)
            file.write(b"\x00" * 1_000_000)
    large = File("ก.pdf", "a.pdf", "application/pdf", 100_000_000, digest.hexdigest(), path)
    tracemalloc.start()
    write(mail_of(large), len)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000
