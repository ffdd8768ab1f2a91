"""A registered letter that is secret: hidden by anybody who registers, moved by who may."""

from tests.saraban.office import OFFICER, SECRETS

SUBJECT = "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ดอกปีบหน้าฝน"


def test_the_officer_of_secret_letters_moves_a_letter_and_the_register_says_only_that(office):
    office.receive(subject=SUBJECT)
    [entry] = office.received()
    given = ("--grade", "ลับ", "--reason", "มุมบนขวา", "--by", SECRETS)
    done = office.data("letter", "secret", entry["id"], *given)
    assert done["moved"]
    listed = office.run("register", "list", "--book", "received").stdout
    assert "ดอกปีบ" not in listed
    assert "ย้ายไปทะเบียนหนังสือลับ" in listed
    assert "ดอกปีบ" in office.run("letter", "show", done["entry"], "--as", SECRETS).stdout
    assert office.run("proof").stdout


def test_an_officer_hides_it_and_it_can_be_freed(office):
    office.receive(subject=SUBJECT)
    [entry] = office.received()
    office.run("letter", "secret", entry["id"], "--reason", "มุมบนขวา", "--by", OFFICER)
    assert "ดอกปีบ" not in office.run("letter", "show", entry["id"]).stdout
    freed = ("letter", "not-secret", entry["id"], "--reason", "กลับ", "--by")
    office.run(*freed, OFFICER, code=1)
    office.run(*freed, SECRETS)
    assert "ดอกปีบ" in office.run("letter", "show", entry["id"]).stdout
