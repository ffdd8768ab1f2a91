"""What we write, our own way in reads: another installation registers without guessing."""

from datetime import date, datetime

import pytest

from gateway.inbound.parse import parse
from gateway.inbound.spool import Spool
from gateway.inbound.tray import Tray
from gateway.outbound.local import hosted_receiver, lay_down
from gateway.settings import ScanSettings
from registry import directory
from registry.clock import BANGKOK
from registry.desk import found_secret
from registry.desk.read import read
from registry.desk.subject import clean_subject
from registry.desk.take_in import take_in
from registry.letter.grades import Secrecy
from registry.letter.message import Listener
from registry.models.letters import LetterRow
from registry.models.outgoing import OutboxRow
from registry.outbox import Kind
from tests.gateway.outbound.office import SUBJECT, TEXT
from tests.servers.clamd import EICAR


@pytest.fixture
def passed_on(office):
    """Lay a composed job down in the spool and read it as the way in does."""

    def through(job, *, whole=True, scanner=""):
        runtime, compose = office.runtime, office.composer
        composed = (compose.whole if whole else compose.compose)(office.get(job))
        spool = Spool(runtime.spool_dir, "mailq", runtime.clock)
        name = lay_down(spool, composed, office.phrae, 0, ScanSettings(clamd=scanner))
        spool.close()
        return parse(Tray(runtime.spool_dir).read(name), office.blobs, runtime.office)

    return through


def test_a_letter_is_read_with_its_number_date_urgency_and_matter(office, passed_on):
    message = passed_on(office.send(to="saraban@town.example"))
    reading = read(message, believe_marks=True)
    assert (reading.subject, reading.number) == (SUBJECT, "พร 0023.3/1")
    assert (reading.dated, reading.urgency) == (date(2025, 10, 3), "ด่วนที่สุด")
    assert message.listener is Listener.LOCAL
    assert message.sender == "saraban@phrae.example"
    assert message.defects == ()


def test_a_letter_is_read_the_same_where_its_marks_are_not_believed(office, passed_on):
    reading = read(passed_on(office.send(to="saraban@town.example")), believe_marks=False)
    assert (reading.subject, reading.number) == (SUBJECT, "พร 0023.3/1")
    assert (reading.dated, reading.urgency) == (date(2025, 10, 3), "ด่วนที่สุด")


def test_only_the_clerks_words_are_kept_as_the_text_of_the_letter(office, passed_on):
    message = passed_on(office.send(to="saraban@town.example"))
    assert message.words == TEXT
    assert read(message, believe_marks=True).text == TEXT
    assert read(message, believe_marks=False).text == message.text
    assert "ตัวหนังสือ ๑ ไฟล์" in message.text


def test_a_letter_without_words_is_kept_without_our_frame(office, passed_on):
    message = passed_on(office.send(to="saraban@town.example", text=""))
    assert read(message, believe_marks=True).text == ""


def test_the_day_by_which_to_act_is_read_back(office, passed_on):
    due = datetime(2025, 10, 19, 9, tzinfo=BANGKOK)
    message = passed_on(office.send(to="saraban@town.example", due=due))
    assert read(message, believe_marks=True).due == due


def test_references_are_read_once_and_without_the_letter_itself(office, passed_on):
    text = "เรียน นายกเทศมนตรี\n\nอ้างถึง หนังสือเทศบาล ที่ พร 52001/218 ลงวันที่ 1 กันยายน 2568\n\nด้วย"
    message = passed_on(office.send(to="saraban@town.example", text=text))
    for believe in (True, False):
        (one,) = read(message, believe_marks=believe).references
        assert str(one.number) == "พร 52001/218"
    assert read(message, believe_marks=True).to_text == "นายกเทศมนตรี"


def test_the_qr_code_of_our_own_mail_is_told_from_files(office, passed_on):
    """To another host a large file travels by link, and the link brings its picture."""
    files = {"หนังสือ.pdf": b"%PDF", "ใหญ่.pdf": b"x" * 25_000_001}
    message = passed_on(office.send(files=files), whole=False)
    found = [(part.name, part.inline, part.decoration) for part in message.parts]
    assert found == [("qr.png", True, True), ("หนังสือ.pdf", False, False)]


