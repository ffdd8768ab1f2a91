"""A letter is presented to a superior by mail, and the answer to that mail is the order."""

from datetime import timedelta

import pytest

from registry import directory, journal, movements
from registry.accounts import deputies
from registry.desk.accept import accept
from registry.desk.order import endorse
from registry.desk.propose import propose, take_back
from registry.errors import Conflict, NotAllowed, NotUnderstood
from registry.letter.entity import Role
from registry.letter.message import Means, Trust
from registry.letter.sorting import Kind
from registry.models.letters import NoteRow
from registry.outbox import Kind as Job
from registry.tokens import reply_tag
from tests.registry.desk.conftest import CLERK, DLA, OFFICER, PHRAE, SECRET_OFFICER, House, pdf

PROVEN = Trust(Means.DKIM, domain="phrae.example")
BOSS, NAME = "governor@phrae.example", "นายสมบูรณ์ ใจดี"


@pytest.fixture
def entry_id(house: House, mail):
    """A registered letter of an office with a governor."""
    with house.database.write() as session:
        directory.add_officer(
            session, house.phrae.id, email=BOSS, role=Role.CLERK, name=NAME, at=house.clock.now()
        )
    return house.one(mail(parts=[pdf()])).entry_id


@pytest.fixture
def presented(house: House, entry_id):
    present(house, entry_id)
    return entry_id


def present(house, entry_id, by=OFFICER, to=BOSS, words="เห็นควรมอบ สถจ. ดำเนินการ"):
    with house.database.write() as session:
        return propose(session, house.desk, entry_id, by, to, words)


def way(house, entry_id):
    with house.database.read() as session:
        return movements.of(session, entry_id)


def answered(house, mail, entry_id, *, thread=True, to="", sender=BOSS, **fields):
    """Let the superior answer, by the address of the entry and in the thread of the mail."""
    tag = reply_tag(house.desk.keys, entry_id)
    known = {job.to_address: job.message_id for job in house.jobs(Job.COPY, entry_id=entry_id)}
    references = (known[sender],) if thread else ()
    recipients = (to or f"saraban+{tag}@phrae.example",)
    return house.one(
        mail(sender=sender, trust=PROVEN, recipients=recipients, references=references, **fields)
    )


def test_the_superior_gets_one_mail_and_the_step_stands_on_the_entry(house, presented):
    (job,) = house.jobs(Job.COPY, entry_id=presented)
    (step,) = way(house, presented)

    assert (job.to_address, job.facts["words"]) == (BOSS, "เห็นควรมอบ สถจ. ดำเนินการ")
    assert (step.kind, step.by, step.to_name, step.answered_at) == ("present", OFFICER, NAME, None)


def test_an_answer_in_words_is_the_order(house, mail, presented):
    outcome = answered(house, mail, presented, text="มอบ สถจ.แพร่ ดำเนินการ")

    asked, order = way(house, presented)
    assert (outcome.kind, outcome.state) == (Kind.NOTE, "note")
    assert (order.kind, order.by, order.text) == ("order", BOSS, "มอบ สถจ.แพร่ ดำเนินการ")
    assert asked.answered_at == order.at
    assert asked.answer_letter_id == order.answer_letter_id == outcome.letter_id
    assert house.told("order_given") == [OFFICER]
    assert house.told("note_taken") == house.rows(NoteRow) == []


def test_an_answer_with_a_signed_file_is_an_order_and_no_letter_to_the_sender(
    house, mail, presented
):
    outcome = answered(house, mail, presented, parts=[pdf("สั่งการ.pdf", "order")], text="")

    assert house.letter(outcome.letter_id).direction == "in"
    assert way(house, presented)[1].kind == "order"
    assert house.jobs(Job.LETTER) == []


def test_an_answer_in_a_mailbox_without_tags_is_known_by_its_thread(house, mail, presented):
    answered(house, mail, presented, to=PHRAE, text="ทราบ")

    assert way(house, presented)[1].text == "ทราบ"


def test_an_answer_whose_program_left_out_the_thread_counts_by_the_address(house, mail, presented):
    answered(house, mail, presented, thread=False, text="ดำเนินการตามเสนอ")

    assert way(house, presented)[1].kind == "order"


def test_a_file_without_the_thread_is_a_letter_as_ever(house, mail, presented):
    outcome = answered(house, mail, presented, thread=False, parts=[pdf("ตอบ.pdf", "answer")])

    assert outcome.kind is Kind.DISPATCH


def test_a_second_answer_is_another_order_to_the_same_presenting(house, mail, presented):
    answered(house, mail, presented, text="ทราบ")
    first = way(house, presented)[0].answered_at
    house.clock.advance(timedelta(minutes=5))
    answered(house, mail, presented, text="เพิ่มเติม ให้รายงานด้วย")

    asked, *orders = way(house, presented)
    assert [one.text for one in orders] == ["ทราบ", "เพิ่มเติม ให้รายงานด้วย"]
    assert asked.answered_at == first


def test_a_forged_answer_orders_nothing(house, mail, presented):
    tag = reply_tag(house.desk.keys, presented)
    forged = mail(sender=BOSS, trust=Trust(), recipients=(f"saraban+{tag}@phrae.example",))
    house.one(forged)

    assert [one.kind for one in way(house, presented)] == ["present"]


