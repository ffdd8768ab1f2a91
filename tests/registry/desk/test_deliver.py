"""To which unit a letter goes, and why."""

import pytest

from registry import directory
from registry.desk.deliver import RouteFacts, choose
from registry.outbox import Kind
from registry.tokens import reply_tag
from tests.registry.desk.conftest import FINANCE_BOX, LOCAL_BOX, PHRAE, House, Mails, pdf


def add_route(house: House, kind: str, pattern: str, unit: str) -> None:
    with house.database.write() as session:
        directory.add_route(session, house.phrae.id, kind, pattern, unit)


def set_default(house: House, unit: str) -> None:
    with house.database.write() as session:
        directory.set_default_unit(session, house.phrae.id, unit)


def hits(house: House, **facts) -> list[tuple[str, str]]:
    with house.database.read() as session:
        return [
            (hit.unit.code, hit.why) for hit in choose(session, house.phrae, RouteFacts(**facts))
        ]


def test_an_entity_without_rules_and_default_delivers_nothing(house: House, mail: Mails):
    entry = house.entry(house.one(mail()).entry_id)

    assert house.boxes(entry.id) == []
    assert entry.action == ""


def test_the_default_unit_gets_what_no_rule_places(house: House, mail: Mails):
    set_default(house, "local")
    entry = house.entry(house.one(mail()).entry_id)

    assert house.boxes(entry.id) == [LOCAL_BOX]
    assert entry.action == "ส่งให้ สำนักงานส่งเสริมการปกครองท้องถิ่น"


def test_the_unit_in_the_address_comes_first(house: House, mail: Mails):
    set_default(house, "local")
    entry = house.entry(house.one(mail(recipients=("saraban+Finance@phrae.example",))).entry_id)

    assert house.boxes(entry.id) == [FINANCE_BOX]


def test_two_units_in_two_addresses_both_get_it_under_one_number(house: House, mail: Mails):
    recipients = ("saraban+finance@phrae.example", "saraban+local@phrae.example")
    entry = house.entry(house.one(mail(recipients=recipients)).entry_id)

    assert sorted(house.boxes(entry.id)) == [FINANCE_BOX, LOCAL_BOX]
    assert entry.number == 1


def test_an_answer_goes_to_the_unit_whose_letter_it_answers(house: House, mail: Mails):
    set_default(house, "finance")
    sent = house.sent(unit="local")
    tag = reply_tag(house.desk.keys, sent.id)
    entry = house.entry(house.one(mail(recipients=(f"saraban+{tag}@phrae.example",))).entry_id)

    assert house.boxes(entry.id) == [LOCAL_BOX]


def test_an_answer_finds_the_unit_by_its_letter_code(house: House, mail: Mails):
    set_default(house, "finance")
    sent = house.sent(unit="", number="พร 0023.3/77")
    tag = reply_tag(house.desk.keys, sent.id)
    entry = house.entry(house.one(mail(recipients=(f"saraban+{tag}@phrae.example",))).entry_id)

    assert house.boxes(entry.id) == [LOCAL_BOX]


def test_the_unit_that_the_salutation_names_gets_it(house: House):
    assert hits(house, to_text="หัวหน้ากลุ่มงานการเงิน จังหวัดแพร่") == [("finance", "เรียนถึงกลุ่มงานการเงิน")]


@pytest.mark.parametrize(
    ("kind", "pattern", "facts"),
    [
        ("words", "งบประมาณ", {"subject": "การจัดสรรงบประมาณ ปี ๒๕๖๙"}),
        ("words", "ปี 2569", {"subject": "การจัดสรรงบประมาณ ปี ๒๕๖๙"}),
        ("sender", "dla", {"sender": ("saraban@dla.example", "dla")}),
        ("sender", "Saraban@DLA.example", {"sender": ("saraban@dla.example", "dla")}),
        ("addressed", "คลัง", {"to_text": "คลังจังหวัดแพร่"}),
    ],
)
def test_each_kind_of_rule_places_a_letter_and_says_so(house: House, kind, pattern, facts):
    add_route(house, kind, pattern, "finance")

    ((unit, why),) = hits(house, **facts)
    assert unit == "finance"
    assert why.startswith("กฎข้อ 1:")
    assert pattern in why


def test_the_first_rule_that_fits_decides(house: House):
    add_route(house, "words", "เบิกจ่าย", "finance")
    add_route(house, "words", "งบ", "local")

    assert [unit for unit, _ in hits(house, subject="เบิกจ่ายงบ")] == ["finance"]
    assert [unit for unit, _ in hits(house, subject="งบกลาง")] == ["local"]


def test_a_sender_rule_fits_the_whole_code_only(house: House):
    add_route(house, "sender", "dl", "finance")

    assert hits(house, sender=("saraban@dla.example", "dla")) == []


def test_the_job_says_how_and_why_the_unit_gets_it(house: House, mail: Mails):
    entry_id = house.one(
        mail(recipients=("saraban+finance@phrae.example",), parts=[pdf()])
    ).entry_id

    (job,) = house.jobs(Kind.COPY, entry_id=entry_id)
    assert (job.facts["unit"], job.facts["delivery"]) == ("finance", "notice")
    assert "+finance" in job.facts["why"]


def test_an_urgent_letter_is_delivered_before_others(house: House, mail: Mails):
    set_default(house, "local")
    house.one(mail(subject="ด่วนที่สุด ขอเชิญประชุม"))

    assert [job.urgency for job in house.jobs(Kind.COPY)] == [3]


def test_no_copy_goes_to_the_central_address_itself(house: House, mail: Mails):
    """It would come in again, and be delivered again."""
    with house.database.write() as session:
        directory.add_unit(session, house.phrae.id, code="desk", name="สารบรรณกลาง", boxes=[PHRAE])
        directory.set_default_unit(session, house.phrae.id, "desk")
    entry = house.entry(house.one(mail()).entry_id)

    assert house.boxes(entry.id) == []
    assert entry.action == "ส่งให้ สารบรรณกลาง"


def test_a_copy_that_a_box_forwards_back_to_us_is_no_letter(house: House, mail: Mails):
    set_default(house, "local")
    house.one(mail())
    (job,) = house.jobs(Kind.COPY)
    outcome = house.one(mail(sender=PHRAE, message_id=job.message_id, parts=[pdf()]))

    assert outcome.state == "automatic"
    assert len(house.jobs(Kind.COPY)) == 1
