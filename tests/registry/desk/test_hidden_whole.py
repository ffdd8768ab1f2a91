"""What is hidden is hidden wherever it stands, and what is freed is as it was."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry import entries, links, outbox
from registry.desk import found_secret, free_secret, hold, move_secret
from registry.desk.addressees import Addressee
from registry.desk.secret_number import reserve_secret
from registry.desk.send import send
from registry.errors import Conflict
from registry.models.letters import LetterRow
from registry.models.outgoing import AttemptRow, LinkRow, OutboxRow
from registry.search import index
from registry.search.find import Total
from registry.search.query import search
from registry.search.terms import Reader
from tests.registry.desk.conftest import (
    DLA,
    LOCAL_BOX,
    OFFICER,
    PHRAE,
    SECRET_OFFICER,
    TOWN,
    House,
    Mails,
    pdf,
    sha,
)
from tests.registry.desk.secret_house import CANARY, GRADE, lay, letter_of, move, proven


@pytest.fixture
def registered(house: House, mail: Mails) -> str:
    """A registered letter full of the canary."""
    return lay(house, mail)


def hide(house: House) -> list[str]:
    """Let the system find a marking on the paper of the letter."""
    with house.database.write() as session:
        return found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), GRADE)


def free(house: House, letter_id: str) -> None:
    """Let the officer of secret letters say that there is none."""
    with house.database.write() as session:
        free_secret.free(session, house.desk, letter_id, SECRET_OFFICER, "เป็นคำว่ากลับ")


def shown(house: House, entry_id: str) -> str:
    """What a line says to who is not cleared."""
    with house.database.read() as session:
        return repr(entries.get(session, entry_id))


def test_the_line_of_a_voided_number_hides_what_it_says_too(house, registered):
    with house.database.write() as session:
        entries.void(session, registered, OFFICER, f"ลงซ้ำ {CANARY}", at=house.clock.now())
    assert CANARY in shown(house, registered)
    hide(house)
    assert CANARY not in shown(house, registered)
    assert house.entry(registered).state == "void"
    assert proven(house) == []


def test_the_number_that_a_draft_holds_hides_what_it_says_too(house):
    sent = house.sent([DLA])
    with house.database.write() as session:
        session.scalars(select(OutboxRow)).one().state = "queued"
        entries.amend(session, sent.id, OFFICER, "", at=house.clock.now(), subject=CANARY)
    with house.database.write() as session:
        hold.undo(session, house.desk, sent.id, OFFICER)
    assert CANARY in shown(house, sent.id)
    with house.database.write() as session:
        found_secret.hide(session, house.desk, sent.letter_id, OFFICER, GRADE)
    assert house.letter(sent.letter_id).state == "returned"
    assert CANARY not in shown(house, sent.id)
    assert proven(house) == []


def test_pages_that_hiding_closed_open_again_with_what_was_freed(house, registered):
    letter_id, at = letter_of(house, registered), house.clock.now()
    with house.database.write() as session:
        for address in (LOCAL_BOX, "left@phrae.example"):
            links.ensure(
                session, house.desk.keys, letter_id, house.phrae.id, address, "", "download", at,
                timedelta(days=9),
            )  # fmt: skip
        gone = session.scalars(select(LinkRow).where(LinkRow.to_address != LOCAL_BOX)).one()
        links.revoke(session, gone.id, at=at, by=OFFICER)
    hide(house)
    free(house, letter_id)
    with house.database.read() as session:
        state = {one.to_address: one.state for one in links.pages_of(session, letter_id, at)}
    assert state == {LOCAL_BOX: "open", "left@phrae.example": "revoked"}


def test_what_came_about_a_letter_opens_with_it_again(house, registered):
    with house.database.write() as session:
        about = {"entity_id": house.phrae.id, "direction": "in", "related_entry_id": registered}
        for name, secrecy in (("a", None), ("b", "ลับมาก")):
            session.add(
                LetterRow(
                    id=name * 16, state="duplicate", accepted_at=house.clock.now(),
                    secrecy=secrecy, **about,
                )
            )  # fmt: skip
    (letter_id,) = hide(house)
    assert house.letter("a" * 16).secrecy == "ลับ"
    free(house, letter_id)
    assert house.letter("a" * 16).secrecy is None
    assert house.letter("b" * 16).secrecy == "ลับมาก"


def test_copies_that_an_officer_held_are_held_again(house, registered):
    first, *_ = house.jobs(outbox.Kind.COPY)
    with house.database.write() as session:
        outbox.hold(session, first.id)
    (letter_id,) = hide(house)
    free(house, letter_id)
    states = [job.state for job in house.jobs(outbox.Kind.COPY)]
    assert states == ["withdrawn", "held"]


def test_a_copy_that_was_on_its_way_and_came_back_goes_again_when_it_is_freed(house, registered):
    first, *_ = house.jobs(outbox.Kind.COPY)
    with house.database.write() as session:
        session.get_one(OutboxRow, first.id).state = "sending"
    (letter_id,) = hide(house)
    with house.database.write() as session:
        outbox.failed(session, first.id, None, at=house.clock.now())
    free(house, letter_id)
    assert [job.state for job in house.jobs(outbox.Kind.COPY)] == ["failed", "queued"]


def test_who_may_have_a_copy_is_named_though_no_server_said_so(house, registered):
    first, *_ = house.jobs(outbox.Kind.COPY)
    with house.database.write() as session:
        session.add(AttemptRow(job_id=first.id, started_at=house.clock.now()))
    moved = move(house, registered)
    assert [one.who for one in moved.holders] == [first.to_address]


def test_the_copy_of_another_entity_of_this_house_is_hidden_in_the_order_of_entities(house, mail):
    """Letters by their entity: heads of journals are held in one order by everybody."""
    later = house.one(mail(recipients=(TOWN,), parts=[pdf()]))
    sooner = house.one(mail(recipients=(PHRAE,), parts=[pdf()]))
    assert hide(house) == [sooner.letter_id, later.letter_id]


def test_a_move_of_what_was_hidden_leaves_no_page_open(house, registered):
    letter_id = letter_of(house, registered)
    hide(house)
    with house.database.write() as session:
        move_secret.move(session, house.desk, letter_id, SECRET_OFFICER, GRADE, "ตรา")
    assert all(row.revoked_at for row in house.rows(LinkRow))
    assert proven(house) == []


@pytest.mark.parametrize("line", [CANARY, f"{CANARY[:8]}ก{CANARY[9:]}", "รับ 2/2568"])
def test_search_says_nothing_of_it_before_the_index_has_followed(house, registered, line):
    reader = Reader(frozenset({house.phrae.id}))
    with house.database.read() as session:
        before = search(session, line, reader)
        assert before.hits or before.offers
    hide(house)
    with house.database.read() as session:
        page = search(session, line, reader)
    assert (page.hits, page.total, page.offers) == ((), Total(0), ())


def test_the_total_leaves_it_out_also_where_it_would_stand_on_a_later_page(house, registered, mail):
    """The secret one is the oldest, and pages begin with the newest."""
    for _ in range(4):
        house.one(mail(subject=f"เรื่อง {CANARY}"))
    with house.database.write() as session:
        index.write(session, index.gather(session, 200))
    reader = Reader(frozenset({house.phrae.id}))
    with house.database.read() as session:
        assert search(session, CANARY, reader, limit=2).total == Total(5)
    hide(house)
    with house.database.read() as session:
        page = search(session, CANARY, reader, limit=2)
        assert (len(page.hits), page.total) == (2, Total(4))
        assert index.lag(session).waiting


def test_a_number_reserved_for_a_secret_letter_is_given_to_no_mail(house):
    draft = LetterRow(
        id="d" * 16, entity_id=house.phrae.id, direction="out", state="draft", subject="เรื่อง",
        accepted_at=house.clock.now(), facts={"addressees": [Addressee(DLA, "กรม").as_fact()]},
    )  # fmt: skip
    with house.database.write() as session:
        session.add(draft)
        made = reserve_secret(session, house.desk, house.phrae, SECRET_OFFICER, GRADE)
        session.flush()
        with pytest.raises(Conflict):
            send(session, house.desk, draft.id, OFFICER, entry_id=made.id)
