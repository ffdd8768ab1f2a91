"""A backup made beside a running service comes back whole, or not at all."""

import json
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import backup as backup_module
from registry import dumps, entries
from registry import restore as restore_module
from registry.archive import MANIFEST
from registry.backup import backup
from registry.blobs import BlobStore
from registry.clock import FrozenClock
from registry.db import Database
from registry.errors import Conflict, OutOfOrder
from registry.keys import KeyRing
from registry.models.letters import EnclosureRow, LetterRow, OriginalRow
from registry.proof import prove
from registry.restore import restore
from tests.registry.conftest import Office

MAIL = "a" * 16
DKIM = "keys/dkim/phrae.go.th.s1.pem"


@pytest.fixture
def installation(database: Database, office: Office, data_dir: Path, clock: FrozenClock) -> Path:
    """A data folder with keys, settings, a registered letter and one that waits in the spool."""
    KeyRing.create(data_dir / "keys")
    (data_dir / DKIM).parent.mkdir(mode=0o700)
    (data_dir / DKIM).write_text("a key")
    (data_dir / "saraban.toml").write_text("[instance]\n", encoding="utf-8")
    spool = data_dir / "spool" / "smtp" / "new"
    spool.mkdir(parents=True)
    (spool / f"{MAIL}.eml").write_bytes(b"From: a\r\n\r\n")
    (spool / f"{MAIL}.json").write_text("{}", encoding="ascii")
    sha256 = BlobStore(data_dir / "blobs").put(b"a letter")
    letter = LetterRow(
        id="l" * 16, entity_id=office.phrae, direction="in", state="registered",
        accepted_at=clock.now(),
    )  # fmt: skip
    file = EnclosureRow(
        letter_id=letter.id, position=0, role="letter", name="หนังสือ.pdf", bytes=8, sha256=sha256,
        media_type="application/pdf",
    )  # fmt: skip
    with database.write() as session:
        session.add(letter)
        session.flush()
        session.add(file)
        register(session, office, clock, letter.id)
    return data_dir


def register(session, office, clock, letter_id=None) -> None:
    """Register a letter as Phrae's next."""
    key = entries.BookKey(office.phrae, "", "received", "ordinary", 2568)
    content = entries.EntryFields(subject="เรื่อง")
    entries.write(session, key, letter_id, content, "automatic", clock)


def back_up(database, folder: Path, target: Path, clock):
    """Back up the installation."""
    return backup(database, BlobStore(folder / "blobs"), folder, target, at=clock.now())


