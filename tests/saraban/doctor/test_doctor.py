"""The doctor as a command: one line a check, words besides colour, and the exit code."""

from tests.saraban.office import Office


def test_a_fresh_office_is_well_enough_to_start(office):
    states = {one["check"]: one["state"] for one in office.data("doctor")}
    assert "wrong" not in states.values()
    assert states["rights"] == states["database"] == states["people"] == "well"


def test_what_should_be_looked_at_is_told_and_is_no_failure(office):
    lines = office.run("doctor").stdout.splitlines()
    [service] = [line for line in lines if "บริการยังไม่ทำงาน" in line]
    assert service.split() == ["ควรดู", "บริการยังไม่ทำงาน", "→", "สั่ง", "saraban", "serve"]


def test_every_line_begins_with_a_word_in_one_column(office):
    lines = office.run("doctor").stdout.splitlines()
    assert {line.split()[0] for line in lines} <= {"ดี", "ควรดู", "ผิดปกติ"}


def test_what_is_wrong_is_exit_1_with_what_to_do(office):
    (office.folder / "keys" / "token.key").chmod(0o644)
    done = office.run("doctor", code=1)
    assert f"chmod 600 {office.folder / 'keys' / 'token.key'}" in done.stdout


def test_an_unreadable_configuration_is_exit_3(office):
    office.write_settings("[nonsense]\n")
    office.run("doctor", code=3)


def test_a_check_that_breaks_off_is_told_and_stops_no_other(office: Office):
    (office.folder / "spool").rename(office.folder / "elsewhere")
    (office.folder / "spool").write_text("not a folder")
    (office.folder / "tls" / "cert.pem").unlink()
    states = {one["check"]: one["state"] for one in office.data("doctor", code=1)}
    assert states["certificates"] == "wrong"
    assert states["relay"] == "look"
