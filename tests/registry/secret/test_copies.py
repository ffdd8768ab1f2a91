"""Who changes in which form contents stand does so alone, and never while a backup reads them."""

from registry import backup as backup_module
from registry import dumps
from registry.backup import backup
from registry.blobs import BlobStore
from registry.secret.copies import alone


def test_no_content_is_encrypted_or_taken_out_of_a_pack_under_the_hands_of_a_backup(
    database, data_dir, clock, tmp_path, monkeypatch
):
    blobs, seen = BlobStore(data_dir / "blobs"), []

    def dump(*arguments):
        with alone(blobs) as mine:
            seen.append(mine)
        dumps.dump(*arguments)

    monkeypatch.setattr(backup_module, "dump", dump)
    backup(database, blobs, data_dir, tmp_path / "b.tar", at=clock.now())
    with alone(blobs) as mine:
        assert (seen, mine) == ([False], True)


def test_one_process_alone_changes_them(blobs):
    with alone(blobs) as first, alone(blobs) as second:
        assert (first, second) == (True, False)
    with alone(blobs) as third:
        assert third
