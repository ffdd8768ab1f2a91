"""Certificates of listeners."""

import ssl

import pytest

from gateway.tls import Certificate, listener_certificate, server_context
from registry.errors import OutOfOrder
from saraban.installing import write_certificate


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    write_certificate(folder, "localhost")
    return folder / "cert.pem", folder / "key.pem"


def test_nothing_older_than_tls_1_2_is_spoken(pair):
    assert server_context(*pair).minimum_version is ssl.TLSVersion.TLSv1_2


def test_the_certificate_of_the_data_folder_is_used_where_none_is_set(pair, tmp_path):
    assert listener_certificate("", "", tmp_path) is None
    (tmp_path / "tls").mkdir()
    for file in pair:
        (tmp_path / "tls" / file.name).write_bytes(file.read_bytes())
    assert isinstance(listener_certificate("", "", tmp_path), Certificate)


def test_a_certificate_that_is_set_must_be_there(pair, tmp_path):
    assert listener_certificate(str(pair[0]), str(pair[1]), tmp_path)
    with pytest.raises(OutOfOrder, match="cannot use the certificate"):
        listener_certificate(str(tmp_path / "none.pem"), str(pair[1]), tmp_path)


def test_a_key_of_another_certificate_is_refused(pair, tmp_path):
    write_certificate(tmp_path, "other")
    with pytest.raises(OutOfOrder):
        server_context(pair[0], tmp_path / "key.pem")


def test_a_damaged_file_is_refused(pair, tmp_path):
    (tmp_path / "cert.pem").write_bytes(b"not PEM")
    with pytest.raises(OutOfOrder):
        server_context(tmp_path / "cert.pem", pair[1])
