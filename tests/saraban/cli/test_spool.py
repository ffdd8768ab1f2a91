"""What lies in the spool, and letting what was set aside be tried again."""

from gateway.inbound.tray import Tray
from tests.saraban.office import DLA, PHRAE


def set_aside(office, reason="อ่านหัวจดหมายไม่ได้"):
    name = office.lay(DLA, PHRAE, subject="เสีย")
    Tray(office.folder / "spool").set_aside(name, reason)
    return name


def test_an_empty_spool_is_well(office):
    assert office.run("spool", "list").stdout == "ไม่มีจดหมายค้าง ทุกฉบับเข้าทะเบียนแล้ว\n"
    assert office.data("spool", "list") == []


def test_mail_that_waits_for_the_worker_is_listed_and_is_well(office):
    name = office.lay(DLA, PHRAE, subject="ใหม่")
    [one] = office.data("spool", "list")
    assert (one["name"], one["state"], one["from"], one["to"]) == (name, "new", DLA, [PHRAE])


def test_mail_that_was_set_aside_is_exit_1_and_says_why(office):
    name = set_aside(office)
    done = office.run("spool", "list", code=1)
    assert name in done.stdout
    assert "อ่านหัวจดหมายไม่ได้" in done.stdout


def test_one_mail_is_shown_with_the_file_that_holds_it(office):
    name = set_aside(office)
    shown = office.run("spool", "show", name).stdout
    assert DLA in shown
    assert str(office.folder / "spool") in shown


def test_readmitted_mail_is_entered_like_any_other(office):
    name = set_aside(office)
    office.run("spool", "readmit", name)
    office.enter()
    assert len(office.received()) == 1
    office.run("spool", "list")


def test_a_name_that_leads_out_of_the_spool_names_nothing(office):
    for name in ("../../etc/passwd", "smtp/nothing", "smtp/aaaaaaaaaaaaaaaa"):
        office.run("spool", "show", name, code=1)
        office.run("spool", "readmit", name, code=1)
