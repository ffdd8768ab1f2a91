"""Looking at letters, and acting on those that wait."""

import hashlib

import pytest

from tests.saraban.office import CLERK, DLA, OFFICER, PHRAE, SECRETS

STRANGER = "somsak@mail.example"


@pytest.fixture
def stranger(office):
    """The id of a letter from somebody unknown, which waits for an officer."""
    office.receive(STRANGER, subject="ขอทราบความคืบหน้า", trusted=False)
    [waiting] = office.waiting()
    return waiting["id"]


def year(office):
    return office.received()[0]["year"]


def test_a_registered_letter_is_shown_by_its_place_in_either_digits(office):
    office.receive()
    for ref in (f"รับ/1/{year(office)}", f"รับ ๑/{year(office)}"):
        shown = office.run("letter", "show", ref).stdout
        assert "กรมส่งเสริมการปกครองท้องถิ่น" in shown
        assert "มท ๐๘๑๐.๗/ว ๓๙๗๔" in shown


def test_a_letter_as_json_is_the_entry_that_the_register_lists(office):
    office.receive()
    [entry] = office.received()
    shown = office.data("letter", "show", entry["id"])
    assert shown.pop("trust")["means"] == "trusted_network"
    assert (shown.pop("signatures"), shown.pop("paper")) == ([], [])
    assert shown == entry


def test_who_vouches_for_the_sender_is_said_in_words(office):
    office.receive()
    [entry] = office.received()
    shown = office.run("letter", "show", entry["id"]).stdout
    assert "ยืนยันผู้ส่งแล้ว: ส่งผ่านเครื่องที่ตั้งไว้ให้เชื่อถือ" in shown
    assert "ข้อควรทำ" not in shown


def test_of_an_unproven_sender_it_is_said_why_and_what_to_do(office, stranger):
    shown = office.run("letter", "show", stranger).stdout
    assert "ยังยืนยันผู้ส่งไม่ได้: ไม่มีลายเซ็น DKIM ของ mail.example" in shown
    assert "โปรดโทรถามผู้ส่ง" in shown
    assert office.data("letter", "show", stranger)["trust"]["means"] == "none"


def test_an_unknown_id_is_not_found(office):
    for ref in ("aaaaaaaaaaaaaaaa", "no-such-id", "รับ/9999/2568"):
        assert office.run("letter", "show", ref, code=1).stdout == ""


def test_a_place_in_the_books_needs_the_entity_where_several_are_hosted(office):
    office.receive()
    place = f"รับ/1/{year(office)}"
    office.add_town()
    assert "phrae town" in office.run("letter", "show", place, code=2).stderr
    office.run("letter", "show", place, "--entity", "phrae")
    office.run("letter", "show", place, "--entity", "town", code=1)


def test_an_id_needs_no_entity(office):
    office.receive()
    [entry] = office.received()
    office.add_town()
    office.run("letter", "show", entry["id"])


def test_the_original_comes_back_byte_for_byte(office):
    office.receive()
    [entry] = office.received()
    raw = office.run("letter", "original", entry["id"]).stdout_bytes
    assert hashlib.sha256(raw).hexdigest() == entry["original_sha256"]


def test_what_waits_is_listed_with_the_reason_and_stands_in_no_book(office, stranger):
    shown = office.run("letter", "waiting").stdout
    assert "รอลงรับ" in shown
    assert "ขอทราบความคืบหน้า" in shown
    assert office.received() == []
    assert "เหตุที่รอ" in office.run("letter", "show", stranger).stdout


def test_nothing_waiting_is_said_in_words_or_as_an_empty_array(office):
    assert office.run("letter", "waiting").stdout == "ไม่มีหนังสือรอดำเนินการ\n"
    assert office.waiting() == []


