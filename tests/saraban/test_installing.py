"""Making an installation: complete, private, and never over something that is there."""

import os
import ssl
import stat

import pytest

from gateway.settings import RelaySettings
from gateway.tls import server_context
from registry.errors import Conflict, NotUnderstood
from saraban.config.load import load
from saraban.installing import FOLDERS, FirstEntity, add_relay, install

PHRAE = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")


def rights(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_are_ours_alone_and_so_is_what_must_stay_secret(made_once):
    assert {rights(made_once / name) for name in (".", *FOLDERS)} == {0o700}
    secret = ("keys/token.key", "keys/link.key", "tls/key.pem", "saraban.db", "saraban.toml")
    assert {rights(made_once / name) for name in secret} == {0o600}


def test_a_careless_umask_opens_nothing(tmp_path):
    before = os.umask(0)
    try:
        install(tmp_path / "office", "localhost", None)
    finally:
        os.umask(before)
    inside = [path for path in (tmp_path / "office").rglob("*") if path.name != "cert.pem"]
    assert [path for path in inside if rights(path) & 0o077] == []


def test_the_settings_written_are_the_sample_with_the_name_of_the_host(made_once):
    assert load(made_once / "saraban.toml", {}).office.instance.hostname == "saraban.test"


def test_the_certificate_belongs_to_its_key_and_names_the_host(made_once):
    tls = made_once / "tls"
    server_context(tls / "cert.pem", tls / "key.pem")
    client = ssl.create_default_context(cafile=tls / "cert.pem")
    assert client.get_ca_certs()[0]["subject"] == ((("commonName", "saraban.test"),),)


def test_an_empty_folder_that_is_there_is_used(tmp_path):
    assert install(tmp_path, "localhost", None) == tmp_path / "saraban.toml"


@pytest.mark.parametrize("name", ["saraban.toml", "saraban.db", "keys", "tls"])
def test_nothing_is_written_where_any_part_of_an_installation_is(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(Conflict, match=name):
        install(tmp_path, "localhost", PHRAE)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "first",
    [
        FirstEntity("no code", "ก", "a.go.th", "พร ๐๐๒๓"),
        FirstEntity("a", "ก", "not a domain", "พร ๐๐๒๓"),
        FirstEntity("a", "ก", "a.go.th", "ไม่ใช่รหัส"),
    ],
)
def test_an_entity_that_cannot_be_entered_stops_before_anything_is_written(tmp_path, first):
    with pytest.raises(NotUnderstood):
        install(tmp_path / "office", "localhost", first)
    assert not (tmp_path / "office").exists()


def test_a_relay_is_added_with_its_password_in_a_file_of_its_own(tmp_path):
    config = install(tmp_path, "localhost", None)
    add_relay(config, RelaySettings(host="mail.example", port=587, username="saraban"), "s3cret")
    [relay] = load(config, {}).gateway.relay
    assert (relay.host, relay.port, relay.username) == ("mail.example", 587, "saraban")
    secret = tmp_path / "keys" / "relay.password"
    assert secret.read_text() == "s3cret\n"
    assert rights(secret) == 0o600
    assert "s3cret" not in config.read_text()
