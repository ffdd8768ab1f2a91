"""Who is registered without a person, and who waits and why."""

import pytest

from registry import directory, outbox
from registry.desk.accept import accept
from registry.letter.entity import Role
from registry.letter.message import Check, Means, Trust
from registry.letter.sorting import Kind
from tests.registry.desk.conftest import CLERK, DLA, NOBODY, OFFICER, PHRAE, TOWN, House, Mails, pdf


def why(house: House, message) -> str:
    outcome = house.one(message)
    assert (outcome.state, outcome.number) == ("waiting", None)
    return house.letter(outcome.letter_id).why_waiting


def test_a_listed_sender_without_proof_waits(house: House, mail: Mails):
    assert "พิสูจน์ไม่ได้" in why(house, mail(trust=NOBODY))


def test_a_citizen_waits(house: House, mail: Mails):
    trust = Trust(Means.DKIM, domain="gmail.example")
    assert "ไม่อยู่ในทำเนียบ" in why(house, mail(sender="nid@gmail.example", trust=trust))


def test_another_address_of_a_listed_domain_is_only_a_hint(house: House, mail: Mails):
    assert f"โดเมนของ{house.dla.name}" in why(house, mail(sender="director@dla.example"))


@pytest.mark.parametrize(
    "domain", ["d1a.example", "dla-example.com", "dla.example.evil.test", "dia.example"]
)
def test_a_look_alike_domain_waits_with_both_names(house: House, mail: Mails, domain):
    reason = why(house, mail(sender=f"saraban@{domain}", trust=Trust(Means.DKIM, domain=domain)))

    assert domain in reason
    assert "dla.example" in reason


def test_a_mail_without_from_waits(house: House, mail: Mails):
    assert "ไม่มีที่อยู่ผู้ส่ง" in why(house, mail(sender="", senders=()))


def test_a_mail_with_several_from_waits_even_if_one_is_proven(house: House, mail: Mails):
    reason = why(house, mail(sender="", senders=(DLA, "other@dla.example")))

    assert "หลายราย" in reason


def test_a_forged_from_of_an_own_clerk_waits_and_sends_nothing(house: House, mail: Mails):
    message = mail(
        sender=CLERK, trust=NOBODY, recipients=("saraban+dla@phrae.example",), parts=[pdf()]
    )

    assert "อาจปลอม" in why(house, message)
    assert house.told("draft_waiting") == house.told("letter_sent") == []


def test_a_forged_from_of_the_own_central_address_waits(house: House, mail: Mails):
    assert "หน่วยงานเราเอง" in why(house, mail(sender=PHRAE, trust=NOBODY))


def test_a_proven_clerk_writing_to_the_central_address_itself_waits(house: House, mail: Mails):
    trust = Trust(Means.DKIM, domain="phrae.example")

    assert "ไม่ใช่ที่อยู่กลาง" in why(house, mail(sender=CLERK, trust=trust, parts=[pdf()]))


def test_everything_waits_where_an_officer_registers(house: House, mail: Mails):
    house.settle(receive="by_officer")

    assert "เจ้าหน้าที่ลงรับทุกฉบับ" in why(house, mail())


def test_a_letter_that_cannot_be_parsed_is_kept_and_shown(house: House, mail: Mails):
    message = mail(parsed=False, text="", own_text="", subject="", defects=("broken boundary",))
    outcome = house.one(message)

    letter = house.letter(outcome.letter_id)
    assert (outcome.kind, letter.state) == (Kind.UNCLEAR, "waiting")
    assert "อ่านโครงสร้างอีเมลไม่ได้" in letter.why_waiting
    assert letter.defects == ["broken boundary"]


def test_a_subject_without_text_and_file_waits(house: House, mail: Mails):
    assert "ไม่มีข้อความของผู้ส่งเองและไม่มีไฟล์" in why(house, mail(text="", own_text=" \n"))


def test_automatic_mail_with_a_file_is_looked_at_by_a_person(house: House, mail: Mails):
    assert "ระบบอัตโนมัติ" in why(house, mail(automatic=True, parts=[pdf()]))


def test_mail_to_the_postmaster_waits(house: House, mail: Mails):
    assert "postmaster" in why(house, mail(recipients=("postmaster@phrae.example",)))


