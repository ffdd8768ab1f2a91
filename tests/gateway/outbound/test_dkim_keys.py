"""Keys in their folder: which one signs when, what is published, and what cannot be used."""

import base64
import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)

from gateway.outbound import dkim_keys
from registry.errors import Conflict, NotUnderstood

NOON = datetime(2025, 10, 3, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make(folder, selector, since=NOON, kind="ed25519", domain="phrae.go.th"):
    return dkim_keys.create(folder, domain, selector, kind, since)


def names(keys):
    return [key.selector for key in keys]


def test_a_key_is_read_as_it_was_made_and_nobody_else_may_read_it(tmp_path):
    made = make(tmp_path / "dkim", "s1", kind="rsa")
    [read] = dkim_keys.load(tmp_path / "dkim")
    assert (read, read.public, read.since) == (made, made.public, NOON)
    path = tmp_path / "dkim" / "phrae.go.th.s1.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_newest_that_had_begun_signs_one_of_each_kind(tmp_path):
    make(tmp_path, "old", NOON)
    make(tmp_path, "new", NOON + HOUR)
    make(tmp_path, "r", NOON + HOUR, "rsa")
    keys = dkim_keys.load(tmp_path)
    assert names(dkim_keys.signing(keys, NOON)) == ["r", "old"]
    assert names(dkim_keys.signing(keys, NOON + HOUR)) == ["r", "new"]
    assert names(dkim_keys.signing(keys, NOON - HOUR)) == ["r", "old"]


def test_a_removed_key_leaves_its_mails_to_the_other(tmp_path):
    make(tmp_path, "old", NOON)
    make(tmp_path, "new", NOON + HOUR)
    (tmp_path / "phrae.go.th.old.pem").unlink()
    assert names(dkim_keys.signing(dkim_keys.load(tmp_path), NOON)) == ["new"]


def test_the_keys_of_other_domains_are_left_alone(tmp_path):
    make(tmp_path, "s1")
    make(tmp_path, "s1", domain="mail.phrae.go.th")
    (tmp_path / "mail.phrae.go.th.s1.pem").write_text("rubbish")
    (tmp_path / "README").write_text("not a key")
    assert names(dkim_keys.load(tmp_path, "phrae.go.th")) == ["s1"]
    with pytest.raises(dkim_keys.UnreadableKey):
        dkim_keys.load(tmp_path)


def test_a_key_is_never_overwritten(tmp_path):
    made = make(tmp_path, "s1")
    with pytest.raises(Conflict):
        make(tmp_path, "S1")
    assert dkim_keys.load(tmp_path)[0].public == made.public


@pytest.mark.parametrize(
    ("domain", "selector"),
    [("phrae.go.th", "a.b"), ("phrae.go.th", "../a"), ("phrae", "a"), ("../x.y", "a"), ("", "a")],
)
def test_what_is_no_domain_or_selector_makes_no_file(tmp_path, domain, selector):
    with pytest.raises(NotUnderstood):
        make(tmp_path / "dkim", selector, domain=domain)
    assert not (tmp_path / "dkim").exists()


def test_a_record_for_a_zone_file_is_in_strings_that_dns_can_hold(tmp_path):
    key = make(tmp_path, "s1", kind="rsa")
    strings = key.zone_line.split('"')[1::2]
    assert "".join(strings) == key.record
    assert max(map(len, strings)) <= 255
    assert key.zone_line.startswith("s1._domainkey.phrae.go.th. IN TXT (")
    public = load_der_public_key(base64.b64decode(key.record.partition("p=")[2]))
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.key_size == 2048


def test_a_key_of_openssl_signs_from_the_day_of_its_file(tmp_path):
    path = tmp_path / "phrae.go.th.s1.pem"
    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    path.write_bytes(pem)
    [key] = dkim_keys.load(tmp_path)
    assert key.since == datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)


def pem_of(key, password=None):
    secret = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret)


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"rubbish",
        pem_of(ec.generate_private_key(ec.SECP256R1())),
        pem_of(ec.generate_private_key(ec.SECP256R1()), b"secret"),
        b"Signs-From: soon\n" + pem_of(rsa.generate_private_key(65537, 2048)),
    ],
)
def test_a_key_that_cannot_be_used_is_named(tmp_path, pem):
    (tmp_path / "phrae.go.th.s1.pem").write_bytes(pem)
    with pytest.raises(dkim_keys.UnreadableKey, match=r"phrae\.go\.th\.s1\.pem") as caught:
        dkim_keys.load(tmp_path, "phrae.go.th")
    assert "s1.pem" in caught.value.thai


def test_a_folder_that_cannot_be_looked_into_is_no_folder_without_keys(tmp_path):
    (tmp_path / "dkim").write_text("a file")
    with pytest.raises(dkim_keys.UnreadableKey):
        dkim_keys.load(tmp_path / "dkim")
