"""What becomes of a mail at the desk, told from outside."""

import pytest
from sqlalchemy import event

from registry.desk.identify import reached
from registry.desk.take_in import take_in
from registry.errors import NotFound
from registry.letter.message import Listener, Means, Trust
from registry.letter.sorting import Kind
from registry.models.letters import EnclosureRow, IntakeRow, LetterRow, OriginalRow
from tests.registry.desk.conftest import DLA, NOBODY, PHRAE, TOWN, House, Mails, pdf


def test_a_letter_of_a_proven_listed_sender_is_registered_at_once(house: House, mail: Mails):
    outcome = house.one(mail(subject="ขอเชิญประชุม", parts=[pdf()]))

    assert (outcome.kind, outcome.state) == (Kind.LETTER, "registered")
    assert (outcome.number, outcome.year) == (1, 2568)
    entry = house.entry(outcome.entry_id)
    assert (entry.book, entry.from_text, entry.subject) == (
        "received",
        house.dla.name,
        "ขอเชิญประชุม",
    )
    assert entry.to_text == "ผู้ว่าราชการจังหวัดแพร่"


def test_letters_take_numbers_one_after_the_other(house: House, mail: Mails):
    assert [house.one(mail()).number for _ in range(3)] == [1, 2, 3]


def test_one_mail_to_two_entities_makes_one_entry_in_each(house: House, mail: Mails):
    outcomes = house.take(mail(recipients=(TOWN, PHRAE)))

    assert {(one.entity_code, one.number) for one in outcomes} == {("phrae", 1), ("town", 1)}
    assert len(house.received("phrae")) == len(house.received("town")) == 1


def test_the_same_spool_name_gives_the_same_outcomes_and_does_nothing(house: House, mail: Mails):
    message = mail(recipients=(TOWN, PHRAE), parts=[pdf()])
    first = house.take(message)
    before = len(house.rows(LetterRow))

    assert house.take(message) == first
    assert len(house.rows(LetterRow)) == before
    assert len(house.acknowledged()) == 2


def test_the_intake_is_written_down_with_how_its_bytes_are_kept(house: House, mail: Mails):
    message = mail()
    house.take(message)

    (intake,) = house.rows(IntakeRow)
    assert (intake.spool_name, intake.raw_sha256, intake.outcomes) == (
        "spool-1",
        message.raw_sha256,
        1,
    )
    assert [row.sha256 for row in house.rows(OriginalRow)] == [message.raw_sha256]


def test_a_mail_to_nobody_here_is_refused_whole(house: House, mail: Mails):
    with pytest.raises(NotFound):
        house.take(mail(recipients=("saraban@elsewhere.example",)))

    assert house.rows(IntakeRow) == []


def test_addresses_are_the_same_in_any_case(house: House, mail: Mails):
    outcome = house.one(mail(recipients=("Saraban@PHRAE.example",)))

    assert outcome.state == "registered"


def test_every_file_of_a_mail_is_kept(house: House, mail: Mails):
    parts = [
        pdf("หนังสือ.pdf", "a"),
        pdf("สิ่งที่ส่งมาด้วย ๑.pdf", "b"),
        pdf("ตรา.png", "c", media_type="image/png", inline=True),
        pdf("ว่าง.txt", "", size=0, media_type="text/plain"),
    ]
    outcome = house.one(mail(parts=parts))

    rows = house.rows(EnclosureRow, letter_id=outcome.letter_id)
    assert [row.role for row in rows] == ["letter", "enclosure", "enclosure", "enclosure"]
    assert [row.inline for row in rows] == [False, False, True, False]


@pytest.mark.parametrize(("size", "split"), [(25_000_000, False), (25_000_001, True)])
def test_a_part_is_split_from_25_mb_and_one_byte_on(house: House, mail: Mails, size, split):
    outcome = house.one(mail(parts=[pdf(size=size)]))

    assert house.entry(outcome.entry_id).enclosures[0].split is split


def test_the_four_times_are_kept(house: House, mail: Mails, clock):
    sent = clock.now().replace(day=1)
    entry = house.entry(house.one(mail(date_header=sent)).entry_id)

    assert entry.date_header == sent
    assert entry.accepted_at == entry.deemed_received_at == entry.registered_at == clock.now()


def test_what_came_on_saturday_counts_as_received_on_monday(house: House, mail: Mails, clock):
    clock.set(clock.now().replace(day=4))
    entry = house.entry(house.one(mail()).entry_id)

    assert entry.deemed_received_at is not None
    assert (entry.deemed_received_at.astimezone(clock.now().tzinfo)).isoformat()[
        :16
    ] == "2025-10-06T08:30"


def test_a_letter_from_an_entity_hosted_here_is_proven_by_that(house: House, mail: Mails):
    message = mail(
        sender=TOWN, listener=Listener.LOCAL, trust=Trust(Means.HOSTED, domain="town.example")
    )

    assert house.one(message).state == "registered"


def test_hostile_text_is_stored_on_every_engine(house: House, mail: Mails):
    """NUL bytes, lone surrogates and endless headers must not stop the queue."""
    message = mail(
        subject="ขอเชิญ\x00 ประชุม \ud800",
        text="ก\x00ข",
        sender_name="x" * 4000,
        message_id=f"<{'ก' * 3000}@x>",
        reply_to="\x00" + "y" * 5000,
        defects=("bad\x00header",),
        parts=[pdf("ก" * 300 + ".pdf", original_name="\x00ก\ud800.pdf")],
    )
    outcome = house.one(message)

    assert outcome.state == "registered"
    assert house.entry(outcome.entry_id).subject == "ขอเชิญ ประชุม \ufffd"


def test_nothing_stands_when_the_transaction_fails(house: House, mail: Mails):
    def fail() -> None:
        with house.database.write() as session:
            take_in(session, house.desk, mail())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert house.rows(IntakeRow) == house.rows(LetterRow) == []
    assert house.one(mail()).number == 1


def test_an_unproven_letter_has_no_number(house: House, mail: Mails):
    outcome = house.one(mail(trust=NOBODY, sender=DLA, recipients=(PHRAE,)))

    assert (outcome.state, outcome.number, outcome.entry_id) == ("waiting", None, None)
    assert house.received() == []


def test_a_letter_to_a_thousand_strangers_does_not_read_the_directory_for_each(house: House):
    asked: list[str] = []

    def hear(_connection, _cursor, statement, *_more) -> None:
        asked.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", hear)
    with house.database.read() as session:
        here = reached(session, [f"nid{n}@far.example" for n in range(1000)])
    event.remove(house.database.engine, "before_cursor_execute", hear)
    assert here == []
    assert len(asked) <= 1001
