"""Letters on paper, by command."""

from tests.saraban.office import OFFICER

BY = ("--by", OFFICER)


def register(office, *more, code=0):
    return office.run(
        "register", "paper", "--subject", "ขอใช้สถานที่", "--from", "นายสมศักดิ์",
        "--number", "มท 0810/7", "--dated", "3/10/2568", *more, *BY, code=code,
    )  # fmt: skip


def test_paper_is_registered_with_its_scan_and_gets_more_later(office, tmp_path):
    scan = tmp_path / "หนังสือ.pdf"
    scan.write_bytes(b"%PDF-1.7")
    done = register(office, "--letter", str(scan), "--way", "ems", "--pages", "2")
    assert "ลงรับแล้ว" in done.stderr
    (entry,) = office.received()
    assert entry["note"] == "รับเป็นกระดาษ ทาง EMS ๒ หน้า"
    scan.write_bytes(b"%PDF-1.4")
    office.run("register", "scan", entry["id"], "--enclosure", str(scan), *BY)
    assert [one["role"] for one in office.received()[0]["enclosures"]] == ["letter", "enclosure"]
    assert office.data("proof")["problems"] == []


def test_a_double_is_told_before_a_number_is_taken(office):
    register(office)
    assert "--distinct" in register(office, code=2).stderr
    register(office, "--distinct")
    assert len(office.received()) == 2


def test_a_copy_on_paper_takes_no_number(office):
    office.receive()
    (entry,) = office.received()
    office.run("register", "paper-too", entry["id"], "--way", "post", *BY)
    assert len(office.received()) == 1


def test_a_reserved_number_is_used_for_paper(office):
    entry = office.run("number", "reserve", "--subject", "คำขอ", *BY).stdout.strip()
    office.run("register", "paper-sent", entry, "--subject", "คำขอ", "--to", "อธิบดี", *BY)
    assert office.data("number", "reserved") == []