@pytest.fixture
def empty_url(database: Database, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database of the same engine; "" where the data folder will hold it."""
    if database.is_sqlite:
        yield ""
        return
    server = request.getfixturevalue("postgres")
    name = "restored_" + str(database.engine.url.database)
    yield server.create(name)
    server.drop(name)


def opened(url: str, folder: Path) -> Database:
    """Open what was restored."""
    return Database.open(url or f"sqlite:///{folder / 'saraban.db'}")


def test_everything_comes_back_and_holds(database, installation, tmp_path, clock, empty_url):
    made = back_up(database, installation, tmp_path / "b.tar", clock)
    found = restore(tmp_path / "b.tar", tmp_path / "new", empty_url)
    assert found == made
    restored = opened(empty_url, tmp_path / "new")
    with restored.snapshot() as session:
        proof = prove(session, BlobStore(tmp_path / "new" / "blobs"))
    restored.close()
    assert (proof.problems, proof.entries, proof.contents) == ([], 1, 1)
    for name in ("saraban.toml", "keys/token.key", DKIM, f"spool/smtp/new/{MAIL}.eml"):
        assert (tmp_path / "new" / name).read_bytes() == (installation / name).read_bytes()


def test_a_restored_book_goes_on_with_the_next_number(
    database, office, installation, tmp_path, clock, empty_url
):
    back_up(database, installation, tmp_path / "b.tar", clock)
    restore(tmp_path / "b.tar", tmp_path / "new", empty_url)
    restored = opened(empty_url, tmp_path / "new")
    with restored.write() as session:
        register(session, office, clock)
        assert [e.number for e in entries.listing(session, "phrae")] == [1, 2]
    restored.close()


def test_the_archive_and_what_comes_out_of_it_are_readable_by_us_alone(
    database, installation, tmp_path, clock, empty_url
):
    back_up(database, installation, tmp_path / "b.tar", clock)
    restore(tmp_path / "b.tar", tmp_path / "new", empty_url)
    files = [tmp_path / "b.tar", *(p for p in (tmp_path / "new").rglob("*") if p.is_file())]
    folders = [p for p in (tmp_path / "new").rglob("*") if p.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_nothing_is_left_beside_the_archive(database, installation, tmp_path, clock):
    (tmp_path / "out").mkdir()
    back_up(database, installation, tmp_path / "out" / "b.tar", clock)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.tar"]


def test_a_letter_registered_during_the_backup_is_whole_or_absent(
    database, office, installation, tmp_path, clock, empty_url
):
    """The snapshot is taken before the contents, so no number comes back without its letter."""
    blobs = BlobStore(installation / "blobs")
    original = blobs.open

    def open_while_another_arrives(sha256: str):
        with database.write() as session:
            register(session, office, clock)
        return original(sha256)

    blobs.open = open_while_another_arrives
    backup(database, blobs, installation, tmp_path / "b.tar", at=clock.now())
    restore(tmp_path / "b.tar", tmp_path / "new", empty_url)
    restored = opened(empty_url, tmp_path / "new")
    with restored.snapshot() as session:
        proof = prove(session, BlobStore(tmp_path / "new" / "blobs"))
    restored.close()
    assert (proof.problems, proof.entries) == ([], 1)


def test_mail_that_is_taken_in_while_it_is_copied_does_not_stop_a_backup(
    database, installation, tmp_path, clock
):
    (installation / "spool" / "smtp" / "new" / f"{MAIL}.eml").unlink()
    back_up(database, installation, tmp_path / "b.tar", clock)
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert [name for name in tar.getnames() if name.startswith("spool/")] == []


def test_a_missing_content_is_named_and_does_not_stop_a_backup(
    database, installation, tmp_path, clock
):
    blobs = BlobStore(installation / "blobs")
    [sha256] = blobs.all()
    blobs.path(sha256).unlink()
    assert back_up(database, installation, tmp_path / "b.tar", clock).missing == (sha256,)


def test_a_content_that_several_rows_need_is_in_the_archive_once(
    database, installation, tmp_path, clock
):
    [sha256] = BlobStore(installation / "blobs").all()
    with database.write() as session:
        session.add(OriginalRow(sha256=sha256, bytes=8, form="whole", blob=sha256))
    back_up(database, installation, tmp_path / "b.tar", clock)
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert [name for name in tar.getnames() if name.endswith(sha256)] == [
            f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"
        ]


def test_a_backup_overwrites_nothing(database, installation, tmp_path, clock):
    (tmp_path / "b.tar").write_text("older")
    with pytest.raises(Conflict):
        back_up(database, installation, tmp_path / "b.tar", clock)
    assert (tmp_path / "b.tar").read_text() == "older"


def test_a_full_place_is_not_restored_into(database, installation, tmp_path, clock):
    back_up(database, installation, tmp_path / "b.tar", clock)
    with pytest.raises(Conflict):
        restore(tmp_path / "b.tar", installation)


def test_a_full_database_is_not_restored_into(
    database, database_url, installation, tmp_path, clock
):
    back_up(database, installation, tmp_path / "b.tar", clock)
    with pytest.raises(Conflict):
        restore(tmp_path / "b.tar", tmp_path / "new", database_url)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_backup_of_one_engine_does_not_come_back_as_the_other(
    database, installation, tmp_path, clock
):
    other = "postgresql://nobody@/none" if database.is_sqlite else f"sqlite:///{tmp_path / 'o.db'}"
    back_up(database, installation, tmp_path / "b.tar", clock)
    with pytest.raises(OutOfOrder, match="this is a backup of"):
        restore(tmp_path / "b.tar", tmp_path / "new", other)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.fixture
def archive(database, installation, tmp_path, clock) -> Path:
    """A backup of the installation."""
    back_up(database, installation, tmp_path / "b.tar", clock)
    return tmp_path / "b.tar"


@pytest.mark.parametrize("left", [0.0, 0.001, 0.3, 0.6, 0.99])
def test_an_archive_that_was_cut_off_leaves_the_place_empty(archive, tmp_path, left):
    raw = archive.read_bytes().rstrip(b"\0")
    archive.write_bytes(raw[: int(len(raw) * left)])
    with pytest.raises(OutOfOrder):
        restore(archive, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("what", [b"a letter", b"[instance]", b"From: a"])
def test_one_changed_byte_in_an_archive_is_found(archive, tmp_path, what):
    archive.write_bytes(archive.read_bytes().replace(what, what[:-1] + b"!"))
    with pytest.raises(OutOfOrder, match="damaged"):
        restore(archive, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "keys/../../evil", "other.txt"])
def test_an_archive_with_a_strange_member_is_refused(tmp_path, name):
    (tmp_path / "x").write_bytes(b"")
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(OutOfOrder, match="no member"):
        restore(tmp_path / "b.tar", tmp_path / "new")


def test_an_archive_of_another_form_is_refused(tmp_path):
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        (tmp_path / MANIFEST).write_text(json.dumps({"format": 99}))
        tar.add(tmp_path / MANIFEST, MANIFEST)
    with pytest.raises(OutOfOrder, match="format 99"):
        restore(tmp_path / "b.tar", tmp_path / "new")


def test_something_that_is_no_archive_is_refused(tmp_path):
    (tmp_path / "b.tar").write_bytes(b"not a tar" * 1000)
    with pytest.raises(OutOfOrder, match="cannot read"):
        restore(tmp_path / "b.tar", tmp_path / "new")


def test_a_letter_taken_in_between_listing_and_copying_is_left_to_the_snapshot(
    database, installation, tmp_path, clock, monkeypatch
):
    listed = backup_module._letters

    def list_then_take_in(spool: Path):
        found = list(listed(spool))
        for path in (path for files in found for path in files):
            path.unlink()
        return found

    monkeypatch.setattr(backup_module, "_letters", list_then_take_in)
    made = back_up(database, installation, tmp_path / "b.tar", clock)
    assert not [name for name in made.files if name.startswith("spool/")]


def test_a_server_that_cannot_be_copied_is_named_without_its_password(
    database, postgres_url, installation, tmp_path, clock, monkeypatch
):
    monkeypatch.setattr(dumps, "_find", lambda _: "/bin/false")
    away = Database.open(postgres_url)
    with pytest.raises(OutOfOrder, match="pg_dump failed"):
        back_up(away, installation, tmp_path / "b.tar", clock)
    away.close()
    assert not list(tmp_path.glob("b.tar*"))


def test_a_database_that_cannot_be_loaded_leaves_the_place_empty(
    archive, tmp_path, monkeypatch, empty_url
):
    def fail(_source: Path, database: Database) -> None:
        if database.file is not None:
            database.file.touch()
        raise OutOfOrder("the disk is full")

    monkeypatch.setattr(restore_module, "load", fail)
    with pytest.raises(OutOfOrder, match="full"):
        restore(archive, tmp_path / "new", empty_url)
    assert list((tmp_path / "new").iterdir()) == []
