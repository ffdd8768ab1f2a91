"""A letter comes in at port 25, is numbered, answered and proven."""

from tests.journeys.installation import Installation, mail

DLA = "saraban@dla.go.th"
PHRAE = "saraban@phrae.go.th"


def letter(subject: str = "ด่วนที่สุด ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ แนวทางการปรับปรุงคู่มือสำหรับประชาชน"):
    message = mail(f"กรมส่งเสริมการปกครองท้องถิ่น <{DLA}>", PHRAE, subject)
    message.add_attachment(
        b"%PDF-1.7 a letter", maintype="application", subtype="pdf", filename="ว ๓๙๗๔.pdf"
    )
    return message


def test_a_letter_from_a_proven_agency_is_registered_at_once(office: Installation):
    with office.serving():
        office.send(letter(), DLA, PHRAE)
        office.wait(lambda: office.entries("received"))
    [entry] = office.register("received")
    assert entry["number"] == 1
    assert entry["from"] == "กรมส่งเสริมการปกครองท้องถิ่น"
    assert entry["urgency"] == "ด่วนที่สุด"
    assert entry["letter_number"] == "มท 0810.7/ว 3974"
    assert [file["name"] for file in entry["enclosures"]] == ["ว ๓๙๗๔.pdf"]
    assert office.run("proof").returncode == 0


def test_the_same_letter_again_takes_no_second_number(office: Installation):
    again = letter()
    with office.serving():
        for _ in range(3):
            office.send(again, DLA, PHRAE)
        office.send(letter("เรื่องอื่น"), DLA, PHRAE)
        office.wait(lambda: len(office.entries("received")) == 2)
    assert [entry["number"] for entry in office.register("received")] == [1, 2]


def test_a_stranger_waits_and_eats_no_number(office: Installation):
    stranger = mail("ประชาชน <somsak@gmail.example>", PHRAE, "ขอทราบความคืบหน้า")
    with office.serving():
        office.send(stranger, "somsak@gmail.example", PHRAE)
        office.wait(office.waiting)
        [waiting] = office.data("letter", "waiting")
        done = office.run("letter", "accept", waiting["id"], "--by", "officer@phrae.go.th")
        assert "เลขรับ ๑/" in done.stderr
    assert [entry["number"] for entry in office.register("received")] == [1]
