"""Signatures of secret letters are verified like any, and nothing of them lies open for it."""

from datetime import timedelta

import pytest

from gateway.inbound.smime import lay_out
from registry.blobs import BlobStore
from registry.secret.copies import encrypt
from registry.secret.keys import FileKeys
from tests.registry.pdf import signing
from tests.registry.test_signatures import PDF, PLAIN, found, letter, state, verifying

__all__ = ["letter", "verifying"]

SEAL = (b"seal", "application/pkcs7-signature")


@pytest.fixture
def blobs(tmp_path):
    """A store whose secret contents lie encrypted under a key of its own."""
    keys = tmp_path / "keys"
    keys.mkdir()
    return BlobStore(tmp_path / "blobs", FileKeys(keys))


@pytest.fixture
def sealed(letter, blobs):
    """Keep a letter with a signed PDF and a signed mail, all of it encrypted; give its id."""
    mail = signing.signed_mail("เรียน ความลับ", signing.somying())
    once = signing.signed_pdf(PLAIN, signing.somying())
    kept = letter((once, PDF), SEAL, mail=mail, secrecy="ลับ", state="secret")
    for sha256 in blobs.all():
        encrypt(blobs, sha256)
        blobs.close_open(sha256)
    return kept


def test_both_are_verified_though_all_of_it_lies_encrypted(
    database, verifying, sealed, blobs, tmp_path
):
    on_disk = []

    def seen(original, store, folder):
        laid = lay_out(original, store, folder)
        on_disk.extend(
            path for path in tmp_path.rglob("*") if path.is_file() and not path.is_symlink()
        )
        return laid

    assert verifying(seen).turn() == 1
    verdicts = [(one.kind, one.outcome) for one in found(database, sealed)]
    assert verdicts == [("smime", "good"), ("pdf", "good")]
    assert on_disk
    assert not [path for path in on_disk if "ความลับ".encode() in path.read_bytes()]
    assert list((tmp_path / "run").iterdir()) == []


def test_without_the_key_they_wait_and_are_verified_once_it_is_there(
    database, verifying, sealed, clock, tmp_path
):
    key = tmp_path / "keys" / "secret.key"
    away = key.rename(tmp_path / "away")
    one = verifying()
    one.turn()
    assert (found(database, sealed), state(database, sealed)) == ([], "pending")
    away.rename(key)
    clock.advance(timedelta(minutes=1))
    one.turn()
    assert [verdict.intact for verdict in found(database, sealed)] == [True, True]
