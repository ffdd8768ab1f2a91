"""What waits to be mailed says nothing of a letter that was found secret; freed, it says it all."""

import json
from datetime import datetime

from registry import once, outbox
from registry.clock import BANGKOK
from registry.desk import found_secret, free_secret
from registry.desk.digest import send_due_digests
from registry.desk.pass_on import pass_on
from registry.models.outgoing import OutboxRow
from registry.outbox import Kind
from tests.registry.desk.conftest import NOBODY, OFFICER, SECRET_OFFICER, House
from tests.registry.desk.secret_house import CANARY, GRADE, lay, letter_of


def hide(house: House, letter_id: str | None) -> None:
    assert letter_id is not None
    with house.database.write() as session:
        found_secret.hide(session, house.desk, letter_id, OFFICER, GRADE)


def said(house: House) -> str:
    """All that waits to be mailed."""
    jobs = [one for one in house.rows(OutboxRow) if one.state not in {"sent", "withdrawn"}]
    return json.dumps([one.facts for one in jobs], ensure_ascii=False)


def test_a_digest_that_has_not_left_loses_the_line_and_keeps_the_others(house, mail, clock):
    first = house.one(mail(trust=NOBODY, subject=f"ขอคัด {CANARY}"))
    house.one(mail(trust=NOBODY, subject="ขอคัดสำเนา"))
    clock.set(datetime(2025, 10, 3, 13, 30, tzinfo=BANGKOK))
    with house.database.write() as session:
        assert send_due_digests(session, house.desk, house.clock.now())
    assert CANARY in said(house)
    hide(house, first.letter_id)
    assert CANARY not in said(house)
    assert "ขอคัดสำเนา" in said(house)


def test_an_answer_that_is_kept_to_be_asked_for_again_leads_there_and_says_nothing(house, mail):
    """As the counter keeps it: where to go on, with the sender for the next paper."""
    entry_id = lay(house, mail)
    kept = json.dumps({"where": f"/counter/{entry_id}?sender={CANARY}&way=post", "text": "เสร็จ"})
    with house.database.write() as session:
        once.claim(session, "officer:1", "key", house.clock.now())
        once.answer(session, "officer:1", "key", 303, kept)
    hide(house, letter_of(house, entry_id))
    with house.database.write() as session:
        again = once.claim(session, "officer:1", "key", house.clock.now())
    assert again is not None
    assert json.loads(again.response) == {"where": f"/counter/{entry_id}", "text": "เสร็จ"}


def test_words_to_a_unit_are_struck_and_come_back_when_the_letter_is_freed(house, mail):
    entry_id = lay(house, mail)
    with house.database.write() as session:
        pass_on(session, house.desk, entry_id, OFFICER, "local", f"ดู {CANARY}")
    assert CANARY in said(house)
    letter_id = letter_of(house, entry_id)
    hide(house, letter_id)
    assert CANARY not in json.dumps(
        [one.facts for one in house.jobs(Kind.COPY)], ensure_ascii=False
    )
    with house.database.write() as session:
        free_secret.free(session, house.desk, letter_id, SECRET_OFFICER, "ไม่ใช่ตรา")
    assert CANARY in said(house)


def test_words_to_a_superior_come_back_when_the_letter_is_freed(house, mail):
    entry_id = lay(house, mail)
    with house.database.write() as session:
        outbox.enqueue(
            session, house.desk, Kind.COPY, house.phrae.id, "governor@phrae.example",
            entry_id=entry_id, letter_id=letter_of(house, entry_id), facts={"words": CANARY},
        )  # fmt: skip
    hide(house, letter_of(house, entry_id))
    assert CANARY not in said(house)
    with house.database.write() as session:
        free_secret.free(session, house.desk, letter_of(house, entry_id), SECRET_OFFICER, "ไม่ใช่ตรา")
    assert CANARY in said(house)
