"""A backup, and the way back, which ends in a proof."""

import shutil

import pytest

from tests.saraban.office import Office


@pytest.fixture
def archive(office, tmp_path):
    """A backup of an office with one letter in its book."""
    office.receive()
    office.run("backup", str(tmp_path / "all.tar"))
    return tmp_path / "all.tar"


def test_a_restored_office_has_the_same_books_and_proves_them(office, archive, tmp_path):
    done = office.run("restore", str(archive), str(tmp_path / "back"))
    assert "ครบถ้วนถูกต้อง" in done.stdout
    back = Office(tmp_path / "back" / "saraban.toml")
    assert back.received() == office.received()
    assert back.run("letter", "original", back.received()[0]["id"]).stdout_bytes


def test_a_backup_is_private_and_never_overwrites(office, archive):
    assert archive.stat().st_mode & 0o077 == 0
    before = archive.read_bytes()
    office.run("backup", str(archive), code=1)
    assert archive.read_bytes() == before


def test_a_backup_as_json_says_what_is_in_it(office, tmp_path):
    office.receive()
    made = office.data("backup", str(tmp_path / "all.tar"))
    assert made["engine"] == "sqlite"
    assert made["contents"] > 0
    assert made["missing"] == []


def test_a_backup_without_one_content_is_made_and_is_exit_1(office, tmp_path):
    office.receive()
    shutil.rmtree(office.folder / "blobs")
    made = office.data("backup", str(tmp_path / "all.tar"), code=1)
    assert made["missing"]
    done = office.run("restore", str(tmp_path / "all.tar"), str(tmp_path / "back"), code=1)
    assert "ไม่ถูกต้อง" in done.stdout


def test_nothing_is_restored_over_an_office(office, archive):
    office.run("restore", str(archive), code=1)
    office.run("restore", str(archive), str(office.folder), code=1)
    assert len(office.received()) == 1


def test_one_place_is_named_not_two(office, archive, tmp_path):
    office.run("restore", str(archive), str(tmp_path / "x"), "--config", str(office.config), code=2)
    assert not (tmp_path / "x").exists()


def test_a_configuration_outside_names_the_place(office, archive, tmp_path):
    config = tmp_path / "other.toml"
    config.write_text(f"[instance]\ndata_dir = '{tmp_path / 'there'}'\n")
    proof = office.data("restore", str(archive), "--config", str(config))
    assert proof["holds"] is True
    assert (tmp_path / "there" / "saraban.toml").exists()


def test_settings_that_still_name_the_old_place_are_told(office, tmp_path):
    text = office.config.read_text()
    old = f"[instance]\ndata_dir = '{office.folder}'"
    office.config.write_text(text.replace("[instance]", old, 1))
    office.run("backup", str(tmp_path / "all.tar"))
    done = office.run("restore", str(tmp_path / "all.tar"), str(tmp_path / "back"))
    assert "[instance] data_dir" in done.stderr


def test_a_damaged_backup_leaves_the_place_empty(office, archive, tmp_path):
    archive.write_bytes(archive.read_bytes()[:-20_000])
    office.run("restore", str(archive), str(tmp_path / "back"), code=3)
    assert list((tmp_path / "back").iterdir()) == []


def test_a_store_outside_of_the_data_folder_is_not_restored_to(office, archive, tmp_path):
    config = tmp_path / "other.toml"
    config.write_text(
        f"[instance]\ndata_dir = '{tmp_path / 'there'}'\n[blobs]\nurl = 'file:///elsewhere'\n"
    )
    assert "[blobs]" in office.run("restore", str(archive), "--config", str(config), code=3).stderr
