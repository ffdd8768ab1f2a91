"""Bytes: every content is there and unchanged, every original can be put together."""

import hashlib

import pytest
from sqlalchemy import update

from registry.letter.message import Original
from registry.models.letters import OriginalRow
from registry.proving.holdings import digests_in_use, used
from tests.registry.day import kinds, proven


@pytest.mark.parametrize("content", [b"part 3", b"skeleton 3"])
@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_one_byte_of_a_content_is_missed(database, busy, blobs, content, harm):
    path = blobs.path(hashlib.sha256(content).hexdigest())
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes(content[:-1] + (b"" if harm == "cut" else b"!"))
    assert kinds(proven(database, blobs)) & {"blob", "original"}


def test_an_original_kept_whole_under_another_name_is_found(database, busy, blobs):
    with database.write() as session:
        session.execute(update(OriginalRow).values(form="whole"))
    assert "kept whole under another digest" in str(proven(database, blobs).problems)


def test_an_original_that_cannot_be_put_together_is_found(database, busy, blobs):
    def right(original: Original) -> str:
        return original.sha256

    assert proven(database, blobs, right).holds
    wrong = proven(database, blobs, lambda _: "0" * 64)
    assert {p.what for p in wrong.problems} == {"its parts do not give the mail as it was received"}


def test_the_sweep_is_told_what_any_letter_needs(database, busy, blobs):
    stray = blobs.put(b"nobody's")
    with database.read() as session:
        needed = used(session)
        assert set(digests_in_use(session)) | {stray} == set(blobs.all())
    assert not needed(stray)
    assert needed(hashlib.sha256(b"part 2").hexdigest())