def test_an_officer_accepts_with_what_the_paper_says(office, stranger):
    done = office.run(
        "letter", "accept", stranger, "--by", OFFICER, "--subject", "ขอข้อมูลข่าวสาร",
        "--letter-number", "ที่ ศธ ๐๔๐๐๑/๑๒", "--dated", "๑ ตุลาคม ๒๕๖๘", "--from", "โรงเรียนบ้านแพร่",
        "--urgency", "ด่วนมาก", "--unit", "local", "--note", "มาพร้อมต้นฉบับ",
    )  # fmt: skip
    assert "ลงรับแล้ว เลขรับ ๑/" in done.stderr
    [entry] = office.received()
    assert entry["id"] == done.stdout.strip()
    shown = (entry["subject"], entry["letter_number"], entry["dated"], entry["from"])
    assert shown == ("ขอข้อมูลข่าวสาร", "ศธ 04001/12", "2025-10-01", "โรงเรียนบ้านแพร่")
    assert (entry["urgency"], entry["note"]) == ("ด่วนมาก", "มาพร้อมต้นฉบับ")


def test_accepting_twice_says_who_was_first(office, stranger):
    office.run("letter", "accept", stranger, "--by", OFFICER)
    done = office.run("letter", "accept", stranger, "--by", OFFICER, code=1)
    assert OFFICER in done.stderr
    assert len(office.received()) == 1


@pytest.mark.parametrize("by", [CLERK, "nobody@phrae.go.th"])
def test_only_an_officer_of_the_entity_accepts(office, stranger, by):
    office.run("letter", "accept", stranger, "--by", by, code=1)
    assert office.received() == []


def test_an_act_without_a_person_is_wrong_usage_and_says_so(office, stranger):
    assert "--by" in office.run("letter", "accept", stranger, code=2).stderr
    assert len(office.waiting()) == 1


def test_an_impossible_date_is_wrong_usage_and_nothing_is_registered(office, stranger):
    office.run("letter", "accept", stranger, "--by", OFFICER, "--dated", "31/2/2568", code=2)
    assert office.received() == []


def test_a_buddhist_year_in_iso_order_is_understood(office, stranger):
    office.run("letter", "accept", stranger, "--by", OFFICER, "--dated", "2568-10-01")
    assert office.received()[0]["dated"] == "2025-10-01"


def test_a_letter_is_returned_with_a_reason_and_takes_no_number(office, stranger):
    office.run("letter", "return", stranger, "--by", OFFICER, "--reason", "ไม่ใช่เรื่องของจังหวัด")
    assert office.waiting() == []
    assert office.received() == []
    assert "ไม่ใช่เรื่องของจังหวัด" in office.run("letter", "show", stranger).stdout


@pytest.mark.parametrize("reason", [(), ("--reason", ""), ("--reason", "  ")])
def test_a_return_without_a_reason_is_wrong_usage(office, stranger, reason):
    office.run("letter", "return", stranger, "--by", OFFICER, *reason, code=2)
    assert len(office.waiting()) == 1


def test_two_letters_are_linked_and_unlinked_by_an_officer(office):
    office.receive(subject="เรื่องที่หนึ่ง")
    office.receive(subject="เรื่องที่สอง")
    first, second = office.received()
    office.run("letter", "link", second["id"], first["id"], "--relation", "cites", "--by", OFFICER)
    [link] = office.data("letter", "show", second["id"])["links"]
    assert link == {
        "relation": "cites", "entry": first["id"], "how": "officer", "confirmed": True
    }  # fmt: skip
    assert "อ้างถึง รับ ๑/" in office.run("letter", "show", second["id"]).stdout
    office.run("letter", "unlink", second["id"], first["id"], "--by", OFFICER)
    assert office.data("letter", "show", second["id"])["links"] == []


def test_a_clerk_links_nothing(office):
    office.receive(subject="เรื่องที่หนึ่ง")
    office.receive(subject="เรื่องที่สอง")
    first, second = office.received()
    office.run("letter", "link", second["id"], first["id"], "--by", CLERK, code=1)
    assert office.data("letter", "show", second["id"])["links"] == []


def test_a_letter_is_not_linked_to_itself(office):
    office.receive()
    [entry] = office.received()
    office.run("letter", "link", entry["id"], entry["id"], "--by", OFFICER, code=2)


def test_unlinking_what_is_not_linked_is_not_found(office):
    office.receive(subject="เรื่องที่หนึ่ง")
    office.receive(subject="เรื่องที่สอง")
    first, second = office.received()
    office.run("letter", "unlink", first["id"], second["id"], "--by", OFFICER, code=1)