def test_a_waiting_letter_of_a_stranger_hears_nothing(house: House, mail: Mails):
    house.one(mail(trust=NOBODY))

    assert house.acknowledged("arrived") == house.acknowledged() == []


def test_somebody_of_our_own_who_is_no_clerk_hears_that_nothing_was_sent(house: House, mail: Mails):
    trust = Trust(Means.DKIM, domain="phrae.example")
    why(
        house,
        mail(sender="new@phrae.example", trust=trust, recipients=("saraban+dla@phrae.example",)),
    )

    assert house.told("not_known_clerk") == ["new@phrae.example"]


def test_a_stranger_at_a_dispatch_address_hears_nothing(house: House, mail: Mails):
    why(
        house,
        mail(sender="new@phrae.example", trust=NOBODY, recipients=("saraban+dla@phrae.example",)),
    )

    assert house.told("not_known_clerk") == []


def test_an_officer_who_writes_from_the_central_address_is_the_entity(house: House, mail: Mails):
    """Small offices have one mailbox for all."""
    with house.database.write() as session:
        directory.add_officer(
            session, house.town.id, email=TOWN, role=Role.OFFICER, at=house.clock.now()
        )
    trust = Trust(Means.DKIM, domain="town.example")

    assert house.one(mail(sender=TOWN, trust=trust)).state == "registered"


@pytest.mark.parametrize("recipient", ["", "no address", "saraban@", "x@elsewhere.example"])
def test_a_recipient_that_means_nobody_is_passed_over(house: House, mail: Mails, recipient):
    assert house.one(mail(recipients=(recipient, PHRAE))).state == "registered"


REFUSED = Trust(
    detail="DMARC",
    checks=(
        Check("spf", "fail", "dla.example"),
        Check("dmarc", "fail", "dla.example", "p=reject at dla.example"),
    ),
)


def test_why_a_sender_is_not_proven_stands_in_the_reason(house: House, mail: Mails):
    trust = Trust(checks=(Check("dkim", "fail", "dla.example"), Check("dmarc", "none", "x")))
    reason = why(house, mail(trust=trust))

    assert "ลายเซ็น DKIM ของ dla.example ไม่ถูกต้อง" in reason
    assert "โปรดโทรถามผู้ส่ง" in reason


def test_a_published_reject_is_obeyed(house: House, mail: Mails):
    """After 250 it cannot be refused any more: it waits, and nobody hears of it."""
    outcome = house.one(mail(trust=REFUSED))

    letter = house.letter(outcome.letter_id)
    assert outcome.state == "waiting"
    assert letter.why_waiting.startswith("dla.example ประกาศไม่ให้รับ")
    assert "น่าจะเป็นจดหมายปลอม" in letter.why_waiting
    assert letter.facts["no_answer"] == "refused by its owner"
    assert letter.trust["checks"][1]["detail"] == "p=reject at dla.example"


def test_no_mail_goes_to_a_refused_sender_when_an_officer_registers_it(house: House, mail: Mails):
    """The address is most likely somebody's who wrote nothing."""
    outcome = house.one(mail(sender="nid@gmail.example", trust=REFUSED))
    with house.database.write() as session:
        accept(session, house.desk, outcome.letter_id, OFFICER)

    assert len(house.received()) == 1
    assert house.acknowledged() == house.acknowledged("arrived") == []
    assert house.jobs(outbox.Kind.ACKNOWLEDGEMENT) == []


def test_a_look_alike_is_marked_in_the_book_when_an_officer_registers_it(house: House, mail: Mails):
    trust = Trust(Means.DKIM, domain="d1a.example")
    outcome = house.one(mail(sender="saraban@d1a.example", trust=trust))
    with house.database.write() as session:
        accept(session, house.desk, outcome.letter_id, OFFICER)

    (entry,) = house.received()
    assert "d1a.example คล้ายกับ dla.example" in entry.note


def test_an_own_domain_of_an_agency_is_never_called_a_look_alike(house: House, mail: Mails):
    """Town and Phrae may have domains as close as they like."""
    reason = why(house, mail(sender="someone@town.example"))

    assert "คล้ายกับ" not in reason