def test_files_come_through_whole_and_nothing_else_counts_as_a_file(office, passed_on, sha):
    files = {"หนังสือ.pdf": b"%PDF letter", "ใหญ่.pdf": b"x" * 25_000_001}
    message = passed_on(office.send(to="saraban@town.example", files=files))
    got = {part.name: part.sha256 for part in message.parts}
    assert got == {name: sha(data) for name, data in files.items()}


def test_a_letter_is_no_bounce_and_no_machines_mail(office, passed_on):
    message = passed_on(office.send(to="saraban@town.example"))
    assert not any((message.bounce, message.automatic, message.bulk))


def test_an_acknowledgement_is_read_as_a_receipt(office, passed_on):
    letter, entry = office.receive()
    job = office.job(
        Kind.ACKNOWLEDGEMENT,
        "saraban@town.example",
        entry_id=entry,
        letter_id=letter,
        facts={"act": "registered"},
    )
    message = passed_on(job)
    assert message.receipt is not None
    assert (message.receipt.act, message.receipt.number) == ("registered", "1")
    assert message.receipt.message_id == "<w3974@dla.example>"
    assert message.parts == ()
    assert message.automatic


def test_a_copy_that_came_back_to_us_would_be_known_as_a_machines(office, passed_on):
    letter, entry = office.receive()
    job = office.job(Kind.COPY, "saraban@town.example", entry_id=entry, letter_id=letter)
    assert passed_on(job).automatic


def test_only_central_addresses_of_entities_hosted_here_are_local(office):
    with office.database.read() as session:
        for address, code in (
            ("saraban@town.example", "town"),
            ("Saraban+r-abc@Town.example", "town"),
            ("clerk@town.example", None),
            ("saraban@dla.example", None),
            ("nonsense", None),
        ):
            found = hosted_receiver(session, address)
            assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("subject", "matter"),
    [
        ("ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๑ เรื่อง แนวทาง", "แนวทาง"),
        ("Re: ที่ พร 0023.3/1 เรื่อง แนวทาง", "แนวทาง"),
        ("ที่ดินสาธารณะ เรื่อง ร้องเรียน", "ที่ดินสาธารณะ เรื่อง ร้องเรียน"),
        ("ที่ ประชุมสภา เรื่อง งบประมาณ", "ที่ ประชุมสภา เรื่อง งบประมาณ"),
    ],
)
def test_the_matter_is_found_behind_the_number_in_a_subject(subject, matter):
    assert clean_subject(subject) == matter


def test_a_letter_between_entities_of_one_house_is_shown_to_the_scanner(office, passed_on, clamd):
    job = office.send(to="saraban@town.example", files={"a.com": EICAR})
    assert passed_on(job, scanner=clamd.address).scan == "infected"
    clean = office.send(to="saraban@town.example")
    assert passed_on(clean, scanner=clamd.address).scan == "clean"


@pytest.mark.parametrize("first", ["it came", "it was hidden"])
def test_a_letter_to_a_neighbour_that_its_sender_hides_is_secret_in_both_books(
    office, passed_on, first
):
    """Its mail is in the town already, or lies in the spool still."""
    runtime, job = office.runtime, office.send(to="saraban@town.example")
    message = passed_on(job)

    def hide() -> None:
        with runtime.database.write() as session:
            registrar = "registrar@phrae.example"
            directory.add_officer(
                session, office.phrae.id, email=registrar, role="officer", at=runtime.clock.now()
            )
            letter_id = session.get_one(OutboxRow, job).letter_id
            found_secret.hide(session, runtime.desk, letter_id, registrar, Secrecy.CONFIDENTIAL)

    if first == "it was hidden":
        hide()
    with runtime.database.write() as session:
        (came,) = take_in(session, runtime.desk, message)
    if first == "it came":
        hide()
    with runtime.database.read() as session:
        assert session.get_one(LetterRow, came.letter_id).secrecy == "ลับ"