def test_a_secret_letter_shows_nothing_but_that_it_waits(office):
    office.receive(DLA, PHRAE, subject="[ลับ] แผนรักษาความปลอดภัย")
    shown = office.run("letter", "waiting").stdout
    assert "แผนรักษา" not in shown
    assert "(ลับ)" in shown
    [waiting] = office.waiting()
    office.run("letter", "original", waiting["id"], code=1)
    assert "แผนรักษา" not in office.run("letter", "show", waiting["id"]).stdout


def test_the_officer_of_secret_letters_sees_it(office):
    office.receive(DLA, PHRAE, subject="[ลับ] แผนรักษาความปลอดภัย")
    assert "แผนรักษา" in office.run("letter", "waiting", "--as", SECRETS).stdout
    [waiting] = office.waiting()
    assert "แผนรักษา" in office.run("letter", "show", waiting["id"], "--as", SECRETS).stdout
    office.run("letter", "original", waiting["id"], "--as", SECRETS)


def test_the_officer_of_another_entity_does_not(office):
    office.receive(DLA, PHRAE, subject="[ลับ] แผนรักษาความปลอดภัย")
    office.add_town()
    office.run("officer", "add", "s@town.go.th", "--entity", "town", "--role", "secret-officer")
    assert "แผนรักษา" not in office.run("letter", "waiting", "--as", "s@town.go.th").stdout
    [waiting] = office.waiting()
    office.run("letter", "original", waiting["id"], "--as", "s@town.go.th", code=1)


def test_an_ordinary_officer_is_not_cleared(office):
    done = office.run("letter", "waiting", "--as", OFFICER, code=1)
    assert OFFICER in done.stderr


def test_an_upload_link_is_an_address_of_the_pages(office):
    office.receive()
    [entry] = office.received()
    done = office.run("letter", "upload-link", entry["id"], "--to", "somsak@mail.example")
    assert done.stdout.startswith("http://127.0.0.1:8026/u/")


@pytest.fixture
def withheld(office):
    """The id of a registered letter that no scanner looked at."""
    office.receive(scan="not_scanned")
    return office.received()[0]["id"]


def test_a_letter_that_was_not_scanned_says_so_and_is_among_those_that_wait(office, withheld):
    shown = office.run("letter", "show", withheld).stdout
    assert "ยังไม่ได้ตรวจ ไฟล์ถูกกักไว้ (the scanner is away)" in shown
    [one] = office.waiting()
    assert (one["state"], one["scan"], one["enclosures"][0]["withheld"]) == (
        "registered", "not_scanned", True,
    )  # fmt: skip
    assert "ไฟล์รอตรวจ" in office.run("letter", "waiting").stdout


def test_an_officer_gets_the_original_of_a_withheld_letter_with_a_warning(office, withheld):
    done = office.run("letter", "original", withheld)
    assert "คำเตือน: ไฟล์แนบยังไม่ผ่านการตรวจไวรัส" in done.stderr
    assert done.stdout.startswith("From: ")


def test_an_officer_lets_the_files_out_and_the_letter_says_who(office, withheld):
    by = ("--by", OFFICER, "--reason", "โทรถามผู้ส่งแล้ว")
    assert "ให้ใช้ไฟล์แนบได้แล้ว" in office.run("letter", "clear", withheld, *by).stderr
    shown = office.run("letter", "show", withheld).stdout
    assert f"{OFFICER} ให้ใช้ไฟล์ได้" in shown
    assert office.waiting() == []
    assert office.received()[0]["enclosures"][0]["withheld"] is False
    again = office.run("letter", "clear", withheld, *by, code=1)
    assert OFFICER in again.stderr


def test_a_clerk_lets_no_files_out(office, withheld):
    office.run("letter", "clear", withheld, "--by", CLERK, "--reason", "x", code=1)
    assert len(office.waiting()) == 1


def test_a_letter_that_waits_tells_when_it_counts_as_received_and_by_when_to_deal_with_it(office):
    office.receive(STRANGER, subject="[ด่วนมาก] น้ำท่วม", trusted=False)
    [waiting] = office.waiting()
    shown = office.run("letter", "show", waiting["id"]).stdout
    assert "ถือว่าได้รับ" in shown
    assert "(ตามชั้นความเร็ว)" in shown


def test_a_letter_of_no_urgency_has_no_time_to_be_dealt_with(office, stranger):
    assert "ให้ดำเนินการภายใน" not in office.run("letter", "show", stranger).stdout
