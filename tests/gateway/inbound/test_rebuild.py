"""The raw mail, kept once and given back byte for byte."""

import base64
import errno
import hashlib
import json
import os
from contextlib import nullcontext
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.inbound import rebuild
from gateway.inbound.parse import parse
from registry.errors import NotFound
from tests.gateway.inbound.mails import Reader, multipart, part

FILE = os.urandom(100_000)
MB = 1_000_000


def encoded(data, line=76, eol=b"\r\n", last=b""):
    text = base64.b64encode(data)
    lines = [text[at : at + line] for at in range(0, len(text), line)] if line else [text]
    return eol.join(lines) + last


def letter(*bodies, eol=b"\r\n", boundary="B"):
    files = [part(body, "application/pdf", content_transfer_encoding="base64") for body in bodies]
    text = part("ขอส่งคู่มือ".encode(), "text/plain; charset=utf-8")
    return multipart(text, *files, boundary=boundary).replace(b"\r\n", eol)


def stored(reader):
    return sum(reader.blobs.path(digest).stat().st_size for digest in reader.blobs.all())


@pytest.mark.parametrize("line", [76, 72, 64, 60, 75, 998, 4, 0])
@pytest.mark.parametrize("last", [b"", b"\r\n"])
def test_regular_base64_is_kept_once_whatever_its_lines(tmp_path, line, last):
    if line == 0 and last:
        last = b" "  # one line of 133 kB, and something behind it
    reader = Reader(tmp_path)
    message = reader.read(letter(encoded(FILE, line, last=last)))
    assert message.original.form == "skeleton"
    assert len(FILE) <= stored(reader) < len(FILE) + 2000


def test_a_mail_with_bare_line_feeds_is_kept_once_too(tmp_path):
    reader = Reader(tmp_path)
    raw = letter(encoded(FILE, eol=b"\r\n"), eol=b"\n").replace(b"\r\n", b"\n")
    message = reader.read(raw)
    assert message.original.form == "skeleton"


@pytest.mark.parametrize(
    "body",
    [
        encoded(FILE)[:5000] + b"\r\n\r\n" + encoded(FILE)[5000:],
        encoded(FILE, 76).replace(b"\r\n", b"\n", 1),
        encoded(FILE)[:-1] + b"!" + encoded(FILE)[-1:],
        b"\r\n" + encoded(FILE),
        encoded(FILE[:60_001], 76) + b"\r\n" + encoded(FILE[60_001:], 60),
    ],
)
def test_irregular_base64_leaves_the_mail_whole(tmp_path, body):
    reader = Reader(tmp_path)
    message = reader.read(letter(body))  # read() sees that the bytes come back
    assert message.original.form == "whole"
    assert message.original.blob == message.raw_sha256


def test_one_irregular_part_does_not_keep_the_others_twice(tmp_path):
    reader = Reader(tmp_path)
    odd = encoded(FILE[::-1], 76)
    odd = odd[:78] + b" " + odd[79:] + b"\r\n"
    message = reader.read(letter(encoded(FILE), odd))
    assert message.original.form == "skeleton"
    assert [step["sha256"] for step in message.original.recipe] == [message.parts[0].sha256]


def test_text_behind_the_padding_stays_in_the_skeleton(tmp_path):
    reader = Reader(tmp_path)
    assert encoded(FILE).endswith(b"=")
    message = reader.read(letter(encoded(FILE) + b"\r\nc2VjcmV0\r\n"))
    assert message.original.form == "skeleton"
    assert any("data after the end" in defect for defect in message.defects)


def test_large_parts_without_encoding_are_kept_once(tmp_path):
    reader = Reader(tmp_path)
    raw = multipart(part(FILE, "application/x-own", content_transfer_encoding="binary"))
    message = reader.read(raw)
    assert message.original.form == "skeleton"
    assert stored(reader) < len(FILE) + 2000


def test_small_parts_stay_in_the_raw_mail(tmp_path):
    message = Reader(tmp_path).read(letter(encoded(FILE[:1000])))
    assert message.original.form == "whole"
    assert message.original.recipe == ()


def test_the_same_file_twice_in_a_letter_and_again_in_the_next_is_stored_once(tmp_path):
    reader = Reader(tmp_path)
    for subject in (b"one", b"two"):
        reader.read(letter(encoded(FILE), encoded(FILE)).replace(b"test", subject))
    assert stored(reader) < len(FILE) + 5000


@pytest.mark.parametrize("size", [25 * MB, 25 * MB + 1])
def test_parts_at_the_limit_of_25_mb_come_back_and_know_their_size(tmp_path, size):
    reader = Reader(tmp_path)
    data = os.urandom(size)
    message = reader.read(letter(encoded(data)))
    assert [(p.bytes, p.sha256) for p in message.parts] == [
        (size, hashlib.sha256(data).hexdigest())
    ]
    assert stored(reader) < size + 2000


def test_an_empty_file_is_kept(tmp_path):
    message = Reader(tmp_path).read(letter(b""))
    assert [(p.bytes, p.name) for p in message.parts] == [(0, "เอกสาร-1.pdf")]


def test_a_large_file_of_an_attached_mail_is_cut_out_too(tmp_path):
    inner = b"Content-Type: message/rfc822\r\n\r\n" + letter(encoded(FILE), boundary="I")
    message = Reader(tmp_path).read(multipart(inner, boundary="O"))
    assert message.original.form == "skeleton"
    assert [step["sha256"] for step in message.original.recipe] == [message.parts[-1].sha256]


def test_a_mail_that_changed_in_the_spool_is_kept_as_it_is_and_said_to_have_changed(tmp_path):
    reader = Reader(tmp_path)
    raw = letter(encoded(FILE))
    message = reader.read(raw, raw_sha256="0" * 64)
    assert message.original.form == "whole"
    assert message.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert "the raw bytes changed after they were accepted" in message.defects


