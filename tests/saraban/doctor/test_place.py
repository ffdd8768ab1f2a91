"""Rights, keys, room, time and libraries."""

import shutil
from datetime import datetime

import pytest

from registry.clock import BANGKOK, FrozenClock
from saraban.doctor import place


@pytest.mark.parametrize("name", [".", "keys", "spool"])
def test_a_folder_that_others_may_open_is_wrong(office, found, name):
    (office.folder / name).chmod(0o755)
    [finding] = found("rights", code=1)
    assert finding["todo"] == f"chmod 700 {office.folder / name}"


@pytest.mark.parametrize("name", ["keys/link.key", "tls/key.pem", "keys/dkim/phrae.go.th.s1.pem"])
def test_a_secret_that_others_may_read_is_wrong(office, found, name):
    office.run("dkim", "new", "phrae.go.th", "--selector", "s1")
    (office.folder / name).chmod(0o640)
    [finding] = found("rights", code=1)
    assert finding["todo"] == f"chmod 600 {office.folder / name}"


def test_a_password_file_outside_is_looked_at_too(office, found, tmp_path):
    secret = tmp_path / "relay.password"
    secret.write_text("s3cret\n")
    secret.chmod(0o644)
    office.write_settings(f"[[relay]]\nhost = ''\npassword_file = '{secret}'\n")
    assert str(secret) in found("rights", code=1)[0]["what"]


def test_a_missing_data_folder_is_told_as_such(office, tmp_path):
    runtime = office.runtime()
    runtime.office.instance.data_dir.rename(tmp_path / "gone")
    [finding] = place.rights(runtime)
    assert finding.state == "wrong"


def test_a_damaged_key_is_wrong_and_never_to_be_drawn_anew(office, found):
    (office.folder / "keys" / "token.key").write_text("short\n")
    [finding] = found("keys", code=1)
    assert "ข้อมูลสำรอง" in finding["todo"]


def test_a_damaged_key_of_dkim_is_wrong_since_mails_wait_for_it(office, found):
    office.run("dkim", "new", "phrae.go.th", "--selector", "s1", "--ed25519")
    (office.folder / "keys" / "dkim" / "phrae.go.th.s1.pem").write_text("short\n")
    [finding] = found("keys", code=1)
    assert "จะรออยู่" in finding["what"]


@pytest.mark.parametrize(("least", "state", "code"), [(10**18, "wrong", 1), (1, "well", 0)])
def test_room_on_the_disk_is_held_against_the_least(found, monkeypatch, least, state, code):
    monkeypatch.setenv("SARABAN__SMTP__MIN_FREE_BYTES", str(least))
    assert [one["state"] for one in found("disk", code=code)] == [state]


def test_a_disk_that_fills_up_is_told_in_time(office):
    free = shutil.disk_usage(office.folder).free
    runtime = office.runtime({"SARABAN__SMTP__MIN_FREE_BYTES": str(free // 2)})
    [finding] = place.disk(runtime)
    assert finding.state == "look"


@pytest.mark.parametrize(("year", "state"), [(1970, "wrong"), (2026, "well")])
def test_a_clock_that_was_never_set_is_wrong(office, year, state):
    runtime = office.runtime()
    runtime.clock = FrozenClock(datetime(year, 11, 1, 10, tzinfo=BANGKOK))
    assert [one.state for one in place.clock(runtime)] == [state]


def test_the_font_and_libmagic_are_there(found):
    assert found("tools")[0]["state"] == "well"