def test_a_colleague_who_answers_the_forwarded_mail_writes_a_note(house, mail, presented):
    (job,) = house.jobs(Job.COPY, entry_id=presented)
    tag = reply_tag(house.desk.keys, presented)
    message = mail(
        sender=CLERK, trust=PROVEN, recipients=(f"saraban+{tag}@phrae.example",), text="รับทราบ",
        references=(job.message_id,),
    )  # fmt: skip
    house.one(message)

    assert [one.kind for one in way(house, presented)] == ["present"]
    assert [one.by for one in house.rows(NoteRow)] == [CLERK]


def test_a_vacation_answer_of_the_superior_is_no_order(house, mail, presented):
    answered(house, mail, presented, text="ไปราชการ", automatic=True)

    assert [one.kind for one in way(house, presented)] == ["present"]


def test_it_is_not_presented_twice_while_it_waits(house, mail, presented):
    with pytest.raises(Conflict) as told:
        present(house, presented)
    assert NAME in told.value.thai

    answered(house, mail, presented, text="ทราบ")
    present(house, presented)
    assert [one.kind for one in way(house, presented)] == ["present", "order", "present"]


@pytest.mark.parametrize("to", [DLA, "nobody@phrae.example", "nobody@elsewhere.example"])
def test_only_a_person_of_the_office_can_be_asked(house, entry_id, to):
    with pytest.raises(NotAllowed):
        present(house, entry_id, to=to)


def test_nobody_presents_to_themselves(house, entry_id):
    with pytest.raises(Conflict):
        present(house, entry_id, to=OFFICER)


def test_an_auditor_presents_nothing(house, entry_id):
    with house.database.write() as session:
        directory.add_officer(
            session, house.phrae.id, email="look@phrae.example", role=Role.AUDITOR,
            at=house.clock.now(),
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        present(house, entry_id, by="look@phrae.example")


def test_a_secret_letter_is_presented_by_its_officer_without_its_words(house, mail):
    outcome = house.one(mail(parts=[pdf()], subject="[ลับ] แผนรักษาความปลอดภัย"))
    with house.database.write() as session:
        entry = accept(session, house.desk, outcome.letter_id, SECRET_OFFICER)
    with pytest.raises(NotAllowed):
        present(house, entry.id, to=CLERK)
    present(house, entry.id, by=SECRET_OFFICER, to=CLERK, words="แผนอยู่ในตู้")

    (job,) = house.jobs(Job.COPY, entry_id=entry.id)
    assert job.facts["words"] == ""
    assert way(house, entry.id)[0].text == "แผนอยู่ในตู้"


def test_a_presenting_is_taken_back_before_its_mail_leaves(house, presented):
    (step,) = way(house, presented)
    with house.database.write() as session:
        assert take_back(session, house.desk, step.id, presented, OFFICER)

    assert [job.state for job in house.jobs(Job.COPY)] == ["withdrawn"]
    assert way(house, presented)[0].undone_by == OFFICER
    with house.database.write() as session, pytest.raises(Conflict):
        take_back(session, house.desk, step.id, presented, OFFICER)


def test_a_presenting_whose_mail_has_left_is_taken_back_all_the_same(house, presented):
    (job,) = house.jobs(Job.COPY, entry_id=presented)
    house.left(job.id)
    with house.database.write() as session:
        assert not take_back(session, house.desk, way(house, presented)[0].id, presented, OFFICER)
    assert way(house, presented)[0].undone_at is not None


def test_the_superior_may_order_in_the_pages(house, presented):
    with house.database.write() as session:
        endorse(session, house.desk, presented, BOSS, " ดำเนินการ ")

    asked, order = way(house, presented)
    assert (order.kind, order.text, asked.answered_at) == ("order", "ดำเนินการ", order.at)
    assert house.told("order_given") == [OFFICER]


def test_a_word_of_somebody_else_is_an_endorsement(house, presented):
    with house.database.write() as session:
        endorse(session, house.desk, presented, CLERK, "ประสานแล้ว")

    asked, word = way(house, presented)
    assert (word.kind, asked.answered_at) == ("endorse", None)


def test_an_endorsement_has_words(house, entry_id):
    with house.database.write() as session, pytest.raises(NotUnderstood):
        endorse(session, house.desk, entry_id, CLERK, " \n ")


def test_a_deputy_orders_in_the_superiors_place_and_it_is_said_so(house, presented):
    with house.database.write() as session:
        deputy = directory.officer_by_email(session, CLERK)
        boss = directory.officer_by_email(session, BOSS)
        assert deputy
        assert boss
        deputies.stand_in(session, deputy, boss)
        endorse(session, house.desk, presented, CLERK, "ทราบ")

    asked, order = way(house, presented)
    assert (order.kind, order.by, order.by_for) == ("order", CLERK, BOSS)
    assert asked.answered_at is not None


def test_the_way_of_an_entry_is_in_the_journal(house, mail, presented):
    answered(house, mail, presented, text="ทราบ")
    with house.database.read() as session:
        assert journal.verify(session) == []