def test_a_missing_blob_is_not_passed_over(tmp_path):
    reader = Reader(tmp_path)
    message = reader.read(letter(encoded(FILE)))
    reader.blobs.path(message.parts[0].sha256).unlink()
    with pytest.raises(NotFound):
        reader.original(message)


def test_a_changed_blob_changes_the_digest_of_the_whole(tmp_path):
    reader = Reader(tmp_path)
    message = reader.read(letter(encoded(FILE)))
    reader.blobs.path(message.parts[0].sha256).write_bytes(FILE[:-1] + b"!")
    assert hashlib.sha256(reader.original(message)).hexdigest() != message.raw_sha256


@settings(deadline=None, max_examples=60)
@given(
    data=st.binary(min_size=1, max_size=400),
    line=st.integers(0, 120),
    eol=st.sampled_from([b"\r\n", b"\n"]),
    noise=st.binary(max_size=40),
    at=st.integers(0, 600),
)
def test_any_mail_comes_back_byte_for_byte(data, line, eol, noise, at, tmp_path_factory):
    """Reader.read rebuilds every mail; here parts of any size are worth cutting."""
    body = encoded(data, line, eol)
    raw = letter(body[:at] + noise + body[at:], encoded(data[::-1], line, eol))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.inbound.files.WORTH_CUTTING", 0)
        patch.setattr(rebuild, "_BLOCK", 64)
        message = Reader(tmp_path_factory.mktemp("r")).read(raw)
    assert message.raw_bytes == len(raw)


def test_the_recipe_survives_json(tmp_path):
    reader = Reader(tmp_path)
    message = reader.read(letter(encoded(FILE)))
    recipe = tuple(json.loads(json.dumps(message.original.recipe)))
    again = replace(message, original=replace(message.original, recipe=recipe))
    assert reader.original(again) == reader.original(message)


def test_a_mail_without_large_parts_is_the_file_of_the_spool_itself(tmp_path):
    reader = Reader(tmp_path)
    spooled = reader.spool(letter(b"QQ=="))
    original = parse(spooled, reader.blobs, reader.settings).original
    assert original.form == "whole"
    assert reader.blobs.path(original.blob).samefile(spooled.path)
    spooled.path.unlink()
    assert reader.blobs.verify(original.blob)


def test_a_mail_that_the_store_cannot_adopt_is_copied(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "link", refuse)
    reader = Reader(tmp_path)
    message = reader.read(letter(b"QQ=="))
    assert message.original.form == "whole"
    assert reader.blobs.verify(message.original.blob)


@pytest.fixture
def packed(tmp_path):
    """Mails that stand in one file, one after the other, and their raw bytes."""
    reader = Reader(tmp_path)

    def pack(*bodies):
        raws = [letter(body) for body in bodies]
        spooled = [reader.spool(raw) for raw in raws]
        path = tmp_path / "letters.pack"
        path.write_bytes(b"\n\n".join([b"before", *raws, b"behind"]))
        starts = [path.read_bytes().index(raw) for raw in raws]
        places = zip(spooled, starts, strict=True)
        return reader, [replace(one, path=path, at=at) for one, at in places], raws

    return pack


@pytest.mark.parametrize("together", [True, False])
def test_mails_that_share_a_file_come_back_each_without_its_neighbours(packed, together):
    reader, letters, raws = packed(b"QQ==", b"Qg==", encoded(FILE))
    with reader.blobs.batch() if together else nullcontext():
        messages = [parse(one, reader.blobs, reader.settings) for one in letters]
    letters[0].path.unlink()
    assert [reader.original(message) for message in messages] == raws
    assert [message.raw_bytes for message in messages] == [len(raw) for raw in raws]
    assert [message.original.form for message in messages] == ["stretch", "stretch", "skeleton"]
    assert not any("changed" in defect for message in messages for defect in message.defects)


def test_the_file_that_mails_share_is_kept_once_and_without_copying(packed):
    reader, letters, _ = packed(b"QQ==", b"Qg==")
    originals = [parse(one, reader.blobs, reader.settings).original for one in letters]
    [blob] = {one.blob for one in originals}
    assert reader.blobs.path(blob).samefile(letters[0].path)
    assert reader.blobs.verify(blob)


def test_a_mail_whose_shared_file_cannot_be_adopted_is_copied(packed, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "link", refuse)
    reader, letters, raws = packed(b"QQ==", b"Qg==")
    messages = [parse(one, reader.blobs, reader.settings) for one in letters]
    assert [message.original.form for message in messages] == ["whole", "whole"]
    assert [reader.original(message) for message in messages] == raws


def test_a_mail_that_changed_in_a_shared_file_is_said_to_have_changed(packed):
    reader, letters, raws = packed(b"QQ==")
    content = letters[0].path.read_bytes()
    letters[0].path.write_bytes(content.replace(b"QQ==", b"QQ!="))
    message = parse(letters[0], reader.blobs, reader.settings)
    assert "the raw bytes changed after they were accepted" in message.defects
    assert reader.original(message) == raws[0].replace(b"QQ==", b"QQ!=")


@pytest.mark.parametrize("body", [b"QQ==", encoded(FILE)])
def test_the_beginning_of_a_mail_is_read_in_every_form(packed, body):
    reader, letters, raws = packed(body, b"Qg==")
    shared = parse(letters[0], reader.blobs, reader.settings).original
    alone = parse(reader.spool(raws[0]), reader.blobs, reader.settings).original
    for original in (shared, alone):
        found = rebuild.beginning(original, reader.blobs, 100_000)
        assert found == raws[0][: len(found)]
        assert b"Content-Type: application/pdf" in found
