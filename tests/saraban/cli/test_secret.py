"""Encrypted files of secret letters by command: seen, encrypted, turned to a new key, backed up."""

import os
import signal
import subprocess
import sys
import tarfile

import pytest

from tests.saraban.office import DLA, OFFICER, PHRAE, SECRETS

SUBJECT = "ลับ ดอกปีบหน้าฝน"
_DIES = """
import os, signal, sys
from registry.secret import container as secret_container
calls = []
def fsync(descriptor, real=os.fsync):
    calls.append(descriptor)
    if len(calls) > int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)
secret_container.os.fsync = fsync
from saraban.cli.main import cli
cli(["secret", "rotate"])
"""


@pytest.fixture
def secrets(office):
    """An installation with a held letter whose files are encrypted."""
    office.receive(DLA, PHRAE, subject=SUBJECT)
    runtime = office.runtime()
    for path in runtime.data_dir.glob("blobs/??/*"):
        os.utime(path, (1, 1))  # a pack is not parted while it is new
    runtime.close()
    office.run("secret", "encrypt")
    return office


def test_files_of_a_held_letter_are_encrypted_and_the_officer_reads_the_original(secrets):
    status = secrets.data("secret", "status")
    assert status["keys"] == {status["current"]: 2}
    assert status["due"] == 0
    [waiting] = secrets.waiting()
    shown = secrets.run("letter", "original", waiting["id"], "--as", SECRETS)
    assert "Subject:" in shown.stdout
    secrets.run("letter", "original", waiting["id"], "--as", OFFICER, code=1)


def test_no_word_of_it_stands_in_any_file_but_the_database(secrets):
    folder = secrets.folder
    with_it = [
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and "ดอกปีบ".encode() in path.read_bytes()
    ]
    assert {path.name.split("-")[0] for path in with_it} <= {"saraban.db"}
    assert not list(folder.glob("blobs/??/*"))


def test_after_turning_to_a_new_key_everything_opens_with_it_alone(secrets):
    before = secrets.data("secret", "status")["current"]
    secrets.run("secret", "rotate")
    status = secrets.data("secret", "status")
    assert status["keys"] == {status["current"]: 2}
    assert status["current"] != before
    for path in (secrets.folder / "keys").glob("secret-*.key"):
        path.unlink()
    secrets.run("proof")


@pytest.mark.parametrize("at", [2, 3, 5])
def test_turning_that_was_killed_is_finished(secrets, at):
    ended = subprocess.run(
        [sys.executable, "-c", _DIES, str(at)], check=False,
        env={**os.environ, "SARABAN_CONFIG": str(secrets.config)},
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL
    secrets.run("proof")
    secrets.run("secret", "rotate", "--go-on")
    status = secrets.data("secret", "status")
    assert status["keys"] == {status["current"]: 2}
    secrets.run("proof")


def test_a_backup_holds_them_encrypted_and_not_their_key(secrets, tmp_path):
    archive, place = tmp_path / "copy.tar", tmp_path / "place"
    secrets.run("backup", str(archive))
    assert "ดอกปีบ".encode() not in _but_database(archive)
    secrets.run("restore", str(archive), str(place), code=1)
    assert not (place / "keys" / "secret.key").exists()
    (place / "keys" / "secret.key").write_bytes(
        (secrets.folder / "keys" / "secret.key").read_bytes()
    )
    (place / "keys" / "secret.key").chmod(0o600)
    secrets.config = place / "saraban.toml"
    secrets.run("proof")


def test_a_backup_with_the_key_comes_back_whole(secrets, tmp_path):
    archive, place = tmp_path / "copy.tar", tmp_path / "place"
    secrets.run("backup", "--with-secret-key", str(archive))
    secrets.run("restore", str(archive), str(place))


def test_the_doctor_sees_a_key_that_others_may_read_and_one_that_is_gone(secrets):
    key = secrets.folder / "keys" / "secret.key"
    key.chmod(0o644)
    assert f"chmod 600 {key}" in secrets.run("doctor", code=1).stdout
    key.chmod(0o600)
    text = key.read_text()
    key.write_text("ab" * 32)
    assert "secret.key" in secrets.run("doctor", code=1).stdout
    key.write_text(text)


def _but_database(archive) -> bytes:
    with tarfile.open(archive) as tar:
        wanted = [one for one in tar.getmembers() if not one.name.startswith("database")]
        return b"".join(tar.extractfile(one).read() for one in wanted)
